// git-credential-awsfed: stdin → profile → session → signature → stdout. CUSTOM HELPERS in gitcredentials(7).
//
// Two ways: the quick one answers from the cached session and loads nothing but what stands here; only where there is no
// session does the slow one load the login.
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { readFileSync, readSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { askingOf } from './base/asking.ts'
import { type Config, loadConfig, type Profile } from './base/config.ts'
import { AwsfedError, codeOf, messageOf } from './base/errors.ts'
import { readIfThere, writeWhole } from './base/files.ts'
import { fileNameOf } from './base/paths.ts'
import { chooseProfile } from './base/profiles.ts'
import { realWorld, type World } from './base/world.ts'
import { askedBy } from './codecommit/asked.ts'
import * as git from './codecommit/credential.ts'
import type { CodeCommitHost } from './codecommit/host.ts'
import { repositoryOfPath, requestedRepository } from './codecommit/repository.ts'
import { passwordFor, passwordLife, timeOfPassword, usernameFor } from './codecommit/signature.ts'
import type { Report, Status } from './login/index.ts'
import { readSession, refuseSession, type Session } from './session/cache.ts'
import { freshness } from './session/freshness.ts'

const usage = `usage: git-credential-awsfed [--profile NAME] get|store|erase|capability

A credential helper: git runs it, and \`awsfed setup git\` tells git to. It answers for hosts of CodeCommit only.
`

const minute = 60_000

async function main(args: readonly string[]): Promise<number> {
  const world = realWorld((text) => write(2, text))
  const say = (line: string) => world.say(`awsfed: ${line}`)
  const words: string[] = []
  let flag: string | undefined
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? ''
    if (word === '--help' || word === '-h') return write(1, usage)
    if (word === '--version') return write(1, `${versionBeside(__dirname)}\n`)
    if (word === '--profile') flag = args[++at]
    else if (word.startsWith('--profile=')) flag = word.slice('--profile='.length)
    else if (word.startsWith('-')) {
      say(`there is no option ${word}; it takes --profile NAME, --help and --version`)
      return 2
    } else words.push(word)
  }
  switch (words[0]) {
    case 'get':
      return get(world, say, flag)
    case 'erase':
      return erase(world, flag)
    case 'capability':
      return write(1, git.capabilityAnswer)
    case undefined:
      write(2, usage)
      return 2
    default:
      // `store`, which has nothing to keep, and operations of a later git: to be ignored silently (gitcredentials(7)).
      return 0
  }
}

/** Answers for a host of ours or says in one line why not; for all others it is silent. */
async function get(world: World, say: (line: string) => void, flag: string | undefined): Promise<number> {
  const asked = askedBy(await readInput())
  if (asked.kind === 'refused') say(asked.why)
  if (asked.kind !== 'ours') return 0
  const { host, request } = asked
  try {
    wantNode(process.versions.node)
    const repository = requestedRepository(host, request.path)
    const config = loadConfig(world.paths.config)
    const profile = chooseProfile(config, {
      urlUser: request.username,
      flag,
      env: world.env.AWSFED_PROFILE,
      repository: { region: host.region, name: repository },
    })
    const cached = readSession(world.paths, profile, world.trace)
    const state = cached ? freshness(cached, world.now()) : 'lapsed'
    world.trace(`profile ${profile.name}: ${cached ? `session until ${cached.expiration}, ${state}` : 'no session'}`)
    const session = cached && state !== 'lapsed' ? cached : await logIn(world, say, config, profile)
    write(1, answerFor(host, repository, session, request.capabilities, world.now()))
    if (state === 'stale') renewInBackground(world, session)
    return 0
  } catch (error) {
    say(lineFor(error))
    try {
      write(1, git.quit)
    } catch {
      // It is what has just been told: nothing can be written there.
    }
    return exitCodeFor(error)
  }
}

/** @throws AwsfedError `failed` for a Node that awsfed is not made for: one that has stayed on the PATH when the pinned one went. */
function wantNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new AwsfedError('failed', `Node ${version} is too old`, {
    hint: 'install Node 20.19 or later and run `awsfed setup git` under it',
  })
}

