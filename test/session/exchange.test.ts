import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { AwsfedError } from '../../src/base/errors.ts'
import type { Role } from '../../src/session/assertion.ts'
import { readSession, type Session } from '../../src/session/cache.ts'
import { durationsToTry } from '../../src/session/durations.ts'
import { assumeFromSource, exchangeAssertion } from '../../src/session/exchange.ts'
import { forgetChoice } from '../../src/session/roleChoice.ts'
import { summaryOf } from '../../src/session/summary.ts'
import { temporaryFolder } from '../support/programs.ts'
import {
  type Asked,
  assumedXml,
  base64,
  errorXml,
  fixture,
  type LoopbackSts,
  pair,
  provider,
  responseOf,
  role,
  startSts,
  type TestWorld,
  testProfile,
  testWorld,
} from './support.ts'

const acs = 'https://signin.aws.amazon.com/saml'
const start = Date.parse('2026-03-02T09:00:00Z')
const day = 86_400_000

/** A world that calls this STS and whose clock stands at `clock.now`. */
function worldFor(sts: LoopbackSts, clock = { now: start }): TestWorld {
  const bundle = path.join(temporaryFolder(), 'ca.pem')
  writeFileSync(bundle, sts.authority)
  return testWorld({ AWS_ENDPOINT_URL_STS: sts.url, AWS_CA_BUNDLE: bundle }, () => new Date(clock.now))
}

/** An STS whose roles last `maximum()` seconds at most. */
function stsWithMaximum(maximum: () => number): Promise<LoopbackSts> {
  const tooLong = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
  return startSts((asked) =>
    Number(asked.form.get('DurationSeconds')) > maximum()
      ? errorXml('ValidationError', tooLong)
      : assumedXml(asked, { expiration: '2026-03-02T10:00:00Z' }),
  )
}

const asIs = (asked: Asked) => assumedXml(asked, { expiration: '2026-03-02T10:00:00Z' })

function nobodyChooses(): Promise<Role> {
  throw new AwsfedError('login-needed', 'nobody may be asked')
}

async function failureOf(promise: Promise<unknown>): Promise<AwsfedError> {
  const error = await promise.then(
    () => new Error('it went well'),
    (reason: unknown) => reason,
  )
  if (error instanceof AwsfedError) return error
  throw error
}

function exchange(
  world: TestWorld,
  pairs: readonly string[],
  profile = testProfile(),
  chooseRole: (roles: Role[]) => Promise<Role> = nobodyChooses,
): Promise<Session> {
  return exchangeAssertion(world, { profile, captured: { samlResponse: responseOf(pairs), acs }, chooseRole, via: 'headless' })
}

describe('exchangeAssertion', () => {
  test('keeps the session of the only role', async () => {
    const sts = await startSts(asIs)
    const world = worldFor(sts)
    const session = await exchange(world, [pair('team/Dev')])
    expect(session).toEqual({
      profile: 'dev',
      accessKeyId: 'ASIAEXAMPLE123456789',
      secretAccessKey: 'secret/of+the/session',
      sessionToken: 'token+of/the=session==',
      issued: '2026-03-02T09:00:00.000Z',
      expiration: '2026-03-02T10:00:00.000Z',
      arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane',
      account: '123456789012',
      role: role('team/Dev'),
      origin: 'corp',
      via: 'headless',
    })
    expect(readSession(world.paths, testProfile())).toEqual(session)
    expect(Object.keys(summaryOf(session))).toEqual(['profile', 'arn', 'account', 'expiration', 'via'])
    expect(sts.asked.map(({ form }) => form.get('DurationSeconds'))).toEqual(['3600'])
  })

  test('shows neither assertion nor session, whatever is said of them', async () => {
    const sts = await startSts(asIs)
    const world = worldFor(sts)
    const session = await exchange(world, [pair('Dev')])
    world.say(`${responseOf([pair('Dev')])} ${session.secretAccessKey} ${session.sessionToken}`)
    expect(world.lines.at(-1)).toBe('[redacted] [redacted] [redacted]')
    expect(world.lines.join('\n')).not.toMatch(/secret\/of|token\+of|PHA6UmVz/)
  })

  test('line breaks of the base64 do not go to STS', async () => {
    const sts = await startSts(asIs)
    const samlResponse = responseOf([pair('Dev')])
    const captured = { samlResponse: samlResponse.replace(/.{76}/g, '$&\r\n'), acs }
    await exchangeAssertion(worldFor(sts), { profile: testProfile(), captured, chooseRole: nobodyChooses, via: 'headless' })
    expect(sts.asked[0]?.form.get('SAMLAssertion')).toBe(samlResponse)
  })

  test('warns of a clock that is ahead', async () => {
    const sts = await startSts((asked) => assumedXml(asked, { expiration: '2026-03-02T08:59:59Z' }))
    const world = worldFor(sts)
    await exchange(world, [pair('Dev')])
    expect(world.lines).toContainEqual(expect.stringContaining('set the clock'))
  })

  test('a cancelled login writes nothing', async () => {
    const sts = await startSts(asIs)
    const world = worldFor(sts)
    const captured = { samlResponse: responseOf([pair('Dev')]), acs }
    const signal = AbortSignal.abort(new AwsfedError('cancelled', 'Ctrl-C'))
    const error = await failureOf(
      exchangeAssertion(world, { profile: testProfile(), captured, chooseRole: nobodyChooses, via: 'headless', signal }),
    )
    expect(error.kind).toBe('cancelled')
    expect(readSession(world.paths, testProfile())).toBeUndefined()
  })
})

