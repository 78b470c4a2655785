import { type ChildProcess, spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import type { Portal } from '../../../base/config.ts'
import type { Environment } from '../../../base/paths.ts'
import type { World } from '../../../base/world.ts'
import { abortedBy } from '../failures.ts'
import { notRun, notStarted, tooOld } from './failures.ts'

/** A Firefox that listens. */
export interface RunningFirefox {
  /** Where it speaks WebDriver BiDi: `ws://127.0.0.1:40123`. */
  readonly url: string
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  /** Ends it and its processes at once. */
  kill(): void
}

const startLimit = 60_000

/** What `startFirefox` is given. */
interface Start {
  readonly binary: string
  /** Its profile, with its preferences. */
  readonly folder: string
  readonly headless: boolean
  readonly signal: AbortSignal
}

/**
 * Starts `binary` on a port of its own choice, which it tells on stderr. It is in a session of its own, so that Ctrl-C on the
 * terminal reaches awsfed alone, which then ends it in order; none of our pipes goes to it, since git would wait for their end.
 * @throws AwsfedError `failed` when it cannot be run, ends at once or does not listen
 */
export async function startFirefox(
  world: World,
  portal: Pick<Portal, 'name' | 'browserArgs'>,
  { binary, folder, headless, signal }: Start,
): Promise<RunningFirefox> {
  const args = [
    '--profile',
    folder,
    '--no-remote',
    '--remote-debugging-port',
    '0',
    ...(headless ? ['--headless', '--width', '1280', '--height', '900'] : ['--width', '1000', '--height', '800']),
    // On Windows the program that is started starts the browser, and would not wait for its end.
    ...(world.platform === 'win32' ? ['--wait-for-browser'] : []),
    ...portal.browserArgs,
    // With no page the keyboard would be at the address, and fields would not learn that they have it.
    'data:,',
    // Firefox passes over a switch that it does not know: by this one, which has to be the last, its process is known.
    `--awsfed-run=${folder}`,
  ]
  world.trace(`browser: ${binary} ${args.join(' ')}`)
  const child = spawn(binary, args, {
    env: environmentOf(world, folder),
    detached: world.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const kill = () => killGroup(child, world.platform)
  try {
    const url = await listening(child, { binary, headless, signal, portal, world })
    return { url, ended, kill }
  } catch (error) {
    kill()
    await ended
    throw error
  }
}

/** Reads stderr until `WebDriver BiDi listening on ws://127.0.0.1:40123`. */
function listening(
  child: ChildProcess & { stderr: NodeJS.ReadableStream },
  given: Omit<Start, 'folder'> & { readonly portal: Pick<Portal, 'name'>; readonly world: World },
): Promise<string> {
  const { binary, signal, world, portal } = given
  return new Promise((resolve, reject) => {
    let said = ''
    const failed = (what: string) => notStarted(portal, binary, { ...given, what, said })
    const timer = setTimeout(() => settle(() => reject(failed('does not listen after a minute'))), startLimit)
    const onData = (chunk: string) => {
      said += chunk
      const url = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1]
      if (url !== undefined) settle(() => resolve(url))
      // What it spoke before there was BiDi, up to version 101.
      else if (said.includes('DevTools listening on')) settle(() => reject(tooOld('of this version', world.platform)))
    }
    const onError = (error: Error) => settle(() => reject(notRun(binary, error)))
    const onClose = (code: number | null, by: string | null) => settle(() => reject(failed(`ended with ${by ?? code}`)))
    const onAbort = () => settle(() => reject(abortedBy(signal)))
    const settle = (act: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      child.removeListener('close', onClose)
      // Read on, into nothing: a full pipe would stop it.
      child.stderr.removeListener('data', onData).resume()
      act()
    }
    child.stderr.setEncoding('utf8').on('data', onData)
    child.on('error', onError)
    child.on('close', onClose)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}

function environmentOf({ env, home, platform }: Pick<World, 'env' | 'home' | 'platform'>, folder: string): Environment {
  return {
    ...env,
    // Crash reports hold what was in memory, passwords too.
    MOZ_CRASHREPORTER_DISABLE: '1',
    // Has it take the preference that names no server of settings.
    MOZ_REMOTE_SETTINGS_DEVTOOLS: '1',
    ...(platform === 'linux' ? homeFor(env, home, folder) : {}),
  }
}

/** Firefox does not run as root in the home of somebody else, as with sudo. Then the run's folder is its home, and the display still the user's. */
function homeFor(env: Environment, home: string, folder: string): Environment {
  if (process.getuid?.() !== 0 || ownerOf(home) === 0) return {}
  return { HOME: folder, XAUTHORITY: env.XAUTHORITY ?? path.join(home, '.Xauthority') }
}

function ownerOf(folder: string): number | undefined {
  try {
    return statSync(folder).uid
  } catch {
    return undefined // no home at all is nobody's
  }
}

/** Its processes have no mark of their own, but are a group. */
function killGroup(child: ChildProcess, platform: NodeJS.Platform): void {
  if (child.pid === undefined) return
  try {
    if (platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group has ended.
  }
}
