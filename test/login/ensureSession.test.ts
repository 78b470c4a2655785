import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Config, loadConfig, type Profile } from '../../src/base/config.ts'
import type { World } from '../../src/base/world.ts'
import { ensureSession, type LoginRequest, rolesOffered, type Status } from '../../src/login/index.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { readSession } from '../../src/session/cache.ts'
import { bundledScript } from '../support/bundle.ts'
import { type Outcome, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { onTerminal } from '../support/terminal.ts'
import { testWorld } from '../support/world.ts'

// A login takes three seconds, and several times that where other tests have browsers of their own.
vi.setConfig({ testTimeout: 60_000 })

/** Ensures the session of a profile as the programs do: tells how far it is on stderr, and what came of it on stdout. */
const script = await bundledScript(`
import { loadConfig } from './src/base/config.ts'
import { realWorld } from './src/base/world.ts'
import { ensureSession, lineOf } from './src/login/index.ts'

const [name, request] = process.argv.slice(2)
const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => abort.abort())
const world = realWorld()
const config = loadConfig(world.paths.config)
try {
  const report = (status) => world.say(lineOf(status))
  const session = await ensureSession(world, config, config.profiles.get(name), { ...JSON.parse(request), report, signal: abort.signal })
  const { accessKeyId, arn, via } = session
  process.stdout.write(JSON.stringify({ accessKeyId, arn, via }) + '\\n')
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.kind ?? error.stack, message: error.message, hint: error.hint }) + '\\n')
  process.exitCode = error.exitCode ?? 99
}
`)

interface Subject {
  sandbox: Sandbox
  world: World
  config: Config
  profile(name: string): Profile
  ensure(name: string, request?: Partial<LoginRequest>): ReturnType<typeof ensureSession>
  statuses: Status[]
  env: Record<string, string>
  /** What the portal has seen. */
  seen(): string[]
  assumed(): number
}

async function subject(options: Parameters<typeof sandboxForTest>[0] = {}, configure = (text: string) => text): Promise<Subject> {
  const sandbox = await sandboxForTest(options)
  const home = temporaryFolder()
  const env = scrubbedEnvironment(home, sandbox.environment)
  const world = testWorld(home, { env })
  writeFileSync(world.paths.config, configure(readFileSync(world.paths.config, 'utf8')))
  const config = loadConfig(world.paths.config)
  const statuses: Status[] = []
  const profile = (name: string) => {
    const found = config.profiles.get(name)
    if (!found) throw new Error(`no profile ${name}`)
    return found
  }
  return {
    sandbox,
    world,
    config,
    profile,
    ensure: (name, request = {}) =>
      ensureSession(world, config, profile(name), { asking: 'never', report: (status) => statuses.push(status), ...request }),
    statuses,
    env,
    seen: () => sandbox.events.filter(({ server }) => server === 'portal').map(({ what }) => what),
    assumed: () => sandbox.events.filter(({ server, status }) => server === 'sts' && status === 200).length,
  }
}

/** The processes of browsers that were started for this home. */
function browsersOf(world: World): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLineOf(pid))
    .filter(
      (line) => line.includes(`=${world.paths.state}/`) || (line.includes('chromedriver') && line.includes(world.paths.state)),
    )
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it has ended
  }
}

