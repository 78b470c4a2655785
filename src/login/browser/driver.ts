import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { codeOf } from '../../base/errors.ts'
import { readIfThere } from '../../base/files.ts'
import { printable, shortened } from '../../base/text.ts'
import type { World } from '../../base/world.ts'
import { abortedBy, driverDied, driverNotRun } from './failures.ts'
import type { Run } from './runs.ts'
import { socketFolder } from './socketFolder.ts'

/** A driver (chromedriver, msedgedriver) that listens. */
export interface RunningDriver {
  /** Where it speaks WebDriver. */
  readonly url: string
  /** Its version, which is its browser's: `156.0.8078.79`. */
  readonly version: string | undefined
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  kill(): void
  /** What it wrote to its log, for the trace of a failure. */
  log(): string
}

const startLimit = 20_000
const mostStarts = 3

/** The driver found its port taken on the other of IPv4 and IPv6: it chooses it on the one, and needs it on both. */
class PortTaken extends Error {}

/**
 * Starts `binary` on a port of its own choice, which it tells on stdout: unlike a port that we had looked for, nobody else can
 * take it meanwhile. It is in a session of its own, so that Ctrl-C on the terminal reaches awsfed alone, which then ends it in
 * order. None of our pipes goes to it or to the browser: git would wait for their end.
 * @throws AwsfedError `failed` when it cannot be run or ends at once
 */
export async function startDriver(
  world: Pick<World, 'env' | 'platform' | 'trace'>,
  binary: string,
  run: Run,
  signal: AbortSignal,
): Promise<RunningDriver> {
  for (let start = 1; ; start++) {
    try {
      return await startOnce(world, binary, run, signal)
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error
      if (start === mostStarts) throw driverDied(binary, 'finds no free port')
      world.trace('driver: its port is taken, another one')
    }
  }
}

async function startOnce(
  world: Pick<World, 'env' | 'platform' | 'trace'>,
  binary: string,
  run: Run,
  signal: AbortSignal,
): Promise<RunningDriver> {
  const logFile = path.join(run.folder, 'driver.log')
  const tmpdir = socketFolder(world.env, world.platform)
  const child = spawn(
    binary,
    // At its usual level the log holds every text that is typed and every page that is read.
    ['--port=0', `--log-path=${logFile}`, '--log-level=WARNING'],
    {
      // Crash reports hold what was in memory, passwords too: they go when the folder goes.
      env: { ...world.env, ...(tmpdir && { TMPDIR: tmpdir }), BREAKPAD_DUMP_LOCATION: path.join(run.folder, 'crashes') },
      detached: world.platform !== 'win32',
      windowsHide: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const log = () => shortened(printable((readIfThere(logFile) ?? '').trim()), 2000)
  child.stderr.setEncoding('utf8').on('data', (text: string) => world.trace(`driver: ${text.trim()}`))
  const kill = () => killWhole(child, world.platform)
  try {
    return { ...(await listening(child, binary, signal)), ended, log, kill }
  } catch (error) {
    kill()
    throw error
  }
}

/** Ends the driver and, where it is a script around one, what that has started: it would hold our pipes open, and us with them. */
function killWhole(child: ChildProcessByStdio<null, Readable, Readable>, platform: NodeJS.Platform): void {
  child.stdout.destroy()
  child.stderr.destroy()
  if (child.pid === undefined) return
  try {
    // `detached` made it the leader of a process group; Windows has none.
    process.kill(platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
  } catch (error) {
    // ESRCH: all have ended. EPERM: macOS says so of a group that has only zombies left.
    if (!['ESRCH', 'EPERM'].includes(codeOf(error) ?? '')) throw error
  }
}

/** Reads stdout until `… was started successfully on port 40123.` */
function listening(
  child: ChildProcess & { stdout: NodeJS.ReadableStream },
  binary: string,
  signal: AbortSignal,
): Promise<{ url: string; version: string | undefined }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const timer = setTimeout(() => settle(() => reject(driverDied(binary, 'does not listen after 20 seconds'))), startLimit)
    const onData = (chunk: string) => {
      text += chunk
      const port = /started successfully on port (\d+)/.exec(text)?.[1]
      if (port === undefined) return
      const version = /^Starting .*?(\d+(?:\.\d+){3})/m.exec(text)?.[1]
      settle(() => resolve({ url: `http://127.0.0.1:${port}`, version }))
    }
    const onError = (error: Error) => settle(() => reject(driverNotRun(binary, error)))
    const onClose = (code: number | null, by: string | null) =>
      settle(() => reject(/port not available/i.test(text) ? new PortTaken() : driverDied(binary, `ended with ${by ?? code}`)))
    const onAbort = () => settle(() => reject(abortedBy(signal)))
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      child.removeListener('close', onClose)
      // Read on, into nothing: a full pipe would stop the driver.
      child.stdout.removeListener('data', onData).resume()
      act()
    }
    child.stdout.setEncoding('utf8').on('data', onData)
    child.on('error', onError)
    child.on('close', onClose)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}
