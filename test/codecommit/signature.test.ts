import { type BinaryLike, createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@aws-sdk/signature-v4'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHost } from '../../src/codecommit/host.ts'
import { passwordFor, timeOfPassword, usernameFor } from '../../src/codecommit/signature.ts'
import { run } from '../support/programs.ts'

function hostOf(name: string) {
  const host = parseHost(name)
  if (!host) throw new Error(`${name} is one of ours`)
  return host
}

const keys = { accessKeyId: 'access', secretAccessKey: 'secret' }

/** node:crypto in the form that AWS's signer asks for. */
class NodesHash {
  readonly #hash: Hash | Hmac

  constructor(key?: BinaryLike) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key)
  }

  update(data: BinaryLike): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

test('the golden password of the AWS CLI', async () => {
  const host = hostOf('git-codecommit.us-west-2.amazonaws.com')
  expect(passwordFor(host, 'test_repo', keys, new Date('2017-12-24T11:53:20Z'))).toBe(
    '20171224T115320Zb6df2d758a8023b2f000a546417007b65494f3ce8ad0300fd45fcfa173f1959a',
  )
})

test('the token is no part of the signature, nor is the port of the host', async () => {
  const now = new Date('2024-02-29T23:59:59.999Z')
  const plain = passwordFor(hostOf('git-codecommit.us-east-1.amazonaws.com'), 'x', keys, now)
  expect(plain).toMatch(/^20240229T235959Z[0-9a-f]{64}$/)
  expect(passwordFor(hostOf('git-codecommit.us-east-1.amazonaws.com:443'), 'x', { ...keys, sessionToken: 't' }, now)).toBe(plain)
})

test('whatever the keys, the region, the name and the time: what AWS’s own signer makes of the same string', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('us-east-1', 'us-gov-west-1', 'ap-southeast-5'),
      fc.stringMatching(/^[\w.-]{1,100}$/),
      fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      async (secretAccessKey, region, repository, now) => {
        const host = `git-codecommit.${region}.amazonaws.com`
        const credentials = { accessKeyId: 'access', secretAccessKey }
        const signer = new SignatureV4({ service: 'codecommit', region, credentials, sha256: NodesHash as never })
        const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '')
        const digest = createHash('sha256').update(`GIT\n/v1/repos/${repository}\n\nhost:${host}\n\nhost\n`).digest('hex')
        const scope = `${time.slice(0, 8)}/${region}/codecommit/aws4_request`
        const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`
        const password = passwordFor(hostOf(host), repository, credentials, now)
        expect(password).toBe(`${time}Z${await signer.sign(text, { signingDate: now })}`)
      },
    ),
  )
})

test('the host is signed in lower case, however git has it', async () => {
  const now = new Date('2024-01-02T03:04:05Z')
  const name = 'git-codecommit.us-east-1.amazonaws.com'
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const digest = createHash('sha256').update(`GIT\n/v1/repos/x\n\nhost:${name}\n\nhost\n`).digest('hex')
  const parts = ['20240102', 'us-east-1', 'codecommit', 'aws4_request']
  const key = parts.reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n20240102T030405\n${parts.join('/')}\n${digest}`).toString('hex')
  expect(passwordFor(hostOf('GIT-CodeCommit.US-East-1.amazonaws.com'), 'x', keys, now)).toBe(`20240102T030405Z${signature}`)
})

test('the user name is the key id, with the token when there is one', () => {
  expect(usernameFor(keys)).toBe('access')
  expect(usernameFor({ ...keys, sessionToken: 'to/k+en==' })).toBe('access%to/k+en==')
})

describe('the time of a password', () => {
  const signature = 'a'.repeat(64)
  test.each([
    [`20171224T115320Z${signature}`, '2017-12-24T11:53:20.000Z'],
    [`20171224T115320Z${signature}a`, undefined],
    [`20171324T115320Z${signature}`, undefined],
    [`20171224T115320${signature}`, undefined],
    ['hunter2', undefined],
    ['', undefined],
  ])('%s', (password, time) => {
    expect(timeOfPassword(password)?.toISOString()).toBe(time)
  })

  test('is the time at which it was made, to the second', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        async (now) => {
          const password = passwordFor(hostOf('git-codecommit.us-east-1.amazonaws.com'), 'x', keys, now)
          expect(timeOfPassword(password)?.getTime()).toBe(Math.floor(now.getTime() / 1000) * 1000)
        },
      ),
      { numRuns: 20 },
    )
  })
})

const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' }
const aws = await run('aws', ['--version'], { env }).then(
  ({ code }) => code === 0,
  () => false,
)

describe.skipIf(!aws)('the AWS CLI, asked the same', () => {
  test.each([
    ['git-codecommit.us-east-1.amazonaws.com', 'demo', undefined],
    ['git-codecommit.eu-central-1.amazonaws.com', 'A.b_c-9', 'short'],
    ['git-codecommit.us-east-1.amazonaws.com:443', 'demo', 'to/k+en=='],
    ['git-codecommit-fips.us-gov-west-1.amazonaws.com', 'demo', 't'.repeat(1500)],
    ['git-codecommit.cn-north-1.amazonaws.com.cn', 'demo', 'token'],
    ['vpce-0a1b2c-3d4e.git-codecommit.eu-west-1.vpce.amazonaws.com', 'demo', 'token'],
    ['vpce-0a1b2c.git-codecommit-fips.us-west-2.vpce.amazonaws.com', 'x', 'token'],
  ])('%s %s', async (name, repository, sessionToken) => {
    const session = { accessKeyId: 'ASIAEXAMPLEEXAMPLE12', secretAccessKey: 'wJalr/K7MDENG+bPxRfiCY', sessionToken }
    const { stdout, stderr } = await run('aws', ['codecommit', 'credential-helper', 'get'], {
      env: {
        ...env,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }),
      },
      input: `protocol=https\nhost=${name}\npath=v1/repos/${repository}\n`,
    })
    const theirs = /^password=(.*)$/m.exec(stdout)?.[1] ?? stderr
    const time = timeOfPassword(theirs)
    expect(time, theirs).toBeDefined()
    expect(passwordFor(hostOf(name), repository, session, time ?? new Date())).toBe(theirs)
    expect(stdout).toContain(`username=${usernameFor(session)}\n`)
  })
})