function answerFor(
  host: CodeCommitHost,
  repository: string,
  session: Session,
  capabilities: readonly string[],
  now: Date,
): string {
  const password = passwordFor(host, repository, session, now)
  // A minute less than CodeCommit takes it for, and no longer than the keys live.
  const expiry = new Date(Math.min(now.getTime() + passwordLife - minute, Date.parse(session.expiration)))
  return git.answer({ username: usernameFor(session), password, expiry }, capabilities)
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Whether something may still be under way when the work is done. On the quick way nothing is: all was synchronous. */
let unfinished = false

/** The slow way: one login for all callers. A signal ends it in good order, a second one at once. */
async function logIn(world: World, say: (line: string) => void, config: Config, profile: Profile): Promise<Session> {
  unfinished = true
  const abort = new AbortController()
  const interrupt = (signal: NodeJS.Signals) =>
    abort.abort(new AwsfedError('cancelled', `the login was ended by ${signal}`, { cause: signal }))
  const crash = (error: unknown) => abort.abort(error)
  for (const signal of Object.keys(signals)) process.once(signal, interrupt)
  process.once('uncaughtException', crash)
  try {
    const { ensureSession, gitAllowsAsking, lineOf } = await import('./login/index.ts')
    const asked = askingOf(world.env)
    const asking =
      asked === 'auto' && world.env.AWSFED_INTERACTIVE?.toLowerCase() !== 'auto' && !(await gitAllowsAsking(world))
        ? 'never'
        : asked
    const tell: Report = (status) => say(lineOf(status))
    // Amid git's own lines each of ours says whose it is.
    return await ensureSession({ ...world, say }, config, profile, {
      asking,
      report: asking === 'never' ? onceSignedIn(tell) : tell,
      signal: abort.signal,
    })
  } catch (error) {
    throw abort.signal.aborted ? abort.signal.reason : error
  } finally {
    for (const signal of Object.keys(signals)) process.off(signal, interrupt)
    process.off('uncaughtException', crash)
  }
}

/**
 * Keeps statuses back until the portal has let in. Where nobody may be asked nobody waits for them, and of a login that comes
 * to nothing git's user should see one line: why.
 */
function onceSignedIn(tell: Report): Report {
  let kept: Status[] | undefined = []
  return (status) => {
    if (kept && status.kind !== 'captured' && status.kind !== 'assumed') return void kept.push(status)
    for (const earlier of kept ?? []) tell(earlier)
    kept = undefined
    tell(status)
  }
}

/**
 * Renews the session of a profile in a process of its own, which asks nobody and outlives git. At most one attempt in 5
 * minutes, and none for a session that is itself younger: a role of 15 minutes is stale from the start.
 */
function renewInBackground(world: World, session: Session): void {
  const now = world.now().getTime()
  const recent = (time: number) => now >= time && now - time < 5 * minute
  const file = join(world.paths.state, 'renewals', fileNameOf(session.profile))
  try {
    if (recent(Date.parse(session.issued)) || recent(Number(readIfThere(file)))) return
    writeWhole(file, String(now))
    // Loaded here and synchronously: on the way to the answer it would cost a tenth of it.
    const { spawn } = process.getBuiltinModule('node:child_process') as {
      spawn(command: string, args: readonly string[], options: SpawnOptions): ChildProcess
    }
    const { AWSFED_HOME: home } = world.env
    const child = spawn(process.execPath, [join(__dirname, 'cli.js'), 'login', '--profile', session.profile, '--background'], {
      // Not in the work tree, which it would keep from being removed on Windows; and a folder that is there.
      cwd: world.paths.state,
      env: home ? { ...world.env, AWSFED_HOME: resolve(home) } : world.env,
      detached: true,
      stdio: 'ignore',
      windowsHide: true,
    })
    child.on('error', (error) => world.trace(`no renewal in the background: ${messageOf(error)}`))
    child.unref()
    world.trace(`renewing in the background: process ${child.pid}`)
  } catch (error) {
    // The answer is given already; the next `get` tries again.
    world.trace(`no renewal in the background: ${messageOf(error)}`)
  }
}

/**
 * Marks the session that CodeCommit refused, so that the next `get` renews it. Git erases what was refused by 401 with
 * the user name that it was answered, so the key in there tells which session it was; an old password, or one that is
 * not ours, tells nothing about a session. Silent always.
 */
async function erase(world: World, flag: string | undefined): Promise<number> {
  const asked = askedBy(await readInput())
  if (asked.kind !== 'ours') return 0
  const { host, request } = asked
  const { password, username, path: requested } = request
  const made = password === undefined ? undefined : timeOfPassword(password)
  if (password !== undefined && (!made || world.now().getTime() - made.getTime() > passwordLife)) return 0
  try {
    const config = loadConfig(world.paths.config)
    const sessionOf = (profile: Profile) => readSession(world.paths, profile)
    const name = repositoryOfPath(requested ?? '')
    const refused =
      username && !config.profiles.has(username)
        ? [...config.profiles.values()].map(sessionOf).find((session) => session?.accessKeyId === username.split('%')[0])
        : sessionOf(
            chooseProfile(config, {
              urlUser: username,
              flag,
              env: world.env.AWSFED_PROFILE,
              repository: name === undefined ? undefined : { region: host.region, name },
            }),
          )
    if (refused) refuseSession(world.paths, refused.profile, refused.accessKeyId)
  } catch (error) {
    world.trace(`erase: ${messageOf(error)}`)
  }
  return 0
}

/** The request on stdin: to its end, to an empty line, or to a little more than a request may have. */
async function readInput(): Promise<Uint8Array> {
  let buffer = Buffer.allocUnsafe(16 * 1024)
  let length = 0
  const input = () => buffer.subarray(0, length)
  try {
    for (let read = -1; read !== 0 && length <= git.longestRequest && !git.isWhole(input()); length += read) {
      if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(length)])
      read = readSync(0, buffer, length, buffer.length - length, null)
    }
  } catch (error) {
    // The other end made the pipe non-blocking: the rest comes by events. And Windows reports the end of a pipe as an error.
    if (codeOf(error) === 'EAGAIN') return readRest(input())
    // A folder, a descriptor that is not for reading: no request, and half of one is none either.
    if (codeOf(error) !== 'EOF') return Buffer.alloc(0)
  }
  return input()
}

