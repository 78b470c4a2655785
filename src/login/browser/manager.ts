import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { messageOf } from '../../base/errors.ts'
import { printable, shortened } from '../../base/text.ts'
import type { World } from '../../base/world.ts'
import { titles } from './candidates.ts'
import { abortedBy, noDriver } from './failures.ts'
import type { FoundBrowser } from './find.ts'

const limitSeconds = 20

/**
 * The path of a driver for `found`, from selenium-manager: its cache, or a download. The last resort, where a browser is
 * installed and no driver. Run as a process of ours: selenium itself would block this one, for a minute behind some proxies.
 * @param proxy through which it downloads; kept out of its command line, since it may hold a password
 * @throws AwsfedError `failed` when it knows none within 20 seconds
 */
export async function fetchDriver(
  world: Pick<World, 'env' | 'platform' | 'say' | 'trace'>,
  found: FoundBrowser,
  proxy: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  world.say(
    `no driver for ${titles[found.browser]} is installed: asking selenium-manager for one (at most ${limitSeconds} seconds)`,
  )
  const browser = found.browser === 'edge' ? 'edge' : 'chrome'
  const args = ['--browser', browser, '--browser-path', found.binary, '--output', 'json', '--language-binding', 'javascript']
  const child = spawn(managerBinary(world), args, {
    env: {
      ...world.env,
      SE_AVOID_STATS: 'true',
      SE_AVOID_BROWSER_DOWNLOAD: 'true',
      ...(proxy === undefined ? {} : { SE_PROXY: proxy }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    signal: AbortSignal.any([signal, AbortSignal.timeout(limitSeconds * 1000)]),
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => world.trace(`selenium-manager: ${text.trim()}`))
  const failure = await new Promise<string | undefined>((resolve) => {
    child.once('close', () => resolve(undefined))
    child.once('error', (error) => {
      // It could not be started, or it was stopped: then its end is awaited.
      if (child.pid === undefined) resolve(messageOf(error))
      else child.once('exit', () => resolve(`selenium-manager took more than ${limitSeconds} seconds`))
    })
  })
  if (signal.aborted) throw abortedBy(signal)
  if (failure !== undefined) throw noDriver(found, world.platform, failure)
  const answer = answerOf(stdout)
  if (answer.driver === undefined) throw noDriver(found, world.platform, answer.message)
  world.trace(`browser: driver ${answer.driver} by selenium-manager`)
  return answer.driver
}

/** Reads `{"logs":[…],"result":{"code":0,"message":"…","driver_path":"…","browser_path":"…"}}`. */
function answerOf(json: string): { driver: string | undefined; message: string } {
  try {
    const { result } = JSON.parse(json) as { result?: { code?: unknown; message?: unknown; driver_path?: unknown } }
    const path = result?.code === 0 && typeof result.driver_path === 'string' ? result.driver_path : ''
    const message = shortened(printable(String(result?.message ?? '')), 200) || 'selenium-manager knows none'
    return { driver: path || undefined, message }
  } catch {
    return { driver: undefined, message: 'selenium-manager could not be understood' }
  }
}

/** The program that the selenium-webdriver package brings; SE_MANAGER_PATH names another, as for selenium itself. */
function managerBinary({ env, platform }: Pick<World, 'env' | 'platform'>): string {
  if (env.SE_MANAGER_PATH) return env.SE_MANAGER_PATH
  const folder = path.dirname(createRequire(import.meta.url).resolve('selenium-webdriver/package.json'))
  const system = platform === 'win32' ? 'windows' : platform === 'darwin' ? 'macos' : 'linux'
  return path.join(folder, 'bin', system, platform === 'win32' ? 'selenium-manager.exe' : 'selenium-manager')
}
