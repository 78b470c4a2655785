import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { transform } from 'esbuild'
import { describe, expect, onTestFinished, test } from 'vitest'
import { awsfedPaths } from '../src/base/paths.ts'
import { parseHost } from '../src/codecommit/host.ts'
import { passwordFor, timeOfPassword } from '../src/codecommit/signature.ts'
import { readSession, type Session, writeSession } from '../src/session/cache.ts'
import { attributesOf, builtHelper, configuration, helperHome, request } from './support/helper.ts'
import { run } from './support/programs.ts'

const program = await builtHelper()
const ours = 'git-codecommit.us-east-1.amazonaws.com'

async function verify(answer: string, session: Session, name = ours, repository = 'demo'): Promise<void> {
  const { username, password = '' } = Object.fromEntries(attributesOf(answer))
  expect(username).toBe(`${session.accessKeyId}%${session.sessionToken}`)
  const host = parseHost(name)
  const time = timeOfPassword(password)
  if (!host || !time) throw new Error(`no password for ${name}: ${answer}`)
  expect(Math.abs(Date.now() - time.getTime())).toBeLessThan(60_000)
  expect(password).toBe(passwordFor(host, repository, session, time))
}

describe('get', () => {
  test('answers from the session: user name, password, expiry, and nothing else', async () => {
    const home = helperHome(program)
    const session = home.writeSession('dev', 480)
    const before = Math.floor(Date.now() / 1000)
    const { code, stdout, stderr } = await home.run(['get'], request)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(attributesOf(stdout).map(([key]) => key)).toEqual(['username', 'password', 'password_expiry_utc'])
    await verify(stdout, session)
    const expiry = Number(Object.fromEntries(attributesOf(stdout)).password_expiry_utc)
    expect(expiry).toBeGreaterThanOrEqual(before + 14 * 60)
    expect(expiry).toBeLessThanOrEqual(Date.now() / 1000 + 14 * 60)
  })

  test('answers from a sealed session when its key is at hand, and takes it for none when not', async () => {
    const home = helperHome(program)
    const runtime = path.join(home.folder, 'run')
    mkdirSync(path.join(runtime, 'awsfed'), { recursive: true, mode: 0o700 })
    writeFileSync(path.join(runtime, 'awsfed', 'key'), randomBytes(32).toString('base64'))
    const session = home.writeSession('dev', 480)
    const env = { XDG_RUNTIME_DIR: runtime, AWSFED_INTERACTIVE: 'never' }
    writeSession(awsfedPaths({ ...home.env, ...env }, process.platform, home.folder), session)
    expect(readFileSync(path.join(home.paths.cache, 'sessions', 'dev.json'), 'utf8')).not.toContain(session.secretAccessKey)
    await verify((await home.run(['get'], request, { env })).stdout, session)
    rmSync(runtime, { recursive: true })
    const without = await home.run(['get'], request, { env: { ...env, AWSFED_DEBUG: '1' } })
    expect(without.stdout).toBe('quit=1\n')
    expect(without.stderr).toContain('is sealed')
  })

  test('the expiry is no later than the end of the session', async () => {
    const home = helperHome(program)
    const session = home.writeSession('dev', 10, { issued: new Date().toISOString() })
    const { stdout } = await home.run(['get'], request)
    expect(stdout).toContain(`password_expiry_utc=${Math.floor(Date.parse(session.expiration) / 1000)}\n`)
  })

  test('says that it is ephemeral to a git that offers authtype', async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const { stdout } = await home.run(['get'], `capability[]=authtype\ncapability[]=state\n${request}`)
    expect(stdout).toMatch(/^capability\[\]=authtype\nephemeral=1\nusername=/)
  })

  test.each([
    ['the default', [], request, {}, 'dev'],
    ["the URL's user", [], `${request}username=prod\n`, {}, 'prod'],
    ["the URL's user before --profile", ['--profile', 'dev'], `${request}username=prod\n`, {}, 'prod'],
    ["a URL's user that is no profile", [], `${request}username=ASIAOTHER%token\n`, {}, 'dev'],
    ['--profile', ['--profile', 'prod'], request, {}, 'prod'],
    ['--profile=', ['--profile=prod'], request, {}, 'prod'],
    ['--profile before AWSFED_PROFILE', ['--profile', 'prod'], request, { AWSFED_PROFILE: 'Team.EU' }, 'prod'],
    ['AWSFED_PROFILE', [], request, { AWSFED_PROFILE: 'Team.EU' }, 'Team.EU'],
    ['a route', [], request.replace('us-east-1', 'eu-central-1').replace('demo', 'team-a'), {}, 'Team.EU'],
    ['no route that fits', [], request.replace('demo', 'team-a'), {}, 'dev'],
  ])('the profile by %s', async (_title, args, input, env, profile) => {
    const home = helperHome(program)
    const sessions = ['dev', 'prod', 'Team.EU'].map((name) => home.writeSession(name, 480))
    const { stdout, stderr } = await home.run([...args, 'get'], input, { env })
    expect(stderr).toBe('')
    expect(stdout).toContain(`username=${sessions.find((session) => session.profile === profile)?.accessKeyId}%`)
  })

  test('--profile may stand after the operation', async () => {
    const home = helperHome(program)
    const session = home.writeSession('prod', 480)
    await verify((await home.run(['get', '--profile', 'prod'], request)).stdout, session)
  })

  test.each(['vpce-0a1b.git-codecommit.eu-west-1.vpce.amazonaws.com', 'GIT-CODECOMMIT.CN-North-1.amazonaws.com.cn:443'])(
    'answers for %s',
    async (host) => {
      const home = helperHome(program)
      const session = home.writeSession('dev', 480)
      const { stdout } = await home.run(['get'], `protocol=https\nhost=${host}\npath=/v1/repos/demo/\n`)
      await verify(stdout, session, host)
    },
  )

  test('does not wait for the end of the input once an empty line has ended the request', async () => {
    const home = helperHome(program)
    const session = home.writeSession('dev', 480)
    const child = spawn(program.file, ['get'], { env: home.env, stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill())
    child.stdin.write(`${request}\n`)
    const [answer] = await once(child.stdout, 'data')
    await verify(String(answer), session)
  })
})

