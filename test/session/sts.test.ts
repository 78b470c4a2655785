import { writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AwsfedError } from '../../src/base/errors.ts'
import { listen } from '../../src/sandbox/server.ts'
import { assumeRole, assumeRoleWithSaml, callerIdentity } from '../../src/session/sts.ts'
import { stsEndpoint, stsRegion } from '../../src/session/stsEndpoint.ts'
import { bundledScript } from '../support/bundle.ts'
import { run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { assumedXml, errorXml, provider, responseOf, role, startSts, type TestWorld, testWorld } from './support.ts'

const call = { region: 'eu-central-1', profile: 'dev' }
const saml = { role: role('Dev'), provider: provider(), samlResponse: responseOf([]), seconds: 3600 }
const keys = { accessKeyId: 'ASIASOURCE1234567890', secretAccessKey: 'source-secret', sessionToken: 'source-token' }

function worldFor(sts: { url: string; authority: string }, env: Record<string, string> = {}): TestWorld {
  const bundle = path.join(temporaryFolder(), 'ca.pem')
  writeFileSync(bundle, sts.authority)
  return testWorld({ AWS_ENDPOINT_URL_STS: sts.url, AWS_CA_BUNDLE: bundle, ...env })
}

async function failureOf(promise: Promise<unknown>): Promise<AwsfedError> {
  const error = await promise.then(
    () => new Error('it went well'),
    (reason: unknown) => reason,
  )
  if (error instanceof AwsfedError) return error
  throw error
}

describe('calls', () => {
  test('AssumeRoleWithSAML goes unsigned, with the form that STS documents', async () => {
    const sts = await startSts((asked) => assumedXml(asked, { expiration: '2026-03-02T10:00:00Z' }))
    expect(await assumeRoleWithSaml(worldFor(sts), call, saml)).toEqual({
      accessKeyId: 'ASIAEXAMPLE123456789',
      secretAccessKey: 'secret/of+the/session',
      sessionToken: 'token+of/the=session==',
      expiration: '2026-03-02T10:00:00.000Z',
      arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane',
      account: '123456789012',
    })
    expect(sts.asked).toHaveLength(1)
    expect(Object.fromEntries(sts.asked[0]?.form ?? [])).toEqual({
      Action: 'AssumeRoleWithSAML',
      Version: '2011-06-15',
      RoleArn: saml.role,
      PrincipalArn: saml.provider,
      SAMLAssertion: saml.samlResponse,
      DurationSeconds: '3600',
    })
    expect(sts.asked[0]?.headers.authorization).toBeUndefined()
  })

  test('AssumeRole is signed for the region with the keys given', async () => {
    const sts = await startSts((asked) => assumedXml(asked))
    const request = { role: role('Deploy', '210987654321'), sessionName: 'jane', seconds: 900 }
    expect(await assumeRole(worldFor(sts), call, keys, request)).toMatchObject({
      arn: 'arn:aws:sts::210987654321:assumed-role/Deploy/jane',
      account: '210987654321',
    })
    expect(sts.asked[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=ASIASOURCE1234567890\/\d{8}\/eu-central-1\/sts\/aws4_request,/,
    )
    expect(sts.asked[0]?.headers['x-amz-security-token']).toBe('source-token')
    expect(sts.asked[0]?.form.get('RoleSessionName')).toBe('jane')
  })

  test('GetCallerIdentity', async () => {
    const sts = await startSts(() => ({
      body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/Dev/jane</Arn><UserId>A:jane</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    }))
    expect(await callerIdentity(worldFor(sts), call, keys)).toEqual({
      arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane',
      account: '123456789012',
    })
  })

  test('AWS_ENDPOINT_URL stands in where AWS_ENDPOINT_URL_STS is not set', async () => {
    const sts = await startSts((asked) => assumedXml(asked))
    const world = worldFor(sts, { AWS_ENDPOINT_URL_STS: '', AWS_ENDPOINT_URL: sts.url })
    await assumeRoleWithSaml(world, call, saml)
    expect(sts.asked).toHaveLength(1)
  })

  test('server errors and throttling are tried again, a refusal is not', async () => {
    const sts = await startSts((asked, index) =>
      index === 0
        ? errorXml('InternalFailure', 'Sorry', 500)
        : index === 1
          ? errorXml('Throttling', 'Rate exceeded')
          : assumedXml(asked),
    )
    expect(await assumeRoleWithSaml(worldFor(sts), call, saml)).toHaveProperty('arn')
    expect(sts.asked).toHaveLength(3)

    const refusing = await startSts(() => errorXml('AccessDenied', 'Not authorized', 403))
    await failureOf(assumeRoleWithSaml(worldFor(refusing), call, saml))
    expect(refusing.asked).toHaveLength(1)
  })

  test('a call that is cancelled ends with the reason of its signal', async () => {
    const cancel = new AbortController()
    const sts = await startSts(() => {
      cancel.abort(new AwsfedError('cancelled', 'Ctrl-C'))
      return 'never'
    })
    const error = await failureOf(assumeRoleWithSaml(worldFor(sts), { ...call, signal: cancel.signal }, saml))
    expect([error.kind, error.message]).toEqual(['cancelled', 'Ctrl-C'])
  })

  test('nothing of ~/.aws is read, and nothing is written to stderr', async () => {
    const sts = await startSts((asked) => assumedXml(asked))
    const world = worldFor(sts)
    const script = await bundledScript(`
      import fs from 'node:fs'
      import { syncBuiltinESMExports } from 'node:module'
      import { realWorld } from './src/base/world.ts'
      import { assumeRole, assumeRoleWithSaml } from './src/session/sts.ts'
      for (const [from, name] of [[fs, 'readFileSync'], [fs, 'readFile'], [fs.promises, 'readFile']] as const) {
        const read = from[name] as (...args: unknown[]) => unknown
        Object.assign(from, { [name]: (...args: unknown[]) => (process.stdout.write(args[0] + '\\n'), read(...args)) })
      }
      syncBuiltinESMExports()
      const call = ${JSON.stringify(call)}
      await assumeRoleWithSaml(realWorld(), call, ${JSON.stringify(saml)})
      await assumeRole(realWorld(), call, ${JSON.stringify(keys)}, { role: '${role('Deploy')}', sessionName: 'jane', seconds: 900 })
    `)
    const env = {
      ...world.env,
      AWS_PROFILE: 'there-is-none',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE123456789',
      AWS_SECRET_ACCESS_KEY: 'not-to-be-used',
      AWS_MAX_ATTEMPTS: 'no number',
    }
    const outcome = await run(process.execPath, [script], { env: scrubbedEnvironment(world.home, env) })
    // The certificates, once for all calls, are all that is read.
    expect(outcome).toEqual({ code: 0, stdout: `${world.env.AWS_CA_BUNDLE}\n`, stderr: '' })
    expect(sts.asked[1]?.headers.authorization).toContain(keys.accessKeyId)
  })
})

const meanings: readonly [code: string, words: string, status: number, kind: string, message: RegExp, hint: RegExp][] = [
  [
    'ExpiredTokenException',
    'Token must be redeemed within 5 minutes of issuance',
    400,
    'refused',
    /too old.*must be redeemed within 5/,
    /login -p dev --force.*clock/,
  ],
  ['ExpiredToken', 'Response has expired', 400, 'refused', /too old.*Response has expired/, /clock/],
  [
    'ExpiredToken',
    'The security token included in the request is expired',
    403,
    'refused',
    /session this one comes from has ended/,
    /awsfed login/,
  ],
  [
    'InvalidIdentityToken',
    "Specified provider doesn't exist",
    400,
    'refused',
    /does not know the SAML provider.*partition/,
    /\[profile.dev\]/,
  ],
  ['InvalidIdentityToken', 'Invalid base64 SAMLResponse', 400, 'refused', /does not accept the portal's claim/, /run the portal/],
  [
    'IDPRejectedClaim',
    'Your request included an invalid SAML assertion',
    403,
    'refused',
    /RoleSessionName, signature or audience/,
    /run the portal/,
  ],
  ['AccessDenied', 'User is not authorized to perform: sts:TagSession', 403, 'refused', /session tags/, /sts:TagSession/],
  ['AccessDenied', 'Not authorized to perform sts:SetSourceIdentity', 403, 'refused', /source identity/, /sts:SetSourceIdentity/],
  ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithSAML', 403, 'refused', /trust policy.*Not authorized/, /NameID/],
  [
    'RegionDisabledException',
    'STS is not activated in this region',
    403,
    'refused',
    /switched off in that region/,
    /another region/,
  ],
  ['PackedPolicyTooLarge', 'Packed size is 150%', 400, 'refused', /too large together/, /PrincipalTag/],
  ['MalformedPolicyDocument', 'Syntax errors in policy', 400, 'refused', /malformed/, /PrincipalTag/],
  ['ValidationError', '1 validation error detected', 400, 'refused', /part of the request wrong/, /role and provider/],
  [
    'InvalidClientTokenId',
    'The security token included in the request is invalid',
    403,
    'refused',
    /does not know the session/,
    /awsfed login/,
  ],
  ['SignatureDoesNotMatch', 'Signature expired', 403, 'refused', /clock of this machine/, /set the clock/],
  ['Throttling', 'Rate exceeded', 400, 'failed', /too many calls.*Rate exceeded/, /try again/],
  ['InternalFailure', 'Sorry', 500, 'failed', /could not answer.*Sorry/, /try again/],
  ['SomethingNew', 'Words of tomorrow', 400, 'refused', /AWS refused. AWS: Words of tomorrow \(SomethingNew\)/, /awsfed roles/],
]

describe('errors and their meaning', () => {
  test.each(meanings)('%s: %s', async (code, words, status, kind, message, hint) => {
    const sts = await startSts(() => errorXml(code, words, status))
    const error = await failureOf(assumeRoleWithSaml(worldFor(sts), call, saml))
    expect(error.kind).toBe(kind)
    expect(error.message).toMatch(message)
    expect(error.message).toContain(words)
    expect(error.hint).toMatch(hint)
  })

  test.each([
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    "1 validation error detected: Value '50000' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
  ])('%s', async (words) => {
    const sts = await startSts(() => errorXml('ValidationError', words))
    const answer = await assumeRoleWithSaml(worldFor(sts), call, saml)
    expect(answer).toMatchObject({ tooLong: { kind: 'refused', message: expect.stringContaining(words) } })
  })

  test("AWS's words are shown without secrets and control characters", async () => {
    const sts = await startSts(() => errorXml('AccessDenied', `no&#13; ${saml.samlResponse} way`, 403))
    const world = worldFor(sts)
    world.redactor.conceal(saml.samlResponse)
    const error = await failureOf(assumeRoleWithSaml(world, call, saml))
    expect(error.message).toContain('no\ufffd [redacted] way')
  })
})

test.each<[what: string, status: number, body: string]>([
  ['a page of HTML', 200, '<!DOCTYPE html><html><head><meta charset=utf-8><title>Sign in to the Wi-Fi</title></html>'],
  ['a page of a proxy', 403, '<html><body><h1>Blocked<br></h1></body></html>'],
  ['nothing', 200, ''],
  ['nothing, not found', 404, ''],
  ['plain text', 200, 'OK'],
  ['JSON', 200, '{"ok":true}'],
  ['an empty result', 200, '<AssumeRoleWithSAMLResponse><AssumeRoleWithSAMLResult/></AssumeRoleWithSAMLResponse>'],
])('%s (%i) is no answer of STS', async (_, status, body) => {
  const sts = await startSts(() => ({ status, body }))
  const error = await failureOf(assumeRoleWithSaml(worldFor(sts), call, saml))
  expect([error.kind, error.message]).toEqual([
    'failed',
    expect.stringMatching(/^localhost:\d+ answered what is no answer of STS/),
  ])
})

test('secret and token are of any length: AWS documents none', async () => {
  const sts = await startSts((asked) => assumedXml(asked, { secret: 's', token: 't' }))
  expect(await assumeRoleWithSaml(worldFor(sts), call, saml)).toMatchObject({ secretAccessKey: 's', sessionToken: 't' })
})

test.each<[what: string, more: Parameters<typeof assumedXml>[1]]>([
  ['a token with a line feed', { token: 'abcdefgh&#10;quit=1' }],
  ['a secret with a blank', { secret: 'abc defghij' }],
  ['a token that is not ASCII', { token: 'abcdefghé' }],
  ['an access key of another shape', { id: 'ASIA-EXAMPLE!12345' }],
  ['an ARN of a user', { arn: 'arn:aws:iam::123456789012:user/jane' }],
  ['an ARN with control characters', { arn: 'arn:aws:sts::123456789012:assumed-role/Dev/ja&#9;ne' }],
  ['no date', { expiration: 'tomorrow' }],
])('%s is not taken', async (_, more) => {
  const sts = await startSts((asked) => assumedXml(asked, more))
  const error = await failureOf(assumeRoleWithSaml(worldFor(sts), call, saml))
  expect([error.kind, error.message]).toEqual(['failed', expect.stringContaining('is no answer of STS')])
})

describe('the network', () => {
  test('a certificate of an unknown authority names AWS_CA_BUNDLE', async () => {
    const sts = await startSts((asked) => assumedXml(asked))
    const error = await failureOf(assumeRoleWithSaml(worldFor(sts, { AWS_CA_BUNDLE: '' }), call, saml))
    expect(error.message).toMatch(/^the certificate of localhost:\d+ is not trusted \(/)
    expect([error.kind, error.hint]).toEqual(['failed', expect.stringContaining('AWS_CA_BUNDLE')])
    expect(sts.asked).toHaveLength(0)
  })

  test('NODE_EXTRA_CA_CERTS counts beside AWS_CA_BUNDLE', async () => {
    const [sts, other] = await Promise.all([startSts((asked) => assumedXml(asked)), startSts(() => 'never')])
    const world = worldFor(other)
    const extra = worldFor(sts).env.AWS_CA_BUNDLE ?? ''
    await assumeRoleWithSaml(
      { ...world, env: { ...world.env, AWS_ENDPOINT_URL_STS: sts.url, NODE_EXTRA_CA_CERTS: extra } },
      call,
      saml,
    )
    expect(sts.asked).toHaveLength(1)
  })

  test('a host that hangs up', async () => {
    const sts = await startSts(() => 'hang up')
    const error = await failureOf(assumeRoleWithSaml(worldFor(sts), call, saml))
    expect([error.kind, error.message]).toEqual([
      'failed',
      expect.stringMatching(/^localhost:\d+ cannot be reached \(ECONNRESET\)$/),
    ])
    expect(sts.asked).toHaveLength(3)
  })

  test('a host that speaks plain HTTP', async () => {
    const { port, close } = await listen(http.createServer((_, response) => response.end('hello')))
    onTestFinished(close)
    const error = await failureOf(
      assumeRoleWithSaml(testWorld({ AWS_ENDPOINT_URL_STS: `https://127.0.0.1:${port}` }), call, saml),
    )
    expect([error.kind, error.message]).toEqual([
      'failed',
      expect.stringMatching(/ does not speak TLS as AWS does \((EPROTO|ERR_SSL_\w+)\)$/),
    ])
  })

  test.each([
    ['https://127.0.0.1:1', /^127.0.0.1:1 cannot be reached \(ECONNREFUSED\)$/],
    ['https://sts.awsfed.invalid', /^sts.awsfed.invalid has no address here \((ENOTFOUND|EAI_AGAIN)\)$/],
  ])('%s', async (url, message) => {
    const error = await failureOf(assumeRoleWithSaml(testWorld({ AWS_ENDPOINT_URL_STS: url }), call, saml))
    expect([error.kind, error.message, error.hint]).toEqual([
      'failed',
      expect.stringMatching(message),
      expect.stringContaining('AWS_ENDPOINT_URL_STS'),
    ])
  })

  test.each<[what: string, text: string | undefined, message: RegExp]>([
    ['a file that is not there', undefined, /^AWS_CA_BUNDLE names .*, which does not exist$/],
    ['a file that is no PEM', 'hello', /which holds no PEM certificate$/],
    [
      'a damaged certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /whose certificate 1 cannot be read$/,
    ],
  ])('AWS_CA_BUNDLE names %s', async (_, text, message) => {
    const bundle = path.join(temporaryFolder(), 'ca.pem')
    if (text !== undefined) writeFileSync(bundle, text)
    const world = testWorld({ AWS_ENDPOINT_URL_STS: 'https://127.0.0.1:1', AWS_CA_BUNDLE: bundle })
    const error = await failureOf(assumeRoleWithSaml(world, call, saml))
    expect([error.kind, error.message]).toEqual(['failed', expect.stringMatching(message)])
  })
})

describe('where STS is', () => {
  test.each<[partition: string, region: string | undefined, acs: string | undefined, expected: string]>([
    ['aws', undefined, undefined, 'us-east-1'],
    ['aws', undefined, 'https://signin.aws.amazon.com/saml', 'us-east-1'],
    ['aws', undefined, 'https://eu-central-1.signin.aws.amazon.com/saml', 'eu-central-1'],
    ['aws', 'eu-west-1', 'https://eu-central-1.signin.aws.amazon.com/saml', 'eu-west-1'],
    ['aws-cn', undefined, undefined, 'cn-north-1'],
    ['aws-cn', 'cn-northwest-1', undefined, 'cn-northwest-1'],
    ['aws-cn', 'eu-west-1', 'https://signin.amazonaws.cn/saml', 'cn-north-1'],
    ['aws-us-gov', 'us-east-1', 'https://us-gov-east-1.signin.amazonaws-us-gov.com/saml', 'us-gov-east-1'],
    ['aws-us-gov', undefined, 'https://eu-central-1.signin.aws.amazon.com/saml', 'us-gov-west-1'],
    ['aws-eusc', undefined, undefined, 'eusc-de-east-1'],
    ['aws-iso', 'us-iso-east-1', undefined, 'us-iso-east-1'],
  ])('role of %s, region %s, ACS %s: %s', (partition, region, acs, expected) => {
    expect(stsRegion(partition, region, acs)).toBe(expected)
  })

  test.each(['localhost:8443', 'ftp://sts.example.com', 'https://', 'sts.example.com', 'https://a b/'])(
    'endpoint %j is none',
    (url) => {
      expect(() => stsEndpoint(testWorld({ AWS_ENDPOINT_URL_STS: url }))).toThrow('AWS_ENDPOINT_URL_STS is not an http(s) URL')
    },
  )

  test.each([
    ['http://localhost:4566', 0],
    ['http://127.0.0.1:4566', 0],
    ['http://[::1]:4566', 0],
    ['https://sts.example.com', 0],
    ['http://sts.example.com', 1],
  ])('endpoint %s: %i warnings', (url, warnings) => {
    const world = testWorld({ AWS_ENDPOINT_URL_STS: url })
    expect(stsEndpoint(world)).toBe(url)
    expect(world.lines).toHaveLength(warnings)
  })
})