describe('the role', () => {
  const offered = [pair('Dev'), pair('Ops'), pair('Dev', '210987654321')]

  test('of the configuration', async () => {
    const sts = await startSts(asIs)
    await exchange(worldFor(sts), offered, testProfile({ role: role('Ops') }))
    expect(sts.asked[0]?.form.get('RoleArn')).toBe(role('Ops'))
    expect(sts.asked[0]?.form.get('PrincipalArn')).toBe(provider())
  })

  test('of the configuration that is not offered', async () => {
    const sts = await startSts(asIs)
    const error = await failureOf(exchange(worldFor(sts), offered, testProfile({ role: role('Admin') })))
    expect([error.kind, error.message]).toEqual([
      'refused',
      `the portal does not offer ${role('Admin')}; it offers ${role('Dev')}, ${role('Ops')}, ${role('Dev', '210987654321')}`,
    ])
    expect(error.hint).toContain('awsfed roles')
    expect(sts.asked).toHaveLength(0)
  })

  test('by the provider of the configuration', async () => {
    const sts = await startSts(asIs)
    const other = 'arn:aws:iam::123456789012:saml-provider/Other'
    const two = [pair('Dev'), `${role('Dev')},${other}`]
    await exchange(worldFor(sts), two, testProfile({ role: role('Dev'), provider: other }))
    expect(sts.asked[0]?.form.get('PrincipalArn')).toBe(other)
    const error = await failureOf(exchange(worldFor(sts), [pair('Dev')], testProfile({ role: role('Dev'), provider: other })))
    expect(error.message).toContain(`does not offer ${role('Dev')} by ${other}; it offers ${role('Dev')} by ${provider()}`)
  })

  test('chosen once, then remembered, forgotten, and asked again when it is offered no more', async () => {
    const sts = await startSts(asIs)
    const world = worldFor(sts)
    const asked: string[][] = []
    const second = async (roles: Role[]) => {
      asked.push(roles.map(({ name }) => name))
      return roles[1] as Role
    }
    await exchange(world, offered, testProfile(), second)
    await exchange(world, offered, testProfile(), nobodyChooses)
    expect(asked).toEqual([['Dev', 'Ops', 'Dev']])
    await exchange(world, [pair('Dev'), pair('Admin')], testProfile(), second)
    expect(asked).toHaveLength(2)
    expect(forgetChoice(world.paths, 'dev')).toBe(true)
    expect(forgetChoice(world.paths, 'dev')).toBe(false)
    expect((await failureOf(exchange(world, offered))).kind).toBe('login-needed')
    expect(sts.asked.map(({ form }) => form.get('RoleArn'))).toEqual([role('Ops'), role('Ops'), role('Admin')])
  })

  test('a choice that AWS refuses is not remembered', async () => {
    const sts = await startSts(() => errorXml('AccessDenied', 'Not authorized', 403))
    const world = worldFor(sts)
    expect((await failureOf(exchange(world, offered, testProfile(), async (roles) => roles[0] as Role))).kind).toBe('refused')
    expect(forgetChoice(world.paths, 'dev')).toBe(false)
  })

  test('none offered', async () => {
    const sts = await startSts(asIs)
    const error = await failureOf(exchange(worldFor(sts), ['uma_authorization']))
    expect([error.kind, error.message]).toEqual(['refused', expect.stringContaining('offers no AWS role')])
  })

  test.each([
    [{}, 'role and provider'],
    [{ role: role('Dev') }, 'provider'],
    [{ provider: provider() }, 'role'],
  ])('of an encrypted assertion, with %j in the configuration: lacks %s', async (more, missing) => {
    const sts = await startSts(asIs)
    const captured = { samlResponse: base64(fixture('encrypted')), acs }
    const error = await failureOf(
      exchangeAssertion(worldFor(sts), { profile: testProfile(more), captured, chooseRole: nobodyChooses, via: 'headless' }),
    )
    expect([error.kind, error.message]).toEqual([
      'failed',
      expect.stringMatching(new RegExp(`\\[profile.dev\\] lacks ${missing}$`)),
    ])
  })

  test('of an encrypted assertion, named by the configuration', async () => {
    const sts = await startSts(asIs)
    const captured = { samlResponse: base64(fixture('encrypted')), acs }
    const profile = testProfile({ role: role('Dev'), provider: provider() })
    await exchangeAssertion(worldFor(sts), { profile, captured, chooseRole: nobodyChooses, via: 'headless' })
    expect(sts.asked[0]?.form.get('RoleArn')).toBe(role('Dev'))
  })
})