const B = `protocol=https\nhost=${ours}\n`
const good = `${B}path=v1/repos/demo\n`
describe('hostile input to get', () => {
  const silent = [
    ...[
      `${ours}.evil.com`,
      'evilamazonaws.com',
      'notamazon.com',
      'github.com',
      `${ours}:443@evil.com`,
      '[::1]',
      `evil.com/.${ours}`,
    ],
    ...['#.evil.com', '?x', '/x', '\\x', ' ', '.', ':8443'].map((end) => `${ours}${end}`),
  ].map((host) => [`host ${host}`, `protocol=https\nhost=${host}\npath=v1/repos/demo\n`] as [string, string])
  test.each<[string, string | Uint8Array]>([
    ...silent,
    ['a CR in the host', `protocol=https\nhost=${ours}\rhost=evil.com\npath=v1/repos/demo\n`],
    ['a CR in the path', `${B}path=v1/repos/demo\rx\n`],
    ['a NUL in the path', `${B}path=v1/repos/demo\0x\n`],
    ['a certificate', 'protocol=cert\nhost=\npath=/etc/key.pem\n'],
    ['mail', 'protocol=smtp\nhost=smtp.example.com:587\nusername=jane\n'],
  ])('silent: %s', async (_title, input) => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    expect(await home.run(['get'], input)).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test.each([
    ['the host twice, ours first', `${good}host=evil.com\n`],
    ['the host twice, ours last', `host=evil.com\n${good}`],
    ['a line without =', `${good}hello\n`],
    ['invalid UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0x61, 0x3d, 0xff, 0x0a])])],
    ['a line of 65,536 bytes', `${good}username=${'a'.repeat(65_527)}\n`],
    ['10 MB', `${good}${'wwwauth[]=x\n'.repeat(900_000)}`],
    ['http', good.replace('https', 'http')],
    ['no protocol', good.replace('protocol=https\n', '')],
    ['no input', ''],
    ['the protocol alone', 'protocol=https\n'],
    ['an empty host', 'protocol=https\nhost=\npath=v1/repos/demo\n'],
  ])('refused with one line: %s', async (_title, input) => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const { code, stdout, stderr } = await home.run(['get'], input)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/^awsfed: [^\n]*: not answered[^\n]*\n$/)
  })

  test.each<[string, string, RegExp]>([
    ['no path', B, /useHttpPath.*awsfed setup git/],
    ...['v1/repos/../x', 'v1/repos/a%2fb', 'my repo', 'demo?x=1', 'v1/repos/demo.git'].map((bad): [string, string, RegExp] => [
      `path ${bad}`,
      `${B}path=${bad}\n`,
      /is no repository of CodeCommit; the URL is https/,
    ]),
  ])('one line and quit: %s', async (_title, input, line) => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const { code, stdout, stderr } = await home.run(['get'], input)
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
    expect(stderr).toMatch(/^awsfed: [^\n]*\n$/)
    expect(stderr).toMatch(line)
  })

  test('CRLF line ends are fine', async () => {
    const home = helperHome(program)
    const session = home.writeSession('dev', 480)
    await verify((await home.run(['get'], good.replaceAll('\n', '\r\n'))).stdout, session)
  })

  test.each([
    ['a path', `${B}path=\x1b[2J\u202e\n`],
    ['a profile', `${good}username=\x1b[2J\n`],
  ])('%s is not echoed raw', async (_title, input) => {
    const home = helperHome(program)
    home.writeConfiguration(configuration.replace('default_profile = "dev"\n', ''))
    const { stdout, stderr } = await home.run(['get'], input)
    expect(stdout).toBe('quit=1\n')
    expect(stderr).not.toMatch(/[\x1b\u202e]/)
  })

  test('a token with a line feed in the cache is never answered', async () => {
    const home = helperHome(program)
    program.standIn('login.js', refusing)
    home.writeSession('dev', 480, { sessionToken: 'a\nhost=evil.com' })
    expect((await home.run(['get'], good)).stdout).toBe('quit=1\n')
  })

  // /dev/full takes nothing, as a full disk does.
  test.runIf(existsSync('/dev/full'))('a stdout that takes nothing: one line, exit 1', async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const { code, stderr } = await run('sh', ['-c', '"$0" get > /dev/full', program.file], { env: home.env, input: good })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^awsfed: the answer cannot be written: ENOSPC[^\n]*\n$/)
  })

  test.runIf(existsSync('/dev/full'))('a stderr that takes nothing keeps git from no answer', async () => {
    const home = helperHome(program)
    const { code, stdout } = await run('sh', ['-c', '"$0" get 2> /dev/full', program.file], { env: home.env, input: B })
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
  })

  test.each([
    ['get', '< .', /^awsfed: the request names no host: not answered\n$/],
    ['get', '<&-', /^awsfed: the request names no host: not answered\n$/],
    ['erase', '< .', /^$/],
  ])('%s %s: a stdin that cannot be read is no request', async (operation, redirection, line) => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const script = `"$0" ${operation} ${redirection}`
    const { code, stdout, stderr } = await run('sh', ['-c', script, program.file], { env: home.env, cwd: home.folder })
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(line)
  })

  test('a reader that has gone is no error', async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const { code, stderr } = await home.run(['get'], good, { onStart: (child) => child.stdout?.destroy() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })
})

