import { spawnSync } from 'node:child_process'
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cgiHead, GitBackend } from '../../src/sandbox/codecommit/backend.ts'
import { isRepositoryName, Repositories } from '../../src/sandbox/codecommit/repositories.ts'
import { productionAccount, type Repository, type Sandbox, sandboxRoles, startSandbox } from '../../src/sandbox/index.ts'
import { run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { type Keys, keysOf } from './visitor.ts'

interface Signing {
  keys: Keys
  host: string
  region: string
  path: string
  at: Date
}

/** git's user and password as facts/git-credential.md tells them. */
function signed({ keys, host, region, path: target, at }: Signing): { user: string; password: string } {
  const timestamp = at.toISOString().replace(/[-:]/g, '').slice(0, 15)
  const scope = [timestamp.slice(0, 8), region, 'codecommit', 'aws4_request']
  const request = createHash('sha256').update(`GIT\n${target}\n\nhost:${host}\n\nhost\n`).digest('hex')
  const key = scope.reduce<string | Buffer>(
    (secret, word) => createHmac('sha256', secret).update(word).digest(),
    `AWS4${keys.secretAccessKey}`,
  )
  const text = `AWS4-HMAC-SHA256\n${timestamp}\n${scope.join('/')}\n${request}`
  return {
    user: `${keys.accessKeyId}%${keys.sessionToken}`,
    password: `${timestamp}Z${createHmac('sha256', key).update(text).digest('hex')}`,
  }
}

function signingFor(repository: Repository, keys: Keys): Signing {
  const { host, pathname } = new URL(repository.url)
  return { keys, host, region: repository.region, path: pathname, at: new Date() }
}

/** git with this `Authorization` on every request. */
function git(sandbox: Sandbox, args: string[], authorization?: string, cwd?: string) {
  const header = authorization === undefined ? {} : gitConfig({ 'http.extraHeader': `Authorization: ${authorization}` })
  const env = scrubbedEnvironment(sandbox.folder, { ...sandbox.environment, GIT_TERMINAL_PROMPT: '0', ...header })
  return run('git', args, { env, ...(cwd ? { cwd } : {}) })
}

function gitConfig(settings: Record<string, string>): Record<string, string> {
  const entries = Object.entries(settings).flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, name],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ])
  return Object.fromEntries([['GIT_CONFIG_COUNT', String(Object.keys(settings).length)], ...entries])
}

const basic = ({ user, password }: { user: string; password: string }) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

describe('with good credentials', () => {
  test('clone, push of 5 MB, fetch', async () => {
    const sandbox = await sandboxForTest()
    const repository = await sandbox.createRepository('demo')
    const authorization = basic(signed(signingFor(repository, await keysOf(sandbox))))
    const folder = temporaryFolder()
    for (const name of ['one', 'two']) {
      expect(await git(sandbox, ['clone', repository.url, name], authorization, folder)).toMatchObject({ code: 0 })
    }
    const one = path.join(folder, 'one')
    // Cannot be compressed, and is more than http.postBuffer: git sends it in chunks.
    writeFileSync(path.join(one, 'large'), randomBytes(5_000_000))
    await git(sandbox, ['add', '--all'], undefined, one)
    await git(sandbox, ['commit', '--message', 'large'], undefined, one)
    expect(await git(sandbox, ['push'], authorization, one)).toMatchObject({ code: 0 })
    const two = path.join(folder, 'two')
    expect(await git(sandbox, ['pull'], authorization, two)).toMatchObject({ code: 0 })
    expect(readFileSync(path.join(two, 'large')).equals(readFileSync(path.join(one, 'large')))).toBe(true)
    expect(sandbox.events.filter((event) => event.server === 'codecommit' && event.status !== 200)).toEqual([])
    expect(sandbox.events.at(-1)).toMatchObject({ repository: 'us-east-1/demo', status: 200 })
  }, 60_000)

  test('thousands of refs wanted: a request that git compresses', async () => {
    const sandbox = await sandboxForTest()
    const repository = await sandbox.createRepository('demo')
    const authorization = basic(signed(signingFor(repository, await keysOf(sandbox))))
    const head = (await git(sandbox, ['-C', repository.folder, 'rev-parse', 'main'])).stdout.trim()
    const commits = Array.from({ length: 2000 }, (_, index) =>
      [`commit refs/heads/b${index}`, 'committer C <c@corp.example> 1735689600 +0000', 'data 1', 'c', `from ${head}`, ''].join(
        '\n',
      ),
    )
    const env = scrubbedEnvironment(sandbox.folder)
    await run('git', ['-C', repository.folder, 'fast-import', '--quiet'], { env, input: commits.join('\n') })
    const folder = temporaryFolder()
    const trace = path.join(folder, 'trace')
    const traced = scrubbedEnvironment(sandbox.folder, {
      ...sandbox.environment,
      ...gitConfig({ 'http.extraHeader': `Authorization: ${authorization}` }),
      GIT_TRACE_CURL: trace,
      GIT_TRACE_CURL_NO_DATA: '1',
    })
    expect(await run('git', ['clone', '--quiet', repository.url], { env: traced, cwd: folder })).toMatchObject({ code: 0 })
    expect(readFileSync(trace, 'utf8').toLowerCase()).toContain('content-encoding: gzip')
    expect(readFileSync(trace, 'utf8').toLowerCase()).toContain('git-protocol: version=2')
  }, 60_000)

  test('the FIPS host and another region are other targets', async () => {
    const sandbox = await sandboxForTest()
    const repository = await sandbox.createRepository('demo', 'eu-west-1')
    const host = 'git-codecommit-fips.eu-west-1.amazonaws.com'
    const signing = { ...signingFor(repository, await keysOf(sandbox)), host }
    const url = `https://${host}/v1/repos/demo`
    expect(await git(sandbox, ['ls-remote', url], basic(signed(signing)))).toMatchObject({ code: 0 })
  })
})

