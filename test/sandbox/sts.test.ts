import { AssumeRoleCommand, AssumeRoleWithSAMLCommand, GetCallerIdentityCommand, STSServiceException } from '@aws-sdk/client-sts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createAuthority, createSigner } from '../../src/sandbox/certificates.ts'
import { type SandboxRole, sandboxRoles } from '../../src/sandbox/cloud.ts'
import { CredentialStore } from '../../src/sandbox/credentials.ts'
import type { NewEvent } from '../../src/sandbox/events.ts'
import { type AssertionRequest, samlResponseOf } from '../../src/sandbox/portal/assertion.ts'
import { startSts } from '../../src/sandbox/sts/sts.ts'
import { type Keys, stsClient } from './visitor.ts'

const issuer = 'http://adfs.corp.example/adfs/services/trust'
const authority = await createAuthority()
const tls = await authority.issue(['127.0.0.1'])
const signer = await createSigner('the portal')
const stranger = await createSigner('a stranger')

async function startTestSts(now = new Date()) {
  const store = new CredentialStore()
  const events: NewEvent[] = []
  const clock = { now }
  const roles: SandboxRole[] = Object.values(sandboxRoles)
  const state = { roles, store, trusted: { issuer, certificate: signer.chain }, now: () => clock.now }
  const server = await startSts(state, tls, (event) => events.push(event))
  onTestFinished(() => server.close())
  const client = (keys?: Keys) => stsClient(`https://127.0.0.1:${server.port}`, authority.certificate, keys)
  return { client, store, clock, events, url: `https://127.0.0.1:${server.port}` }
}

function assertionOf(more: Partial<AssertionRequest> = {}): Promise<string> {
  return samlResponseOf({
    issuer,
    signer,
    now: new Date(),
    roles: Object.values(sandboxRoles),
    sessionName: 'jane@corp.example',
    nameId: 'jane',
    recipient: 'https://signin.aws.amazon.com/saml',
    ...more,
  })
}

const { dev } = sandboxRoles

function exchange(samlResponse: string, more: { RoleArn?: string; PrincipalArn?: string; DurationSeconds?: number } = {}) {
  return new AssumeRoleWithSAMLCommand({ RoleArn: dev.arn, PrincipalArn: dev.provider, SAMLAssertion: samlResponse, ...more })
}

/** `STATUS CODE: MESSAGE` of what AWS's client throws. */
async function refusalOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => new Error('was not refused'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof STSServiceException)) throw error
  // The client names this one after the shape of its model; AWS's own code is shorter.
  const code = error.name === 'InvalidIdentityTokenException' ? 'InvalidIdentityToken' : error.name
  return `${error.$metadata.httpStatusCode} ${code}: ${error.message}`
}

const edited = (base64: string, edit: (xml: string) => string) =>
  Buffer.from(edit(Buffer.from(base64, 'base64').toString())).toString('base64')

