import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/base/config.ts'
import { awsfedPaths } from '../../src/base/paths.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { readSession, writeSession } from '../../src/session/cache.ts'
import { programs, run, scrubbedEnvironment } from '../support/programs.ts'
import { minute } from './home.ts'

/** `awsfed` at a sandbox of this file's own, with a real browser. */
function at(sandbox: () => Sandbox) {
  const env = () => scrubbedEnvironment(sandbox().home, { ...sandbox().environment, AWSFED_INTERACTIVE: 'never' })
  const paths = () => awsfedPaths({ AWSFED_HOME: sandbox().home }, process.platform, sandbox().home)
  const dev = () => {
    const profile = loadConfig(paths().config).profiles.get('dev')
    if (!profile) throw new Error('the sandbox has no profile dev')
    return { profile, session: readSession(paths(), profile) }
  }
  return {
    env,
    paths,
    dev,
    awsfed: (...args: string[]) => run(process.execPath, [programs.awsfed, ...args], { env: env() }),
    assumed: () => sandbox().events.filter((event) => JSON.stringify(event).includes('AssumeRoleWithSAML')).length,
  }
}

describe('with a portal that answers', () => {
  let sandbox: Sandbox
  const { awsfed, dev, paths, assumed } = at(() => sandbox)
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.stop())

  test('login --json: one document on stdout, progress on stderr, no key in either', async () => {
    const outcome = await awsfed('login', '--json')
    const { session } = dev()
    expect(outcome.code, outcome.stderr).toBe(0)
    const { profile, arn, account, expiration, via } = session ?? {}
    expect(JSON.parse(outcome.stdout)).toEqual({ profile, arn, account, expiration, via })
    expect(outcome.stderr).toMatch(/^opening the portal /)
    expect(outcome.stderr).toContain('assertion received\n')
    expect(outcome.stderr).toMatch(/role \w+ assumed until (\S+ )?\d\d:\d\d\n$/)
    for (const secret of [session?.secretAccessKey, session?.sessionToken, sandbox.password]) {
      expect(outcome.stdout + outcome.stderr).not.toContain(secret)
    }
  })

  test('roles --json: what the portal offers; no session is made', async () => {
    const before = assumed()
    const outcome = await awsfed('roles', '--json')
    expect(outcome.code, outcome.stderr).toBe(0)
    const roles = JSON.parse(outcome.stdout)
    expect(roles.map(({ role }: { role: string }) => role)).toContain(dev().profile.role)
    for (const role of roles) expect(Object.keys(role)).toEqual(['role', 'provider', 'account', 'name'])
    expect(assumed()).toBe(before)
    const human = await awsfed('roles')
    for (const { role } of roles) expect(human.stdout).toContain(role)
  })

  test('credentials with fewer than 15 minutes left: renewed first, silently', async () => {
    const { session } = dev()
    if (!session) throw new Error('no session')
    writeSession(paths(), {
      ...session,
      issued: new Date(Date.now() - 50 * minute).toISOString(),
      expiration: new Date(Date.now() + 14 * minute).toISOString(),
    })
    const outcome = await awsfed('credentials', '-p', 'dev')
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    const { AccessKeyId, Expiration } = JSON.parse(outcome.stdout)
    expect(AccessKeyId).not.toBe(session.accessKeyId)
    expect(Date.parse(Expiration)).toBeGreaterThan(Date.now() + 15 * minute)
  })

  test('login --background renews by cookies, and prints nothing', async () => {
    const before = dev().session
    if (!before) throw new Error('no session')
    writeSession(paths(), { ...before, expiration: new Date(Date.now() + 10 * minute).toISOString() })
    expect(await awsfed('login', '--profile', 'dev', '--background')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(dev().session?.accessKeyId).not.toBe(before.accessKeyId)
  })

  test('logout --all --portal: nothing is left', async () => {
    const outcome = await awsfed('logout', '--all', '--portal')
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(outcome.stdout).toMatch(/^forgot the session of dev\n/)
    expect(outcome.stdout).toMatch(/^forgot the cookies of /m)
    expect(dev().session).toBeUndefined()
    expect((await awsfed('login', '--profile', 'dev', '--background')).code).toBe(3)
  })
})

describe('a wrong password', () => {
  let sandbox: Sandbox
  const { awsfed, env, paths } = at(() => sandbox)
  const words = 'Incorrect user ID or password. Type the correct user ID and password, and try again.'
  const tries = () => sandbox.events.filter(({ what }) => what === 'password refused').length
  beforeAll(async () => {
    sandbox = await startSandbox()
    const { config } = paths()
    writeFileSync(config, readFileSync(config, 'utf8').replace(/^password_command = .*$/m, 'password_command = "echo wrong"'))
  })
  afterAll(() => sandbox.stop())

  for (const args of [['login', '--json'], ['roles'], ['credentials'], ['exec', '--', 'true']]) {
    test(`${args.join(' ')}: exit 4, the portal’s words, one try`, async () => {
      sandbox.portal.unlock()
      const before = tries()
      const outcome = await awsfed(...args)
      expect(outcome).toMatchObject({ code: 4, stdout: '' })
      expect(outcome.stderr).toContain(`awsfed: the portal refused the sign-in: "${words}"\n`)
      expect(tries() - before).toBe(1)
    })
  }

  test('git: the portal’s words in one line, one try, and git asks nobody', async () => {
    sandbox.portal.unlock()
    const { url } = await sandbox.createRepository('demo')
    expect((await awsfed('setup', 'git')).code).toBe(0)
    const before = tries()
    const outcome = await run('git', ['ls-remote', url], { env: env() })
    expect(outcome.code).toBe(128)
    expect(outcome.stderr).toContain(`the portal refused the sign-in: "${words}"`)
    expect(outcome.stderr).not.toContain('could not read Username')
    expect(tries() - before).toBe(1)
  })
})

describe('a login in flight that is ended', () => {
  let sandbox: Sandbox
  const { env, paths } = at(() => sandbox)
  beforeAll(async () => {
    sandbox = await startSandbox({ factor: 'push' })
  })
  afterAll(() => sandbox.stop())

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`${signal}: exit ${code}, one line, and no session`, async () => {
      const outcome = await run(process.execPath, [programs.awsfed, 'login', '--json'], {
        env: { ...env(), AWSFED_INTERACTIVE: 'auto' },
        onStart: (child) => {
          let seen = ''
          child.stderr?.on('data', (data) => {
            seen += data
            if (!child.killed && /waiting for approval/.test(seen)) child.kill(signal)
          })
        },
      })
      expect(outcome).toMatchObject({ code, stdout: '' })
      expect(outcome.stderr).toMatch(new RegExp(`\\nawsfed: cancelled by ${signal}\\n$`))
      const sessions = path.join(paths().cache, 'sessions')
      expect(existsSync(sessions) ? readdirSync(sessions) : []).toEqual([])
    })
  }
})

test('awsfed sandbox: says how to use it, and ends with Ctrl-C', async () => {
  const { PATH = '' } = process.env
  const outcome = await run(process.execPath, [programs.awsfed, 'sandbox'], {
    env: { PATH, HOME: '/nonexistent', TMPDIR: '/tmp' },
    onStart: (child) => {
      let seen = ''
      child.stdout?.on('data', (data) => {
        seen += data
        if (!child.killed && /Ctrl-C ends it/.test(seen)) child.kill('SIGINT')
      })
    },
  })
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
  expect(outcome.stdout).toContain("export AWSFED_HOME='")
  const [, folder = ''] = /removes (\S+)\./.exec(outcome.stdout) ?? []
  expect(existsSync(folder)).toBe(false)
})