const hasAws = spawnSync('aws', ['--version']).status === 0

describe.runIf(hasAws)('the AWS CLI’s helper, written by others', () => {
  test('its signature is answered', async () => {
    const sandbox = await sandboxForTest()
    const repository = await sandbox.createRepository('demo')
    const keys = await keysOf(sandbox)
    const env = scrubbedEnvironment(sandbox.folder, {
      ...sandbox.environment,
      ...gitConfig({ 'credential.helper': '!aws codecommit credential-helper $@', 'credential.useHttpPath': 'true' }),
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
    })
    expect(await run('git', ['ls-remote', repository.url], { env })).toMatchObject({ code: 0 })
    const answers = sandbox.events.filter(({ server }) => server === 'codecommit').map(({ status }) => status)
    expect(answers).toEqual([401, 200, 200])
  })
})

describe('refused', () => {
  let sandbox: Sandbox
  let repository: Repository
  let keys: Keys
  let readOnly: Keys
  beforeAll(async () => {
    sandbox = await startSandbox()
    repository = await sandbox.createRepository('demo')
    keys = await keysOf(sandbox)
    readOnly = await keysOf(sandbox, sandboxRoles.readonly)
  })
  afterAll(() => sandbox.stop())

  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)
  const changed = (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`

  test.each<[string, number, string, (good: Signing) => string | undefined]>([
    ['no credentials', 401, 'no credentials', () => undefined],
    ['another scheme', 401, 'no Basic credentials', () => 'Bearer x'],
    ['no colon', 401, 'no Basic credentials', () => `Basic ${Buffer.from('user').toString('base64')}`],
    [
      'an unknown key',
      403,
      'unknown access key',
      (good) => basic(signed({ ...good, keys: { ...good.keys, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' } })),
    ],
    [
      'no token',
      403,
      'session token does not belong to the access key',
      (good) => basic({ ...signed(good), user: good.keys.accessKeyId }),
    ],
    [
      'another token',
      403,
      'session token does not belong to the access key',
      (good) => basic(signed({ ...good, keys: { ...good.keys, sessionToken: readOnly.sessionToken } })),
    ],
    [
      'another secret',
      403,
      'wrong signature',
      (good) => basic(signed({ ...good, keys: { ...good.keys, secretAccessKey: readOnly.secretAccessKey } })),
    ],
    ['another repository', 403, 'wrong signature', (good) => basic(signed({ ...good, path: '/v1/repos/other' }))],
    ['another host', 403, 'wrong signature', (good) => basic(signed({ ...good, host: `x${good.host}` }))],
    ['another region', 403, 'wrong signature', (good) => basic(signed({ ...good, region: 'eu-west-1' }))],
    [
      'one digit of the signature changed',
      403,
      'wrong signature',
      (good) => basic({ ...signed(good), password: changed(signed(good).password) }),
    ],
    [
      'another time than signed',
      403,
      'wrong signature',
      (good) => basic({ ...signed(good), password: `20200101T000000Z${signed(good).password.slice(16)}` }),
    ],
    ['an empty password', 403, 'password is no timestamp and signature', (good) => basic({ ...signed(good), password: '' })],
    ['16 minutes old', 403, 'signature older than 15 minutes', (good) => basic(signed({ ...good, at: ago(16) }))],
    ['16 minutes ahead', 403, 'signature from the future', (good) => basic(signed({ ...good, at: ago(-16) }))],
  ])('%s → %d %s', async (_title, status, reason, authorize) => {
    const from = sandbox.events.length
    const outcome = await git(sandbox, ['ls-remote', repository.url], authorize(signingFor(repository, keys)))
    expect(outcome.code).toBe(128)
    const asked = sandbox.events.slice(from).filter(({ server }) => server === 'codecommit')
    expect(asked[0]).toMatchObject({ status, reason })
    if (status === 403) expect(outcome.stderr).toContain('The requested URL returned error: 403')
  })

  test('14 minutes old → answered', async () => {
    const signing = { ...signingFor(repository, keys), at: ago(14) }
    expect(await git(sandbox, ['ls-remote', repository.url], basic(signed(signing)))).toMatchObject({ code: 0 })
  })

  test('ReadOnly may pull, not push', async () => {
    const authorization = basic(signed(signingFor(repository, readOnly)))
    const folder = temporaryFolder()
    expect(await git(sandbox, ['clone', repository.url, 'x'], authorization, folder)).toMatchObject({ code: 0 })
    const pushed = await git(sandbox, ['push', 'origin', 'HEAD:refs/heads/new'], authorization, path.join(folder, 'x'))
    expect(pushed.code).not.toBe(0)
    expect(sandbox.events.at(-1)).toMatchObject({ status: 403, reason: 'the role may not push' })
  })

  test.each(['none', 'elsewhere', 'region'])('a repository that is not there (%s) → 404', async (kind) => {
    if (kind === 'elsewhere') await sandbox.createRepository('elsewhere', 'us-east-1', { account: productionAccount })
    if (kind === 'region') await sandbox.createRepository('region', 'eu-west-1')
    const missing = { ...repository, url: `https://git-codecommit.us-east-1.amazonaws.com/v1/repos/${kind}` }
    const outcome = await git(sandbox, ['ls-remote', missing.url], basic(signed(signingFor(missing, keys))))
    expect(outcome.code).toBe(128)
    expect(sandbox.events.at(-1)).toMatchObject({ status: 404 })
  })

  test('no git: 404, and not told whether the repository is there', async () => {
    const outcome = await git(sandbox, ['ls-remote', repository.url.replace('/v1/', '/v2/')])
    expect(outcome.code).toBe(128)
    expect(sandbox.events.at(-1)).toMatchObject({ status: 404, reason: 'not the path of a repository' })
  })

  test('the log holds no token and no signature', () => {
    const log = JSON.stringify(sandbox.events)
    for (const secret of [keys.sessionToken, keys.secretAccessKey, readOnly.sessionToken]) expect(log).not.toContain(secret)
    expect(log).not.toMatch(/[0-9a-f]{64}/)
  })

  test('the session has ended → 403', async () => {
    sandbox.expireSessions()
    const outcome = await git(sandbox, ['ls-remote', repository.url], basic(signed(signingFor(repository, keys))))
    expect(outcome.code).toBe(128)
    expect(sandbox.events.at(-1)).toMatchObject({ status: 403, reason: 'session expired' })
  })
})