const refusing = `
export const lineOf = (status) => status
export const gitAllowsAsking = async () => true
export const ensureSession = async () => {
  throw Object.assign(new Error('the login was asked for'), { name: 'AwsfedError', kind: 'refused', exitCode: 4 })
}
`

describe('get, when it cannot answer', () => {
  test.each([
    ['no configuration', undefined, /no configuration: .*awsfed sandbox/, 1],
    ['a broken configuration', 'default_profile = ', /config\.toml:1:\d+: /, 1],
    ['no profile', '', /has no profile; add a \[profile\.NAME\]/, 1],
    ['several profiles', configuration.replace('default_profile = "dev"\n', ''), /several profiles.*--profile dev/, 2],
  ])('%s: one line, quit', async (_title, text, line, exit) => {
    const home = helperHome(program)
    home.writeConfiguration(text ?? '')
    const env = text === undefined ? { AWSFED_HOME: path.join(home.folder, 'elsewhere') } : {}
    const { code, stdout, stderr } = await home.run(['get'], good, { env })
    expect({ code, stdout }).toEqual({ code: exit, stdout: 'quit=1\n' })
    expect(stderr).toMatch(/^awsfed: [^\n]*\n$/)
    expect(stderr).toMatch(line)
  })

  /** What Node does before it loads the helper. */
  const preloading = (home: ReturnType<typeof helperHome>, script: string) => {
    const file = path.join(home.folder, 'before.cjs')
    writeFileSync(file, script)
    return { NODE_OPTIONS: `--require ${file}` }
  }
  const olderNode = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.1' } })"

  test('a Node that is too old: one line, quit; for other hosts silence', async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const env = preloading(home, olderNode)
    expect(await home.run(['get'], good, { env })).toEqual({
      code: 1,
      stdout: 'quit=1\n',
      stderr: 'awsfed: Node 20.18.1 is too old; install Node 20.19 or later and run `awsfed setup git` under it\n',
    })
    expect(await home.run(['get'], 'protocol=https\nhost=github.com\n', { env })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('an older Node can read the helper, to say that it is too old', async () => {
    const text = readFileSync(path.join(program.folder, 'dist', 'helper.cjs'), 'utf8')
    const { code } = await transform(text, { target: 'node16', minify: true })
    expect(code.length).toBeLessThanOrEqual(text.length)
  })

  test('a user without a home, as a container may have it', async () => {
    const home = helperHome(program)
    const noHome = preloading(
      home,
      "require('node:os').homedir = () => { throw Object.assign(new Error('uv_os_homedir'), { code: 'ERR_SYSTEM_ERROR' }) }",
    )
    const session = home.writeSession('dev', 480)
    await verify((await home.run(['get'], good, { env: { ...noHome, HOME: undefined } })).stdout, session)
    const nowhere = { ...noHome, HOME: undefined, AWSFED_HOME: undefined }
    const { code, stdout, stderr } = await home.run(['get'], good, { env: nowhere })
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
    expect(stderr).toMatch(/^awsfed: no configuration: \/[^\n]*\n$/)
    expect(await home.run(['get'], 'protocol=https\nhost=github.com\n', { env: nowhere })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })

  test('a profile that --profile names and that is not there', async () => {
    const home = helperHome(program)
    const { code, stdout, stderr } = await home.run(['get', '--profile', 'nope'], good)
    expect({ code, stdout }).toEqual({ code: 2, stdout: 'quit=1\n' })
    expect(stderr).toMatch(/--profile names nope/)
  })
})

describe('erase', () => {
  const erase = (session: Session, more: { password?: string; username?: string } = {}) =>
    `${good}username=${more.username ?? `${session.accessKeyId}%${session.sessionToken}`}\npassword=${more.password}\n`
  const passwordOf = async (session: Session, minutesAgo = 0) => {
    const host = parseHost(ours)
    if (!host) throw new Error('a host of ours')
    return passwordFor(host, 'demo', session, new Date(Date.now() - minutesAgo * 60_000))
  }
  const profileOf = (name: string) => ({ name, portal: 'corp', role: undefined }) as unknown as Parameters<typeof readSession>[1]

  test('marks the session that git erases, so that the next get renews it', async () => {
    const home = helperHome(program)
    program.standIn('login.js', refusing)
    const session = home.writeSession('dev', 480)
    expect(await home.run(['erase'], erase(session, { password: await passwordOf(session) }))).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
    expect(readSession(home.paths, profileOf('dev'))).toBeUndefined()
    expect((await home.run(['get'], good)).stderr).toBe('awsfed: the login was asked for\n')
  })

  test("finds the session by its key: git has put the answered user name in the place of the URL's", async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const session = home.writeSession('prod', 480)
    await home.run(['erase'], erase(session, { password: await passwordOf(session) }))
    expect(readSession(home.paths, profileOf('prod'))).toBeUndefined()
    expect(readSession(home.paths, profileOf('dev'))).toBeDefined()
  })

  test.each([
    ['no user name and no password', good],
    ['the name of the profile', `${good}username=dev\n`],
  ])('%s: it is about the chosen profile', async (_title, input) => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    await home.run(['erase'], input)
    expect(readSession(home.paths, profileOf('dev'))).toBeUndefined()
  })

  test.each([
    [
      'another key',
      async (session: Session) => erase(session, { username: 'ASIAOTHER%token', password: await passwordOf(session) }),
    ],
    ['an old password', async (session: Session) => erase(session, { password: await passwordOf(session, 16) })],
    ['a password of another kind', async (session: Session) => erase(session, { password: 'hunter2' })],
    ['another host', async () => good.replace('amazonaws.com', 'amazonaws.com.evil.com')],
    ['http', async () => good.replace('https', 'http')],
    ['a broken request', async () => `${good}host=${ours}\n`],
    ['no input', async () => ''],
  ])('%s says nothing about the session', async (_title, input) => {
    const home = helperHome(program)
    const session = home.writeSession('dev', 480)
    expect(await home.run(['erase'], await input(session))).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(readSession(home.paths, profileOf('dev'))).toBeDefined()
  })

  test('is silent without a configuration', async () => {
    const home = helperHome(program)
    const env = { AWSFED_HOME: path.join(home.folder, 'elsewhere') }
    expect(await home.run(['erase'], good, { env })).toEqual({ code: 0, stdout: '', stderr: '' })
  })
})

describe('other operations', () => {
  test('capability says what git-credential(1) asks for', async () => {
    expect(await helperHome(program).run(['capability'])).toEqual({
      code: 0,
      stdout: 'version 0\ncapability authtype\n',
      stderr: '',
    })
  })

  test.each([['approve'], ['fill'], ['get-all']])('%s is silently ignored', async (word) => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    expect(await home.run([word], good)).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('no operation: usage on stderr, exit 2', async () => {
    const { code, stdout, stderr } = await helperHome(program).run([])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('usage: git-credential-awsfed')
  })

  test('an unknown option: one line, exit 2', async () => {
    const { code, stdout, stderr } = await helperHome(program).run(['--porfile', 'get'], good)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^awsfed: there is no option --porfile/)
  })

  test('--help and --version', async () => {
    const home = helperHome(program)
    const { version } = JSON.parse(readFileSync(path.join(program.folder, 'package.json'), 'utf8'))
    expect((await home.run(['--help'])).stdout).toContain('usage: git-credential-awsfed')
    expect(await home.run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('nothing of a secret is in the trace', async () => {
    const home = helperHome(program)
    const session = home.writeSession('dev', 480)
    const { stderr } = await home.run(['get'], good, { env: { AWSFED_DEBUG: '1' } })
    expect(stderr).toContain('profile dev: session until')
    for (const secret of [session.secretAccessKey, session.sessionToken, session.accessKeyId])
      expect(stderr).not.toContain(secret)
  })
})

test('a session that cannot be read is one line, not a stack', async () => {
  const home = helperHome(program)
  mkdirSync(path.join(home.paths.cache, 'sessions', 'dev.json'), { recursive: true })
  const { code, stdout, stderr } = await home.run(['get'], good)
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
  expect(stderr).toMatch(/^awsfed: cannot read [^\n]*\n$/)
})