test('commands answer the portal: a session, by one password and one code; then the cache; then cookies alone', async () => {
  const { ensure, world, profile, statuses, seen, assumed, sandbox } = await subject()
  const first = await ensure('dev')
  expect(first).toMatchObject({ profile: 'dev', via: 'headless', arn: expect.stringMatching(/:assumed-role\/Dev\//) })
  expect(readSession(world.paths, profile('dev'))).toEqual(first)
  expect(seen()).toEqual(['sign-in page', 'password accepted', 'assertion issued'])
  expect(statuses.map(({ kind }) => kind)).toEqual(['opening', 'signing-in', 'captured', 'assumed'])
  expect(browsersOf(world)).toEqual([])

  expect(await ensure('dev')).toEqual(first)
  expect(assumed()).toBe(1)

  const renewed = await ensure('dev', { force: true, cookiesOnly: true })
  expect(renewed.accessKeyId).not.toBe(first.accessKeyId)
  expect(renewed.via).toBe('http')
  expect(seen().slice(3)).toEqual(['assertion issued'])
  const jar = path.join(world.paths.state, 'cookies')
  for (const name of readdirSync(jar)) expect(statSync(path.join(jar, name)).mode & 0o777).toBe(0o600)

  // The portal no longer knows the cookie: a renewal in the background gives up, a login answers again.
  sandbox.endPortalSessions()
  await expect(ensure('dev', { force: true, cookiesOnly: true })).rejects.toMatchObject({ kind: 'login-needed' })
  expect((await ensure('dev', { force: true })).via).toBe('headless')
})

test('a profile with a source assumes its role with the source’s session', async () => {
  const { ensure, seen, assumed } = await subject()
  const session = await ensure('deploy')
  expect(session).toMatchObject({
    profile: 'deploy',
    origin: 'dev',
    via: 'source',
    arn: expect.stringMatching(/:assumed-role\/Deploy\//),
  })
  expect(seen().filter((what) => what === 'assertion issued')).toHaveLength(1)
  expect(assumed()).toBe(2)
  expect(await ensure('deploy')).toEqual(session)
})

test('another profile of the same portal: cookies, no second password', async () => {
  const { ensure, seen } = await subject()
  await ensure('dev')
  expect((await ensure('readonly')).arn).toMatch(/ReadOnly/)
  expect(seen()).toEqual(['sign-in page', 'password accepted', 'assertion issued', 'assertion issued'])
})

test('a wrong password is refused in the portal’s words, after one try', async () => {
  const { ensure, seen, world } = await subject({}, (text) =>
    text.replace(/^password_command = .*$/m, 'password_command = "echo wrong"'),
  )
  await expect(ensure('dev')).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('Incorrect user ID or password'),
  })
  expect(seen().filter((what) => what === 'password refused')).toHaveLength(1)
  expect(browsersOf(world)).toEqual([])
})

test('no command and nobody to ask → login-needed, and how to log in', async () => {
  const { ensure, world } = await subject({ interactive: true })
  await expect(ensure('dev')).rejects.toMatchObject({
    kind: 'login-needed',
    hint: expect.stringContaining('awsfed login -p dev'),
  })
  expect(browsersOf(world)).toEqual([])
})

test('a portal that does not answer is a failure', async () => {
  const { ensure } = await subject({}, (text) => text.replace(/^url = .*$/m, 'url = "https://127.0.0.1:9/sign-in"'))
  await expect(ensure('dev')).rejects.toMatchObject({ kind: 'failed' })
})

test('a capture that the browser has not got → failed', async () => {
  const line = 'browser = "firefox"\ncapture = "devtools"'
  const { ensure } = await subject({}, (text) => text.replace('[portal.corp]', `[portal.corp]\n${line}`))
  await expect(ensure('dev')).rejects.toMatchObject({
    kind: 'failed',
    message: '[portal.corp] capture = "devtools" does not work with browser = "firefox"',
  })
})

test('the roles that the portal offers, which AWS hears nothing of', async () => {
  const { world, config, assumed } = await subject()
  const portal = config.portals.get('corp')
  if (!portal) throw new Error('no portal')
  const roles = await rolesOffered(world, config, portal, { asking: 'never', report: () => {} })
  expect(roles.map(({ name }) => name)).toEqual(expect.arrayContaining(['Dev', 'audit/ReadOnly']))
  expect(assumed()).toBe(0)
})

test('no role configured and nobody to ask: the hint says what to write', async () => {
  const { ensure } = await subject({}, (text) => text.replace(/^role = .*:role\/audit\/ReadOnly"$/m, ''))
  await expect(ensure('readonly')).rejects.toMatchObject({
    kind: 'login-needed',
    hint: expect.stringMatching(/write role = "arn:aws:iam::\d{12}:role\/[\w/]+" into \[profile\.readonly\]/),
  })
})

/** Runs the script of this file for the session of `name`. */
function process_(env: Record<string, string>, name: string, request: object, onStart?: Parameters<typeof run>[2]['onStart']) {
  const options = { env, ...(onStart ? { onStart } : {}) }
  return run(process.execPath, [script, name, JSON.stringify(request)], options)
}

const answerOf = (outcome: Outcome) => JSON.parse(outcome.stdout) as Record<string, string>

test('two logins at one portal wait for each other, a login at another one does not', async () => {
  const { ensure, world, statuses, seen } = await subject({}, (text) => {
    const [, portal = ''] = /^(\[portal\.corp\]\n[\s\S]*?)\n\n/m.exec(text) ?? []
    const other = `${portal.replace('corp', 'other')}\n\n[profile.elsewhere]\nportal = "other"\nregion = "us-east-1"\n`
    const role = /^role = .*:role\/Dev"$/m.exec(text)?.[0]
    // Until the file is there, the code of the first portal is not.
    const slow = text.replace(/^otp_command = "(.*)"$/m, 'otp_command = "mkdir slow; until test -e go; do sleep 0.1; done; $1"')
    return `${slow}\n${other}${role}\n`
  })
  const first = ensure('dev')
  await expect.poll(() => existsSync(path.join(world.home, 'slow')), { timeout: 30_000 }).toBe(true)
  const second = ensure('readonly')
  await expect.poll(() => statuses.map(({ kind }) => kind)).toContain('waiting-for-other')
  expect((await ensure('elsewhere')).origin).toBe('other')
  writeFileSync(path.join(world.home, 'go'), '')
  expect((await first).origin).toBe('corp')
  expect((await second).via).toBe('http')
  expect(seen().filter((what) => what === 'password accepted')).toHaveLength(2)
})

test('24 processes at once: one login, one STS call, 24 times the same session', async () => {
  const { env, seen, assumed, world } = await subject()
  const outcomes = await Promise.all(Array.from({ length: 24 }, () => process_(env, 'dev', { asking: 'never' })))
  expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 0))
  expect(new Set(outcomes.map((outcome) => answerOf(outcome).accessKeyId)).size).toBe(1)
  expect(seen()).toEqual(['sign-in page', 'password accepted', 'assertion issued'])
  expect(assumed()).toBe(1)
  const waited = outcomes.filter(({ stderr }) => /^waiting for the login of process \d+ \(profile dev\)$/m.test(stderr))
  expect(waited.length).toBeGreaterThan(0)
  expect(browsersOf(world)).toEqual([])
}, 120_000)

test('24 processes with a wrong password: one try, 24 times the portal’s words', async () => {
  const { env, seen } = await subject({}, (text) => text.replace(/^password_command = .*$/m, 'password_command = "echo wrong"'))
  const outcomes = await Promise.all(Array.from({ length: 24 }, () => process_(env, 'dev', { asking: 'never' })))
  expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 4))
  for (const outcome of outcomes) expect(answerOf(outcome).message).toContain('Incorrect user ID or password')
  expect(seen().filter((what) => what === 'password refused')).toHaveLength(1)
}, 120_000)

