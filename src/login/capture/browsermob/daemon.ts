import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../../base/errors.ts'
import { printable } from '../../../base/text.ts'
import type { World } from '../../../base/world.ts'
import { endIfCancelled } from '../../cancelled.ts'
import { daemonCommand, daemonEnvironment } from './command.ts'
import { commandNotFound, daemonDied, neverListened, nothingAnswers, somethingElse } from './failures.ts'
import { type Rest, restAt } from './rest.ts'
import { daemonVariable } from './sweep.ts'

/** Where a daemon is, or how it is started. */
export interface Setting {
  readonly portal: string
  readonly url: string
  readonly command: string | undefined
}

/** How a daemon is to be started. */
interface Start {
  /** By which its processes are known. */
  readonly id: string
  /** Told of the process that leads its group as soon as there is one, and, with 0, just before: to end it is the caller's. */
  readonly started: (leader: number) => void
  readonly signal: AbortSignal
  /** Milliseconds that it may take until it listens. */
  readonly patience?: number
}

/**
 * The daemon of `setting`: the one that answers at its url, else one that its command starts, in a group of processes of its own.
 * What that prints goes to the trace.
 * @throws AwsfedError `failed` when there is none and none can be started, `cancelled`
 */
export async function daemonOf(world: World, setting: Setting, how: Start): Promise<Rest> {
  const { portal, url, command } = setting
  const rest = restAt(url)
  const answering = await rest.answering()
  endIfCancelled(how.signal)
  if (answering === 'something-else') throw somethingElse(portal, url)
  if (answering === 'browsermob') {
    world.trace(`browsermob: a daemon answers at ${url}`)
    return rest
  }
  if (command === undefined) throw nothingAnswers(portal, url)
  how.started(0)
  await start(world, { ...setting, command }, rest, how)
  return rest
}

async function start(
  world: World,
  { portal, url, command }: Setting & { command: string },
  rest: Rest,
  { id, started, signal, patience = 30_000 }: Start,
): Promise<void> {
  const key = `portal.${portal}.browsermob.command`
  const line = daemonCommand(command, url)
  world.trace(`browsermob: starting ${line}`)
  const child = spawn(line, {
    shell: true,
    cwd: world.home,
    env: { ...daemonEnvironment(world.env), [daemonVariable]: id },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: world.platform !== 'win32',
    windowsHide: true,
  })
  const printed = listen(world, child)
  if (child.pid !== undefined) started(child.pid)
  const end = new Promise<{ code: number | null; by?: string | null; error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }))
    // `close` and not `exit`: what it printed last is the reason.
    child.once('close', (code, by) => resolve({ code, by }))
  })
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])
  const ended = end.then(({ code, by, error }) => {
    // A command that leaves a daemon behind it and ends well is as good.
    if (code === 0) return listens(rest, until)
    if (code === 127 || code === 9009) {
      if (!/\bjava\b/i.test(printed())) throw commandNotFound(key)
    }
    const how = error ? `cannot be run (${messageOf(error)})` : by ? `was ended by ${by}` : `failed (exit code ${code})`
    throw daemonDied(key, how, printed(), error)
  })
  try {
    const limit = delay(patience, undefined, { signal: until }).then(() =>
      Promise.reject(neverListened(key, url, patience / 1000)),
    )
    const answering = await Promise.race([listens(rest, until), ended, limit])
    if (answering === 'something-else') throw somethingElse(portal, url)
  } catch (error) {
    endIfCancelled(signal)
    throw error
  } finally {
    over.abort()
    ended.catch(() => {}) // the race has told it
    child.unref()
  }
}

/** Waits until something answers, and says what. No event tells that a process listens. */
async function listens(rest: Rest, signal: AbortSignal): Promise<'browsermob' | 'something-else'> {
  for (;;) {
    const answering = await rest.answering()
    if (answering !== 'nothing') return answering
    await delay(50, undefined, { signal })
  }
}

/** Shows what the daemon prints in the trace; the function that it returns tells the last of it. */
function listen(world: World, child: ChildProcess): () => string {
  let last = ''
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (text) => {
      last = `${last}${text}\n`.slice(-20_000)
      world.trace(`browsermob: ${printable(text)}`)
    })
    // What it leaves running must not keep this process.
    if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
  }
  return () => last
}

/** Whether what listens at `port` does so for more than 127.0.0.1: `127.0.0.2` is this machine too (RFC 5735), where it is known. */
export function isOpenToOthers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.2', port, timeout: 1_000 })
    const settle = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => settle(true))
    socket.once('timeout', () => settle(false))
    socket.once('error', () => settle(false))
  })
}
