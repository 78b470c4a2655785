import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { builtHelper, helperHome, request } from './support/helper.ts'

const program = await builtHelper()

// The login has tests of its own. Here stands one that does as it is told, to see what the helper makes of it.
program.standIn(
  'login.js',
  `
export const lineOf = (status) => status.text
export const gitAllowsAsking = async (world) => world.env.GIT_ALLOWS !== 'no'
const failure = (kind, exitCode, message, hint) => Object.assign(new Error(message), { name: 'AwsfedError', kind, exitCode, hint })
export async function ensureSession(world, config, profile, request) {
  request.report({ kind: 'opening', text: 'asked ' + request.asking + ' for ' + profile.name })
  if (world.env.SIGNED_IN) request.report({ kind: 'captured', text: 'signed in' })
  switch (world.env.LOGIN) {
    case 'refused':
      throw failure('refused', 4, 'the portal says: wrong\\npassword', 'check the password')
    case 'login-needed':
      throw failure('login-needed', 3, 'a login is needed', 'run \`awsfed login\`')
    case 'bug':
      return undefined.session
    case 'stray':
      setTimeout(() => { throw new TypeError('stray') })
      break
    case 'session':
      if (world.env.WARN) world.say(world.env.WARN)
      return JSON.parse(world.env.SESSION)
  }
  return new Promise((_, reject) => {
    const alive = setInterval(() => {}, 1000)
    request.signal.addEventListener('abort', () => {
      clearInterval(alive)
      request.report({ text: 'tidied up' })
      reject(failure('cancelled', 130, 'cancelled'))
    })
  })
}
`,
)

const refuse = { LOGIN: 'refused' }

describe('a session that cannot serve', () => {
  test.each([
    ['none', undefined],
    ['lapsed: 4 minutes left', 4],
    ['over', -10],
  ])('%s: the login is asked, and its session answers', async (_title, minutes) => {
    const home = helperHome(program)
    const session = { ...home.writeSession('dev', 480), accessKeyId: 'ASIAFROMTHELOGIN1234' }
    if (minutes !== undefined) home.writeSession('dev', minutes)
    const env = { LOGIN: 'session', SESSION: JSON.stringify(session), AWSFED_PROFILE: minutes === undefined ? 'prod' : 'dev' }
    const { code, stdout, stderr } = await home.run(['get'], request, { env })
    expect(code).toBe(0)
    expect(stderr).toBe(`awsfed: asked auto for ${env.AWSFED_PROFILE}\n`)
    expect(stdout).toContain(`username=ASIAFROMTHELOGIN1234%${session.sessionToken}\n`)
  })

  test('what the login says by itself is marked as ours too', async () => {
    const home = helperHome(program)
    const env = { LOGIN: 'session', WARN: 'the role allows less', SESSION: JSON.stringify(home.writeSession('prod', 480)) }
    const { stderr } = await home.run(['get'], request, { env: { ...env, AWSFED_PROFILE: 'dev' } })
    expect(stderr).toBe('awsfed: asked auto for dev\nawsfed: the role allows less\n')
  })

  test.each([
    ['nothing said', {}, 'auto'],
    ['AWSFED_INTERACTIVE=terminal', { AWSFED_INTERACTIVE: 'terminal' }, 'terminal'],
    ['AWSFED_INTERACTIVE=never', { AWSFED_INTERACTIVE: 'never' }, 'never'],
    ['GIT_TERMINAL_PROMPT=0', { GIT_TERMINAL_PROMPT: '0' }, 'never'],
    ['CI', { CI: 'true' }, 'never'],
    ["git's configuration says no", { GIT_ALLOWS: 'no' }, 'never'],
    ['AWSFED_INTERACTIVE=auto decides before git', { GIT_ALLOWS: 'no', AWSFED_INTERACTIVE: 'auto' }, 'auto'],
    ['AWSFED_INTERACTIVE=window decides before git', { GIT_ALLOWS: 'no', AWSFED_INTERACTIVE: 'window' }, 'window'],
  ])('whether it may ask: %s', async (_title, env, asking) => {
    const { stderr } = await helperHome(program).run(['get'], request, { env: { ...refuse, SIGNED_IN: '1', ...env } })
    expect(stderr).toContain(`awsfed: asked ${asking} for dev\nawsfed: signed in\n`)
  })

  test.each([
    ['refused', 4, 'awsfed: the portal says: wrong password; check the password\n'],
    ['login-needed', 3, 'awsfed: a login is needed; run `awsfed login`\n'],
  ])('%s: the words in one line, quit, exit %i', async (login, exit, line) => {
    const { code, stdout, stderr } = await helperHome(program).run(['get'], request, { env: { LOGIN: login } })
    expect({ code, stdout }).toEqual({ code: exit, stdout: 'quit=1\n' })
    expect(stderr).toBe(`awsfed: asked auto for dev\n${line}`)
  })

  test.each([['AWSFED_INTERACTIVE'], ['GIT_TERMINAL_PROMPT'], ['GCM_INTERACTIVE']])(
    'nobody may be asked (%s=0 or never): one line, why, and nothing of how far it was',
    async (variable) => {
      const env = { LOGIN: 'login-needed', [variable]: variable === 'GIT_TERMINAL_PROMPT' ? '0' : 'never' }
      const { code, stdout, stderr } = await helperHome(program).run(['get'], request, { env })
      expect({ code, stdout }).toEqual({ code: 3, stdout: 'quit=1\n' })
      expect(stderr).toBe('awsfed: a login is needed; run `awsfed login`\n')
    },
  )

  test.each([
    ['a bug', 'bug', /awsfed: unexpected: [^\n]*\n$/],
    ['an error that nobody waits for', 'stray', /awsfed: tidied up\nawsfed: unexpected: stray; [^\n]*\n$/],
  ])('%s is one line, without a stack', async (_title, login, line) => {
    const { code, stdout, stderr } = await helperHome(program).run(['get'], request, { env: { LOGIN: login } })
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
    expect(stderr).toMatch(line)
    expect(stderr).not.toContain(' at ')
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends the login in good order: exit %i', async (signal, exit) => {
    const { code, stdout, stderr } = await helperHome(program).run(['get'], request, {
      env: { LOGIN: 'wait' },
      // The first line on stderr tells that the login is under way.
      onStart: (child) => child.stderr?.once('data', () => child.kill(signal)),
    })
    expect({ code, stdout }).toEqual({ code: exit, stdout: 'quit=1\n' })
    expect(stderr).toBe(`awsfed: asked auto for dev\nawsfed: tidied up\nawsfed: the login was ended by ${signal}\n`)
  })
})

