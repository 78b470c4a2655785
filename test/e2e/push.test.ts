import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test, vi } from 'vitest'
import { loadConfig } from '../../src/base/config.ts'
import { awsfedPaths } from '../../src/base/paths.ts'
import type { Sandbox, SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { readSession, writeSession } from '../../src/session/cache.ts'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { onTerminal } from '../support/terminal.ts'

// The programs as they are published, with real git and a real browser, at a sandbox: what they did is read off its servers.
vi.setConfig({ testTimeout: 120_000 })

const request = 'protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/demo\n'

async function stage(options: SandboxOptions = {}, configure = (text: string) => text) {
  const sandbox = await sandboxForTest(options)
  const repository = await sandbox.createRepository('demo')
  const folder = temporaryFolder()
  const env = scrubbedEnvironment(folder, { ...sandbox.environment, GIT_CONFIG_NOSYSTEM: '1' })
  const paths = awsfedPaths(env, process.platform, folder)
  writeFileSync(paths.config, configure(readFileSync(paths.config, 'utf8')))
  expect(await run(process.execPath, [programs.awsfed, 'setup', 'git'], { env })).toMatchObject({ code: 0, stderr: '' })
  const profile = (name: string) => {
    const found = loadConfig(paths.config).profiles.get(name)
    if (!found) throw new Error(`no profile ${name}`)
    return found
  }
  const session = (name = 'dev') => readSession(paths, profile(name))
  return {
    sandbox,
    repository,
    folder,
    env,
    paths,
    session,
    /** Puts the end of the session into the past, or `minutes` into the future. */
    age(minutes: number, name = 'dev') {
      const found = session(name)
      if (!found) throw new Error(`no session of ${name}`)
      const at = (from: number) => new Date(Date.now() + from * 60_000).toISOString()
      writeSession(paths, { ...found, issued: at(minutes - 60), expiration: at(minutes) })
    },
    git: (args: readonly string[], more: Record<string, string> = {}, cwd = folder) =>
      run('git', args, { env: { ...env, ...more }, cwd }),
    helper: (operation: string, input: string, more: Record<string, string> = {}) =>
      run(programs.helper, [operation], { env: { ...env, ...more }, cwd: folder, input }),
    portal: () => sandbox.events.filter(({ server }) => server === 'portal').map(({ what }) => what),
    assumed: () => sandbox.events.filter(({ server, status }) => server === 'sts' && status === 200).length,
  }
}

/** Has the configuration name a browser that writes each start of a browser into a file, and then is the real one. */
function countedBrowser(): { configure: (text: string) => string; starts: () => number } {
  const folder = temporaryFolder()
  const [log, program] = [path.join(folder, 'starts'), path.join(folder, 'chromium')]
  const real = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) => existsSync(file))
  writeFileSync(program, `#!/bin/sh\ncase "$*" in *--user-data-dir=*) echo started >> '${log}' ;; esac\nexec '${real}' "$@"\n`)
  chmodSync(program, 0o755)
  return {
    configure: (text) => text.replace('[portal.corp]', `[portal.corp]\nbrowser_binary = ${JSON.stringify(program)}`),
    starts: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0),
  }
}

test('24 helpers on a lapsed session: one browser, one STS call, 24 answers', async () => {
  const { configure, starts } = countedBrowser()
  const { sandbox, helper, age, session, portal, assumed } = await stage({}, configure)
  expect((await helper('get', request)).code).toBe(0)
  age(4)
  // Else the portal's cookies would do, and no browser were needed.
  sandbox.endPortalSessions()
  const [browsers, calls, before] = [starts(), assumed(), portal().length]
  const outcomes = await Promise.all(Array.from({ length: 24 }, () => helper('get', request)))
  expect(outcomes.map(({ code }) => code)).toEqual(outcomes.map(() => 0))
  const { accessKeyId, sessionToken } = session() ?? {}
  for (const { stdout } of outcomes) {
    expect(stdout).toContain(`username=${accessKeyId}%${sessionToken}\n`)
    expect(stdout).toMatch(/^password=\d{8}T\d{6}Z[0-9a-f]{64}$/m)
  }
  expect(starts() - browsers).toBe(1)
  expect(assumed() - calls).toBe(1)
  for (const once of ['password accepted', 'assertion issued']) {
    expect(
      portal()
        .slice(before)
        .filter((what) => what === once),
    ).toEqual([once])
  }
  expect(outcomes.some(({ stderr }) => /^awsfed: waiting for the login of process \d+ /m.test(stderr))).toBe(true)
})