describe('the proxy', () => {
  test.each([
    ['example.com:443'],
    ['git-codecommit.us-east-1.amazonaws.com:80'],
    ['git-codecommit.us-east-1.amazonaws.com.evil.com:443'],
    ['git-codecommit.ap-south-1.amazonaws.com:443'],
    ['127.0.0.1:443'],
  ])('CONNECT %s → 403', async (target) => {
    const sandbox = await sandboxForTest()
    const proxy = /proxy = http:\/\/127\.0\.0\.1:(\d+)/.exec(
      readFileSync(sandbox.environment.GIT_CONFIG_GLOBAL ?? '', 'utf8'),
    )?.[1]
    const status = await new Promise((resolve, reject) => {
      const request = http.request({ host: '127.0.0.1', port: proxy, method: 'CONNECT', path: target, agent: false })
      request.on('connect', (response, socket) => {
        socket.destroy()
        resolve(response.statusCode)
      })
      request.on('error', reject)
      request.end()
    })
    expect(status).toBe(403)
    expect(sandbox.events).toMatchObject([{ server: 'proxy', what: `CONNECT ${target}`, status: 403 }])
  })
})

describe('git http-backend', () => {
  test('the client leaves in the middle of a push → git ends', async () => {
    const folder = temporaryFolder()
    const env = scrubbedEnvironment(folder)
    const repositories = new Repositories(folder, env)
    const repository = await repositories.create('111122223333', 'us-east-1', 'demo', {})
    const backend = new GitBackend(env)
    const served = new Promise<number>((resolve) => {
      const server = http.createServer((request, response) => {
        resolve(backend.serve(request, response, repository, '/git-receive-pack', 'jane'))
      })
      onTestFinished(() => void server.close())
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo
        const headers = { 'Content-Type': 'application/x-git-receive-pack-request', 'Transfer-Encoding': 'chunked' }
        const request = http.request({ port, method: 'POST', path: '/git-receive-pack', headers, agent: false })
        request.on('error', () => {})
        request.on('response', () => request.destroy())
        request.write('00')
      })
    })
    // Half a request: git has begun to answer and waits for more; then the client is gone.
    expect(await served).toBe(200)
    await backend.idle()
  })
})

describe('parts', () => {
  test.each([
    ['demo', true],
    ['a.b_c-D1', true],
    ['demo.git', false],
    ['..', false],
    ['a/b', false],
    ['', false],
    ['x'.repeat(101), false],
  ])('repository name %j: %s', (name, expected) => {
    expect(isRepositoryName(name)).toBe(expected)
  })

  test.each([
    ['Status: 404 Not Found\r\nA: b\r\n\r\nbody', { status: 404, headers: { A: 'b' }, length: 31 }],
    ['A: b\nA: c\n\n\r\n\r\n', { status: 200, headers: { A: ['b', 'c'] }, length: 11 }],
    ['Content-Type: x\r\n', undefined],
  ])('CGI head %j', (text, expected) => {
    expect(cgiHead(Buffer.from(text))).toEqual(expected)
  })
})