test('SIGKILL of the owner in the midst of its login: the next takes over and logs in', async () => {
  // The first code takes long: time to kill who waits for it.
  const { env, sandbox, world, assumed } = await subject({}, (text) =>
    text.replace(/^otp_command = "(.*)"$/m, 'otp_command = "mkdir slow 2>/dev/null && sleep 60; $1"'),
  )
  let owner: { kill(signal: NodeJS.Signals): boolean } | undefined
  const killed = process_(env, 'dev', { asking: 'never' }, (child) => {
    owner = child
  })
  await sandbox.waitFor(({ what }) => what === 'password accepted')
  const waiting = process_(env, 'dev', { asking: 'never' })
  await expect.poll(() => existsSync(path.join(world.home, 'slow'))).toBe(true)
  owner?.kill('SIGKILL')
  expect((await killed).code).toBe('SIGKILL')
  const outcome = await waiting
  expect(outcome).toMatchObject({ code: 0 })
  expect(assumed()).toBe(1)
  await expect.poll(() => browsersOf(world), { timeout: 10_000 }).toEqual([])
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in the midst of a login leaves no browser and gives the lock up`, async () => {
    const { env, sandbox, world } = await subject({}, (text) =>
      text.replace(/^otp_command = "(.*)"$/m, 'otp_command = "mkdir slow 2>/dev/null && sleep 60; $1"'),
    )
    let child: { kill(signal: NodeJS.Signals): boolean } | undefined
    const ended = process_(env, 'dev', { asking: 'never' }, (started) => {
      child = started
    })
    await sandbox.waitFor(({ what }) => what === 'password accepted')
    await expect.poll(() => existsSync(path.join(world.home, 'slow'))).toBe(true)
    child?.kill(signal)
    const outcome = await ended
    expect(outcome.code).toBe(130)
    expect(answerOf(outcome)).toMatchObject({ error: 'cancelled' })
    expect(browsersOf(world)).toEqual([])
    expect(await process_(env, 'dev', { asking: 'never' })).toMatchObject({ code: 0 })
  })
}

test('SIGINT while the portal does not answer a plain request ends the login at once; no browser was started', async () => {
  const { ensure, env, world } = await subject()
  await ensure('dev')
  let child: { kill(signal: NodeJS.Signals): boolean } | undefined
  const silent = net.createServer((socket) => socket.once('data', () => child?.kill('SIGINT')).on('error', () => {}))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const { port } = silent.address() as AddressInfo
  const config = readFileSync(world.paths.config, 'utf8')
  writeFileSync(world.paths.config, config.replace(/^url = .*$/m, `url = "http://127.0.0.1:${port}/"`))
  const outcome = await process_({ ...env, AWSFED_DEBUG: '1' }, 'dev', { asking: 'never', force: true }, (started) => {
    child = started
  })
  expect(outcome.code).toBe(130)
  expect(answerOf(outcome)).toMatchObject({ error: 'cancelled' })
  expect(outcome.stderr).not.toContain('login: on to headless')
})

test('a person at the terminal is asked for name, password and code; the session says so', async () => {
  const { env, sandbox, world } = await subject({ interactive: true })
  const terminal = onTerminal(process.execPath, [script, 'dev', '{"asking":"auto"}'], { env })
  let at = await terminal.shows('User name for corp')
  terminal.type(`${sandbox.user}\r`)
  at = await terminal.shows(`Password for ${sandbox.user}`, at)
  terminal.type(`${sandbox.password}\r`)
  await sandbox.waitFor(({ what }) => what === 'password accepted')
  at = await terminal.shows(/code/i, at)
  terminal.type(`${sandbox.totp()}\r`)
  await terminal.shows('"via":"terminal"', at)
  expect(await terminal.ended).toBe(0)
  expect(terminal.output()).not.toContain(sandbox.password)
  expect(browsersOf(world)).toEqual([])
})

test('Ctrl-C at a prompt ends the login and leaves no browser', async () => {
  const { env, world } = await subject({ interactive: true })
  const terminal = onTerminal(process.execPath, [script, 'dev', '{"asking":"auto"}'], { env })
  await terminal.shows('User name for corp')
  terminal.type('\u0003')
  await terminal.shows('"error":"cancelled"')
  expect(await terminal.ended).toBe(130)
  expect(browsersOf(world)).toEqual([])
})