describe('AssumeRoleWithSAML', () => {
  test('a good assertion → credentials of the role', async () => {
    const { client, store, events } = await startTestSts()
    const answer = await client().send(exchange(await assertionOf(), { DurationSeconds: 28_800 }))
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/Dev/jane@corp.example')
    expect(answer.Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(answer.Credentials?.SessionToken).toMatch(/\+.*\/|\/.*\+/)
    expect(answer.Issuer).toBe(issuer)
    expect(answer.Subject).toBe('jane')
    expect(answer.SubjectType).toBe('persistent')
    expect(answer.Audience).toBe('https://signin.aws.amazon.com/saml')
    const issued = store.find(answer.Credentials?.AccessKeyId ?? '')
    expect(Math.round(((issued?.expires ?? 0) - Date.now()) / 1000)).toBeGreaterThan(28_700)
    expect(events).toMatchObject([{ server: 'sts', what: 'AssumeRoleWithSAML', status: 200 }])
    expect(JSON.stringify(events)).not.toContain(answer.Credentials?.SecretAccessKey)
  })

  test('a role with a path → a session that is named without', async () => {
    const { client } = await startTestSts()
    const { arn, provider } = sandboxRoles.readonly
    const answer = await client().send(exchange(await assertionOf(), { RoleArn: arn, PrincipalArn: provider }))
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111122223333:assumed-role/ReadOnly/jane@corp.example')
  })

  test('the same assertion twice, for two roles → both', async () => {
    const { client } = await startTestSts()
    const assertion = await assertionOf()
    await client().send(exchange(assertion))
    const { arn, provider } = sandboxRoles.support
    await client().send(exchange(assertion, { RoleArn: arn, PrincipalArn: provider }))
  })

  const minutes = (count: number) => new Date(Date.now() + count * 60_000)

  test.each<[string, string, () => Promise<string>, Parameters<typeof exchange>[1]?]>([
    ['no base64', '400 InvalidIdentityToken: Invalid base64 SAMLResponse', async () => '%%%%'],
    ['base64 of no XML', '400 InvalidIdentityToken: Response signature invalid', async () => 'AAAA'],
    ['signed by a stranger', '400 InvalidIdentityToken: Response signature invalid', () => assertionOf({ signer: stranger })],
    [
      'another role written in after signing',
      '400 InvalidIdentityToken: Response signature invalid',
      async () =>
        edited(await assertionOf({ roles: [sandboxRoles.readonly] }), (xml) => xml.replaceAll('role/audit/ReadOnly', 'role/Dev')),
    ],
    [
      'without its signature',
      '400 InvalidIdentityToken: Response signature invalid',
      async () => edited(await assertionOf(), (xml) => xml.replace(/<ds:Signature.*<\/ds:Signature>/s, '')),
    ],
    [
      'a forged assertion before the signed one',
      '400 InvalidIdentityToken: Response signature invalid',
      async () =>
        edited(await assertionOf(), (xml) => {
          const forged = /<Assertion .*<\/Assertion>/s.exec(xml)?.[0].replace(/<ds:Signature.*<\/ds:Signature>/s, '') ?? ''
          return xml.replace('<Assertion ', `${forged.replace(/ID="[^"]*"/, 'ID="_forged"')}<Assertion `)
        }),
    ],
    [
      'the signed assertion wrapped into a forged one',
      '400 InvalidIdentityToken: Response signature invalid',
      async () =>
        edited(await assertionOf(), (xml) => {
          const signed = /<Assertion .*<\/Assertion>/s.exec(xml)?.[0] ?? ''
          const forged = signed.replace(/<ds:Signature.*<\/ds:Signature>/s, `<Wrapped>${signed}</Wrapped>`)
          return xml.replace(signed, forged.replace(/ID="[^"]*"/, 'ID="_forged"'))
        }),
    ],
    [
      'the signed assertion moved away, a forged one of its ID in its place, with its signature',
      '400 InvalidIdentityToken: Response signature invalid',
      async () =>
        edited(await assertionOf({ roles: [sandboxRoles.readonly] }), (xml) => {
          const signed = /<Assertion .*<\/Assertion>/s.exec(xml)?.[0] ?? ''
          const forged = signed.replaceAll('role/audit/ReadOnly', 'role/Dev')
          return xml.replace(signed, `<samlp:Extensions>${signed}</samlp:Extensions>${forged}`)
        }),
    ],
    [
      'the signature kept, the signed assertion inside it, a forged one around',
      '400 InvalidIdentityToken: Response signature invalid',
      async () =>
        edited(await assertionOf({ roles: [sandboxRoles.readonly] }), (xml) => {
          const signed = /<Assertion .*<\/Assertion>/s.exec(xml)?.[0] ?? ''
          const [signature = ''] = /<ds:Signature.*<\/ds:Signature>/s.exec(signed) ?? []
          const around = signature.replace(
            '</ds:Signature>',
            `<ds:Object>${signed.replace(signature, '')}</ds:Object></ds:Signature>`,
          )
          const forged = signed.replace(signature, around).replaceAll('role/audit/ReadOnly', 'role/Dev')
          return xml.replace(signed, forged.replace(/ID="[^"]*"/, 'ID="_forged"'))
        }),
    ],
    [
      'two assertions, both signed',
      '400 InvalidIdentityToken: Response signature invalid',
      async () => {
        const other = Buffer.from(await assertionOf(), 'base64').toString()
        const assertion = /<Assertion .*<\/Assertion>/s.exec(other)?.[0] ?? ''
        return edited(await assertionOf(), (xml) => xml.replace('</samlp:Response>', `${assertion}</samlp:Response>`))
      },
    ],
    [
      'a role cut short by a comment',
      '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML',
      async () =>
        edited(await assertionOf({ roles: [{ ...dev, arn: `${dev.arn}eloper` }] }), (xml) =>
          xml.replaceAll('role/Developer', 'role/Dev<!---->eloper'),
        ),
    ],
    [
      'a document type',
      '400 InvalidIdentityToken: Invalid SAMLResponse: document types are not allowed',
      async () => edited(await assertionOf(), (xml) => `<!DOCTYPE x [<!ENTITY y "z">]>${xml}`),
    ],
    [
      'another issuer',
      '400 InvalidIdentityToken: Issuer not present in specified provider',
      () => assertionOf({ issuer: 'http://other/' }),
    ],
    [
      'six minutes old',
      '400 ExpiredTokenException: Token must be redeemed within 5 minutes of issuance',
      () => assertionOf({ now: minutes(-6), lifetime: 3_600_000 }),
    ],
    ['ended', '400 ExpiredTokenException: Response has expired', () => assertionOf({ now: minutes(-2), lifetime: 60_000 })],
    ['of the far future', '400 InvalidIdentityToken: Response is not yet valid', () => assertionOf({ now: minutes(20) })],
    [
      'another audience',
      '400 InvalidIdentityToken: Response does not contain the required audience.',
      () => assertionOf({ audience: 'urn:example' }),
    ],
    [
      'another recipient',
      '400 InvalidIdentityToken: Response does not contain the required recipient.',
      () => assertionOf({ recipient: 'https://signin.aws.amazon.com.evil.com/saml' }),
    ],
    [
      'a session name with a blank',
      '400 InvalidIdentityToken: RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
      () => assertionOf({ sessionName: 'jane doe' }),
    ],
    [
      'a provider that does not exist',
      "400 InvalidIdentityToken: Specified provider doesn't exist",
      assertionOf,
      { PrincipalArn: 'arn:aws:iam::111122223333:saml-provider/Other' },
    ],
    [
      'a role that it does not offer',
      '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML',
      () => assertionOf({ roles: [sandboxRoles.readonly] }),
    ],
    [
      'a role of another provider',
      '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML',
      assertionOf,
      { RoleArn: sandboxRoles.support.arn },
    ],
    [
      'a role that trusts no provider, though offered',
      '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML',
      () => assertionOf({ roles: [{ ...sandboxRoles.deploy, provider: dev.provider }] }),
      { RoleArn: sandboxRoles.deploy.arn },
    ],
    [
      'longer than the role allows',
      '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      assertionOf,
      { DurationSeconds: 28_801 },
    ],
    [
      'shorter than 15 minutes',
      "400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      assertionOf,
      { DurationSeconds: 899 },
    ],
    [
      'longer than 12 hours',
      "400 ValidationError: 1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
      assertionOf,
      { DurationSeconds: 43_201 },
    ],
    [
      'longer than 100,000 characters',
      "400 ValidationError: 1 validation error detected: Value '***' at 'sAMLAssertion' failed to satisfy constraint: Member must have length less than or equal to 100000",
      async () => 'A'.repeat(100_004),
    ],
  ])('%s → %s', async (_title, expected, makeAssertion, more) => {
    const { client, events } = await startTestSts()
    expect(await refusalOf(client().send(exchange(await makeAssertion(), more)))).toBe(expected)
    expect(events).toHaveLength(1)
  })

  test('its time is the clock that was given', async () => {
    const { client, clock } = await startTestSts()
    const assertion = await assertionOf({ lifetime: 3_600_000 })
    clock.now = new Date(Date.now() + 4 * 60_000)
    await client().send(exchange(assertion))
    clock.now = new Date(Date.now() + 6 * 60_000)
    expect(await refusalOf(client().send(exchange(assertion)))).toContain('ExpiredTokenException')
  })
})

async function devSession() {
  const sts = await startTestSts()
  const { Credentials } = await sts.client().send(exchange(await assertionOf()))
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {}
  return { ...sts, keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken } }
}

describe('signed calls', () => {
  test('GetCallerIdentity → who', async () => {
    const { client, keys } = await devSession()
    const answer = await client(keys).send(new GetCallerIdentityCommand({}))
    expect(answer.Arn).toBe('arn:aws:sts::111122223333:assumed-role/Dev/jane@corp.example')
    expect(answer.Account).toBe('111122223333')
    expect(answer.UserId).toMatch(/^AROA[A-Z2-7]{17}:jane@corp\.example$/)
  })

  const mismatch =
    '403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
  const unknown = '403 InvalidClientTokenId: The security token included in the request is invalid.'
  test.each<[string, (keys: Keys) => Keys, string]>([
    ['another secret', (keys) => ({ ...keys, secretAccessKey: `${keys.secretAccessKey.slice(1)}A` }), mismatch],
    ['another token', (keys) => ({ ...keys, sessionToken: `${keys.sessionToken}A` }), unknown],
    ['no token', (keys) => ({ ...keys, sessionToken: '' }), unknown],
    ['an unknown key', (keys) => ({ ...keys, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' }), unknown],
  ])('%s → %s', async (_title, spoil, expected) => {
    const { client, keys } = await devSession()
    expect(await refusalOf(client(spoil(keys)).send(new GetCallerIdentityCommand({})))).toContain(expected.slice(0, 60))
  })

  interface Wire {
    method: string
    path: string
    body: string
    query: Record<string, string>
    headers: Record<string, string>
  }
  const inAuthorization = (from: string, to: string) => (sent: Wire) => {
    sent.headers.authorization = sent.headers.authorization?.replace(from, to) ?? ''
  }
  test.each<[string, (sent: Wire) => void, string]>([
    [
      'the role in the body',
      (sent) => {
        sent.body = sent.body.replace('role%2FDeploy', 'role%2FWriter')
      },
      'The request signature we calculated does not match',
    ],
    [
      'the path',
      (sent) => {
        sent.path = '/other'
      },
      'The request signature we calculated does not match',
    ],
    [
      'a query',
      (sent) => {
        sent.query = { x: '1' }
      },
      'The request signature we calculated does not match',
    ],
    [
      'the time',
      (sent) => {
        const date = sent.headers['x-amz-date'] ?? ''
        sent.headers['x-amz-date'] = date.replace(/\dZ$/, (end) => `${(Number(end[0]) + 1) % 10}Z`)
      },
      'The request signature we calculated does not match',
    ],
    [
      'another header of AWS, not signed',
      (sent) => {
        sent.headers['x-amz-other'] = 'x'
      },
      "'x-amz-other' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    ['the token not signed', inAuthorization(';x-amz-security-token', ''), "'x-amz-security-token' must be a 'SignedHeader'"],
    ['the region', inAuthorization('us-east-1', 'eu-west-1'), 'The request signature we calculated does not match'],
    ['the service', inAuthorization('/sts/', '/iam/'), "Credential should be scoped to correct service: 'sts'"],
  ])('%s changed after signing → SignatureDoesNotMatch', async (_title, change, words) => {
    const { client, keys } = await devSession()
    const asking = client(keys)
    asking.middlewareStack.add(
      (next) => (args) => {
        change(args.request as Wire)
        return next(args)
      },
      // The first step after signing.
      { step: 'deserialize', priority: 'low' },
    )
    const call = new AssumeRoleCommand({ RoleArn: sandboxRoles.deploy.arn, RoleSessionName: 'jane' })
    expect(await refusalOf(asking.send(call))).toContain(`403 SignatureDoesNotMatch: ${words}`)
  })

  test('ended → ExpiredToken', async () => {
    const { client, keys, store, clock } = await devSession()
    expect(store.expireAll(clock.now.getTime())).toBe(1)
    expect(await refusalOf(client(keys).send(new GetCallerIdentityCommand({})))).toBe(
      '403 ExpiredToken: The security token included in the request is expired',
    )
  })

  test.each([
    [16, 'Signature expired'],
    [-16, 'Signature not yet current'],
  ])('the clock of STS %d minutes ahead → SignatureDoesNotMatch: %s', async (ahead, words) => {
    const { client, keys, clock } = await devSession()
    clock.now = new Date(Date.now() + ahead * 60_000)
    expect(await refusalOf(client(keys).send(new GetCallerIdentityCommand({})))).toContain(`403 SignatureDoesNotMatch: ${words}`)
  })

  test.each([
    ['Action=GetCallerIdentity&Version=2011-06-15', 403, 'MissingAuthenticationToken'],
    ['Action=GetCallerIdentity&Version=2010-01-01', 400, 'InvalidAction'],
    ['Action=Nothing&Version=2011-06-15', 400, 'InvalidAction'],
    ['Version=2011-06-15', 400, 'MissingAction'],
  ])('unsigned, %s → %d %s', async (body, status, code) => {
    const { url } = await startTestSts()
    const { request } = await import('node:https')
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const sent = request(url, { method: 'POST', ca: authority.certificate, headers }, async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve({ status: response.statusCode, text })
      })
      sent.on('error', reject)
      sent.end(body)
    })
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(`<Code>${code}</Code>`)
  })
})

describe('AssumeRole', () => {
  const deploy = { RoleArn: sandboxRoles.deploy.arn, RoleSessionName: 'jane@corp.example' }

  test('a role that trusts the caller’s → its session', async () => {
    const { client, keys } = await devSession()
    const answer = await client(keys).send(new AssumeRoleCommand({ ...deploy, DurationSeconds: 3600 }))
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::444455556666:assumed-role/Deploy/jane@corp.example')
  })

  test.each<[string, Partial<ConstructorParameters<typeof AssumeRoleCommand>[0]>, string]>([
    [
      'a role that does not trust it',
      { RoleArn: sandboxRoles.readonly.arn },
      `403 AccessDenied: User: arn:aws:sts::111122223333:assumed-role/Dev/jane@corp.example is not authorized to perform: sts:AssumeRole on resource: ${sandboxRoles.readonly.arn}`,
    ],
    [
      'more than an hour',
      { DurationSeconds: 3601 },
      '400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ],
    ['a session name with a blank', { RoleSessionName: 'a b' }, '400 ValidationError: 1 validation error detected'],
  ])('%s → refused', async (_title, more, expected) => {
    const { client, keys } = await devSession()
    expect(await refusalOf(client(keys).send(new AssumeRoleCommand({ ...deploy, ...more })))).toContain(expected)
  })
})