describe('a stale session', () => {
  /** Listens for the process that renews in the background: `cli.js` connects and tells how it was started. */
  async function renewals(): Promise<{
    env: Record<string, string>
    next: () => Promise<{ args: string[]; home: string; cwd: string }>
  }> {
    const server = net.createServer()
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as net.AddressInfo
    program.standIn(
      'cli.js',
      `import net from 'node:net'
const told = JSON.stringify({ args: process.argv.slice(2), home: process.env.AWSFED_HOME, cwd: process.cwd() })
net.connect(Number(process.env.TELL), '127.0.0.1').end(told)`,
    )
    const next = async () => {
      const [socket] = await once(server, 'connection')
      let text = ''
      for await (const chunk of socket) text += chunk
      return JSON.parse(text)
    }
    return { env: { TELL: String(port), AWSFED_DEBUG: '1' }, next }
  }

  test('answers, and renews in a process of its own', async () => {
    const home = helperHome(program)
    const { env, next } = await renewals()
    home.writeSession('dev', 19)
    const renewal = next()
    const { code, stdout } = await home.run(['get'], request, { env })
    expect(code).toBe(0)
    expect(stdout).toContain('password=')
    const started = await renewal
    expect(started.args).toEqual(['login', '--profile', 'dev', '--background'])
    expect(started.home).toBe(home.env.AWSFED_HOME)
    expect(started.cwd).toBe(home.paths.state)
  })

  const renewed = /renewing in the background/
  const stateFile = (home: ReturnType<typeof helperHome>) => path.join(home.paths.state, 'renewals', 'dev')

  test('renews once in 5 minutes, for each profile', async () => {
    const home = helperHome(program)
    const { env } = await renewals()
    home.writeSession('dev', 19)
    home.writeSession('prod', 19)
    expect((await home.run(['get'], request, { env })).stderr).toMatch(renewed)
    expect((await home.run(['get'], request, { env })).stderr).not.toMatch(renewed)
    expect((await home.run(['get', '--profile', 'prod'], request, { env })).stderr).toMatch(renewed)
    writeFileSync(stateFile(home), String(Date.now() - 301_000))
    expect((await home.run(['get'], request, { env })).stderr).toMatch(renewed)
  })

  test.each([
    ['from the future: the clock was wrong', String(Date.now() + 3_600_000)],
    ['that is damaged', 'rubbish'],
  ])('an attempt %s does not count', async (_title, text) => {
    const home = helperHome(program)
    const { env } = await renewals()
    home.writeSession('dev', 19)
    mkdirSync(path.dirname(stateFile(home)), { recursive: true })
    writeFileSync(stateFile(home), text)
    expect((await home.run(['get'], request, { env })).stderr).toMatch(renewed)
    expect(Number(readFileSync(stateFile(home), 'utf8'))).toBeLessThanOrEqual(Date.now())
  })

  test.each([
    ['fresh', 21, {}],
    ['issued a moment ago, as a role of 15 minutes is', 15, { issued: new Date().toISOString() }],
  ])('does not renew one that is %s', async (_title, minutes, more) => {
    const home = helperHome(program)
    const { env } = await renewals()
    home.writeSession('dev', minutes, more)
    const { stdout, stderr } = await home.run(['get'], request, { env })
    expect(stdout).toContain('password=')
    expect(stderr).not.toMatch(renewed)
  })

  test('answers also where the attempt cannot be written down', async () => {
    const home = helperHome(program)
    const { env } = await renewals()
    home.writeSession('dev', 19)
    writeFileSync(home.paths.state, 'no folder')
    const { code, stdout, stderr } = await home.run(['get'], request, { env })
    expect(code).toBe(0)
    expect(stdout).toContain('password=')
    expect(stderr).toContain('no renewal in the background')
    expect((await home.run(['get'], request)).stderr).toBe('')
  })
})