test('a stale session answers at once, and is renewed by a process that outlives git', async () => {
  const { helper, age, session, portal } = await stage()
  await helper('get', request)
  age(15)
  const before = session()?.accessKeyId
  const { code, stdout, stderr } = await helper('get', request)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`username=${before}%`)
  await expect.poll(() => session()?.accessKeyId, { timeout: 60_000 }).not.toBe(before)
  expect(portal().filter((what) => what === 'password accepted')).toHaveLength(1)
})

test('SIGKILL of the helper in the midst of its login: the one that waits logs in', async () => {
  // The first code takes long: time to kill who waits for it.
  const { helper, env, sandbox, assumed, folder } = await stage({}, (text) =>
    text.replace(/^otp_command = "(.*)"$/m, 'otp_command = "mkdir slow 2>/dev/null && sleep 60; $1"'),
  )
  let kill = () => {}
  const killed = run(programs.helper, ['get'], {
    env,
    input: request,
    onStart: (child) => (kill = () => void child.kill('SIGKILL')),
  })
  await sandbox.waitFor(({ what }) => what === 'password accepted')
  await expect.poll(() => existsSync(path.join(folder, 'slow'))).toBe(true)
  const waiting = helper('get', request)
  kill()
  expect((await killed).code).toBe('SIGKILL')
  const { code, stdout } = await waiting
  expect(code).toBe(0)
  expect(stdout).toContain('password=')
  expect(assumed()).toBe(1)
})

test('git on a terminal: the login that it starts asks there for name, password and code', async () => {
  const { env, sandbox, repository, folder } = await stage({ interactive: true })
  const terminal = onTerminal('git', ['clone', repository.url, 'here'], { env, cwd: folder })
  let at = await terminal.shows('User name for corp')
  terminal.type(`${sandbox.user}\r`)
  at = await terminal.shows(`Password for ${sandbox.user}`, at)
  terminal.type(`${sandbox.password}\r`)
  await sandbox.waitFor(({ what }) => what === 'password accepted')
  at = await terminal.shows(/code/i, at)
  terminal.type(`${sandbox.totp()}\r`)
  await terminal.shows('role Dev assumed until', at)
  expect(await terminal.ended, terminal.output()).toBe(0)
  expect(existsSync(path.join(folder, 'here', 'README.md'))).toBe(true)
  expect(terminal.output()).not.toContain(sandbox.password)
})

test('git without a terminal: one line that says how to log in, and git asks nobody else', async () => {
  const { env, repository, folder, assumed } = await stage({ interactive: true })
  // In a session of its own there is no /dev/tty.
  const { code, stderr } = await run('setsid', ['--wait', 'git', 'clone', repository.url, 'here'], { env, cwd: folder })
  expect(code).toBe(128)
  expect(stderr).toMatch(
    /^Cloning into 'here'\.\.\.\n(awsfed: [^\n]*\n)*awsfed: [^\n]*`awsfed login -p dev`[^\n]*\nfatal: [^\n]*told us to quit\n$/,
  )
  expect(stderr).not.toContain('Username')
  expect(assumed()).toBe(0)
})

test('a session that AWS has ended early: 403, for which git erases nothing; `login --force` helps', async () => {
  const { sandbox, repository, folder, git, session, portal, env } = await stage()
  expect((await git(['clone', '--quiet', repository.url, 'here'])).code).toBe(0)
  const before = session()?.accessKeyId
  sandbox.expireSessions()
  const here = path.join(folder, 'here')
  expect((await git(['fetch'], {}, here)).stderr).toContain('403')
  expect((await run(process.execPath, [programs.awsfed, 'login', '--force'], { env })).code).toBe(0)
  expect((await git(['fetch'], {}, here)).code).toBe(0)
  expect(session()?.accessKeyId).not.toBe(before)
  expect(portal().filter((what) => what === 'password accepted')).toHaveLength(1)
})