describe('the duration', () => {
  test.each<[wanted: number, refused: number | undefined, expected: number[]]>([
    [43_200, undefined, [43_200, 28_800, 14_400, 7200, 3600]],
    [28_800, undefined, [28_800, 14_400, 7200, 3600]],
    [20_000, undefined, [20_000, 14_400, 7200, 3600]],
    [3600, undefined, [3600]],
    [900, undefined, [900]],
    [43_200, 28_800, [14_400, 7200, 3600]],
    [43_200, 3601, [3600]],
    [28_800, 43_200, [28_800, 14_400, 7200, 3600]],
    // A refusal of the hour itself is not believed for ever: there must be something to try.
    [3600, 3600, [3600]],
    [900, 900, [900]],
  ])('%i s wanted, %s s known to be too long: %j', (wanted, refused, expected) => {
    expect(durationsToTry(wanted, refused)).toEqual(expected)
  })

  test('is stepped down on the same assertion, said once, remembered for the role, and tried again after a week', async () => {
    let maximum = 14_400
    const sts = await stsWithMaximum(() => maximum)
    const clock = { now: start }
    const world = worldFor(sts, clock)
    const profile = testProfile({ duration: 43_200 })
    const tried = async (name: string) => {
      const from = sts.asked.length
      await exchange(world, [pair(name)], profile)
      return sts.asked.slice(from).map(({ form }) => Number(form.get('DurationSeconds')))
    }
    expect(await tried('Dev')).toEqual([43_200, 28_800, 14_400])
    expect(new Set(sts.asked.map(({ form }) => form.get('SAMLAssertion'))).size).toBe(1)
    expect(world.lines.filter((line) => line.includes('allows less'))).toEqual([
      `${role('Dev')} allows less than 12h: the session is of 4h`,
    ])

    expect(await tried('Dev')).toEqual([14_400])
    expect(await tried('Ops')).toEqual([43_200, 28_800, 14_400])

    maximum = 7200
    expect(await tried('Dev')).toEqual([14_400, 7200])
    expect(await tried('Dev')).toEqual([7200])

    maximum = 43_200
    clock.now += 8 * day
    expect(await tried('Dev')).toEqual([43_200])
    expect(await tried('Dev')).toEqual([43_200])
    expect(world.lines.filter((line) => line.includes('allows less'))).toHaveLength(3)
  })

  test("ends with AWS's word when even the hour is too long", async () => {
    const sts = await stsWithMaximum(() => 0)
    const error = await failureOf(exchange(worldFor(sts), [pair('Dev')]))
    expect([error.kind, error.message]).toEqual(['refused', expect.stringContaining('MaxSessionDuration')])
  })
})

describe('assumeFromSource', () => {
  const source: Session = {
    profile: 'dev',
    accessKeyId: 'ASIASOURCE1234567890',
    secretAccessKey: 'source-secret',
    sessionToken: 'source-token',
    issued: '2026-03-02T09:00:00.000Z',
    expiration: '2026-03-02T17:00:00.000Z',
    arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane@example.com',
    account: '123456789012',
    role: role('Dev'),
    origin: 'corp',
    via: 'headless',
  }
  const deploy = testProfile({ name: 'deploy', portal: undefined, source: 'dev', role: role('Deploy', '210987654321') })

  test.each<[duration: number | undefined, asked: string]>([
    [undefined, '3600'],
    [28_800, '3600'],
    [900, '900'],
  ])('duration %s: asks for %s seconds, under the name of the source', async (duration, asked) => {
    const sts = await startSts(asIs)
    const world = worldFor(sts)
    const profile = { ...deploy, duration }
    const session = await assumeFromSource(world, { profile, source })
    expect(session).toMatchObject({
      profile: 'deploy',
      arn: 'arn:aws:sts::210987654321:assumed-role/Deploy/jane@example.com',
      role: deploy.role,
      origin: 'dev',
      via: 'source',
    })
    expect(readSession(world.paths, profile)).toEqual(session)
    expect(sts.asked[0]?.form.get('DurationSeconds')).toBe(asked)
    expect(sts.asked[0]?.headers.authorization).toContain('Credential=ASIASOURCE1234567890/')
  })
})

describe('write_to', () => {
  test('the shared credentials file gets the session', async () => {
    const sts = await startSts(asIs)
    const world = worldFor(sts)
    await exchange(world, [pair('Dev')], testProfile({ writeTo: 'default' }))
    const file = path.join(world.home, '.aws', 'credentials')
    expect(readFileSync(file, 'utf8')).toBe(
      '[default]\naws_access_key_id = ASIAEXAMPLE123456789\naws_secret_access_key = secret/of+the/session\naws_session_token = token+of/the=session==\n',
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('a file that cannot be written costs a warning, not the login', async () => {
    const sts = await startSts(asIs)
    const world = worldFor(sts)
    writeFileSync(path.join(world.home, '.aws'), 'a file where the folder should be')
    const session = await exchange(world, [pair('Dev')], testProfile({ writeTo: 'default' }))
    expect(readSession(world.paths, testProfile())).toEqual(session)
    expect(world.lines).toContainEqual(
      expect.stringMatching(/^warning: the session was not written to \[default\]: cannot write to /),
    )
  })
})