async function readRest(first: Uint8Array): Promise<Uint8Array> {
  let input = Buffer.from(first)
  unfinished = true
  for await (const chunk of process.stdin) {
    input = Buffer.concat([input, chunk])
    if (input.length > git.longestRequest || git.isWhole(input)) break
  }
  return input
}

/**
 * Writes all of `text` at once, so that it is out before anything else starts. A reader that has gone is no error, nor is a
 * stderr that takes nothing: git still has to get its answer.
 * @throws AwsfedError `failed` when stdout takes nothing (full disk)
 */
function write(descriptor: 1 | 2, text: string): 0 {
  let bytes = Buffer.from(text)
  try {
    while (bytes.length > 0) bytes = bytes.subarray(writeSync(descriptor, bytes))
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') {
      const stream = descriptor === 1 ? process.stdout : process.stderr
      stream.on('error', () => {})
      stream.write(bytes)
      unfinished = true
    } else if (descriptor === 1 && codeOf(error) !== 'EPIPE') {
      throw new AwsfedError('failed', `the answer cannot be written: ${messageOf(error)}`, {
        hint: 'check what stdout is, and that the disk is not full',
        cause: error,
      })
    }
  }
  return 0
}

/** One line: what happened, and what to do next. */
function lineFor(error: unknown): string {
  const parts =
    error instanceof AwsfedError
      ? [error.message, error.hint]
      : [`unexpected: ${messageOf(error)}`, 'this is a bug: report it, with what AWSFED_DEBUG=1 shows']
  return parts
    .filter((part) => part !== undefined)
    .join('; ')
    .replace(/\s+/g, ' ')
}

function exitCodeFor(error: unknown): number {
  if (!(error instanceof AwsfedError)) return 1
  return signals[error.cause as keyof typeof signals] ?? error.exitCode
}

function versionBeside(folder: string): string {
  return JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')).version
}

main(process.argv.slice(2)).then(
  (code) => {
    // At once: else Node takes itself apart piece by piece, which is a part of what git waits for.
    if (unfinished) process.exitCode = code
    else process.exit(code)
  },
  (error: unknown) => {
    write(2, `awsfed: ${lineFor(error)}\n`)
    process.exitCode = 1
  },
)