test('PROFILE@host, a worktree and a submodule', async () => {
  const { sandbox, repository, folder, git, session } = await stage()
  const library = await sandbox.createRepository('library')
  const named = repository.url.replace('https://', 'https://readonly@')
  // Else libcurl would try the name with an empty password before git asks anybody, and get a 403.
  expect((await git(['clone', '--quiet', named, 'here'])).code).toBe(0)
  expect(session('readonly')).toBeDefined()
  expect(session('dev')).toBeUndefined()

  const here = path.join(folder, 'here')
  expect((await git(['submodule', '--quiet', 'add', library.url, 'library'], {}, here)).code).toBe(0)
  expect(session('dev')).toBeDefined()
  await git(['commit', '--quiet', '--message', 'A library'], {}, here)
  await git(['worktree', 'add', '--quiet', '../there', '-b', 'there'], {}, here)
  const there = path.join(folder, 'there')
  expect((await git(['submodule', '--quiet', 'update', '--init'], {}, there)).code).toBe(0)
  expect(existsSync(path.join(there, 'library', 'README.md'))).toBe(true)
  expect((await git(['fetch'], {}, there)).code).toBe(0)
  // The user name that git was answered must not have got into the URL.
  expect((await git(['remote', 'get-url', 'origin'], {}, there)).stdout).toBe(`${named}\n`)
})

/** Reads the command lines of all processes, over and over, until it is asked for those that held what `secret` matches. */
function commandLinesWith(secret: RegExp): () => Promise<string[]> {
  const worker = new Worker(
    `const { readdirSync, readFileSync } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const found = new Set()
const look = () => {
  for (const pid of readdirSync('/proc')) {
    if (!/^\\d+$/.test(pid)) continue
    try {
      const line = readFileSync('/proc/' + pid + '/cmdline', 'utf8')
      if (workerData.test(line)) found.add(line)
    } catch {} // it has ended
  }
}
const timer = setInterval(look, 2)
parentPort.once('message', () => {
  clearInterval(timer)
  parentPort.postMessage([...found])
})`,
    { eval: true, workerData: secret },
  )
  onTestFinished(() => void worker.terminate())
  return () =>
    new Promise((resolve) => {
      worker.once('message', resolve)
      worker.postMessage('enough')
    })
}

/** All files below `folder` that others than their owner may read, and that hold what `secret` matches. */
function readableWith(folder: string, secret: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => {
      const status = lstatSync(file)
      return status.isFile() && (status.mode & 0o077) !== 0 && secret.test(readFileSync(file, 'latin1'))
    })
}

const anySecret = (sandbox: Sandbox, ...more: string[]) =>
  // What is known; a password for git; the base64 of `<samlp:Response`, `<Response` and `<saml2p:Response`.
  new RegExp(
    [sandbox.password, ...more, '\\d{8}T\\d{6}Z[0-9a-f]{64}', 'PHNhbWxwOlJlc3', 'PFJlc3BvbnNl', 'PHNhbWwycDpSZXNw']
      .map((text) => text.replace(/[/+=]/g, '\\$&'))
      .join('|'),
  )

test.runIf(process.platform === 'linux')('no secret in any output, argv or file that others may read', async () => {
  const { sandbox, repository, folder, git, helper, age, session, env, paths } = await stage()
  const seen = commandLinesWith(anySecret(sandbox))
  const outputs: string[] = []
  const keep = async (outcome: Promise<{ code: unknown; stdout: string; stderr: string }>) => {
    const { code, stdout, stderr } = await outcome
    expect(code, stderr).toBe(0)
    outputs.push(stdout, stderr)
  }
  const secrets: string[] = []
  const keepSession = () => {
    const { secretAccessKey, sessionToken } = session() ?? {}
    if (!secretAccessKey || !sessionToken) throw new Error('no session')
    secrets.push(secretAccessKey, sessionToken)
  }
  const debug = { AWSFED_DEBUG: '1' }
  await keep(git(['clone', repository.url, 'here'], { ...debug, GIT_TRACE: '1' }))
  keepSession()
  age(-1)
  await keep(git(['fetch'], { ...debug, GIT_TRACE: '1' }, path.join(folder, 'here')))
  keepSession()
  const awsfed = (...args: string[]) => run(process.execPath, [programs.awsfed, ...args], { env: { ...env, ...debug } })
  await keep(awsfed('login', '--force', '--json'))
  keepSession()
  for (const args of [
    ['status', '--json'],
    ['roles', '--json'],
  ])
    await keep(awsfed(...args))
  // stdout of `get` is for git: what the helper says is on stderr.
  outputs.push((await helper('get', request, debug)).stderr)
  const secret = anySecret(sandbox, ...secrets)
  expect(outputs.filter((text) => secret.test(text))).toEqual([])
  expect(await seen()).toEqual([])
  expect(readableWith(paths.state, secret)).toEqual([])
  expect(readableWith(paths.cache, secret)).toEqual([])
  expect(readableWith(folder, secret)).toEqual([])
  expect(lstatSync(paths.cache).mode & 0o077).toBe(0)
  expect(lstatSync(paths.state).mode & 0o077).toBe(0)
})
