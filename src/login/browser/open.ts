import { setTimeout as delay } from 'node:timers/promises'
import type { WebDriver } from 'selenium-webdriver'
import type { Portal } from '../../base/config.ts'
import { AwsfedError, messageOf } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import { type RunningDriver, startDriver } from './driver.ts'
import { abortedBy, startFailure } from './failures.ts'
import { type FoundBrowser, findBrowser, isProgram } from './find.ts'
import { browserFlags, browserPreferences } from './flags.ts'
import { guardedRun } from './guardedRun.ts'
import { fetchDriver } from './manager.ts'
import type { Behind } from './proxy.ts'

/** A browser of one login, with a fresh profile. */
export interface OpenBrowser {
  readonly driver: WebDriver
  /** `host:port` of its devtools protocol, on loopback. */
  readonly debuggerAddress: string
  readonly userDataDir: string
  readonly headless: boolean
  /** Ends browser and driver, all of their processes, and removes the profile. Never rejects; may be called again. */
  close(): Promise<void>
}

const buildLimit = 60_000
const quitLimit = 3_000

/**
 * Opens the browser of `portal`, once the leftovers of killed runs are gone. Abort `signal` to end it; it also ends when this
 * process ends, in whatever way.
 * @throws AwsfedError `failed` when there is no browser or driver, when they differ, or when the browser does not start;
 * `cancelled`, or the signal's own reason, when aborted
 */
export async function openBrowser(
  world: World,
  portal: Portal,
  {
    headless,
    signal,
    behind,
    trustedKeys,
  }: { headless: boolean; signal: AbortSignal; behind?: Behind; trustedKeys?: readonly string[] },
): Promise<OpenBrowser> {
  if (signal.aborted) throw abortedBy(signal)
  const found = findBrowser(portal, world, isProgram)
  const binary = found.driver ?? (await fetchDriver(world, found, portal.proxy, signal))
  const run = await guardedRun(world, found.profiles)
  let running: RunningDriver | undefined
  try {
    // The driver starts while selenium is read.
    const [started, selenium] = await Promise.all([startDriver(world, binary, run, signal), import('selenium-webdriver')])
    running = started
    const flags = browserFlags({
      portal,
      browser: found.browser,
      version: started.version,
      headless,
      folder: run.folder,
      world,
      root: process.getuid?.() === 0,
      behind,
      trustedKeys,
    })
    world.trace(`browser: ${found.binary} ${flags.join(' ')}`)
    const building = new selenium.Builder()
      .disableEnvironmentOverrides()
      .usingServer(started.url)
      .withCapabilities(capabilities(found, flags, headless))
      .build()
    const driver = await built(building, { started, signal })
    const debuggerAddress = addressOf(await driver.getCapabilities())
    let closing: Promise<void> | undefined
    const close = () => {
      closing ??= quit(driver, started, world).then(run.end)
      return closing
    }
    signal.addEventListener('abort', () => void close(), { once: true })
    if (signal.aborted) {
      await close()
      throw abortedBy(signal)
    }
    return { driver, debuggerAddress, userDataDir: run.folder, headless, close }
  } catch (error) {
    const log = running?.log()
    if (log) world.trace(`driver: ${log}`)
    running?.kill()
    await run.end(false)
    if (error instanceof AwsfedError) throw error
    throw startFailure(error, { portal, found: { ...found, driver: binary }, headless, world })
  }
}

/**
 * The capabilities of the session (w3.org/TR/webdriver2, chromedriver.chromium.org/capabilities). Commands wait for no page
 * (`none`): the page that the assertion is posted from never ends loading while its request is held, and whoever drives the
 * pages looks at them anyway until they are what he waits for. A message box is accepted when nobody can see it, its words told to
 * whoever drives the page (they may be the portal's no), and
 * left to the person in a window.
 */
function capabilities(found: FoundBrowser, flags: readonly string[], headless: boolean): Record<string, unknown> {
  const options = { binary: found.binary, args: flags, prefs: browserPreferences }
  const edge = found.browser === 'edge'
  return {
    browserName: edge ? 'MicrosoftEdge' : 'chrome',
    pageLoadStrategy: 'none',
    unhandledPromptBehavior: headless ? 'accept and notify' : 'ignore',
    [edge ? 'ms:edgeOptions' : 'goog:chromeOptions']: options,
  }
}

/** Waits for the session, unless the driver ends, the limit is reached or `signal` is aborted before. */
async function built(
  building: PromiseLike<WebDriver>,
  { started, signal }: { started: RunningDriver; signal: AbortSignal },
): Promise<WebDriver> {
  const over = new AbortController()
  const any = AbortSignal.any([signal, over.signal])
  const limit = delay(buildLimit, undefined, { signal: any }).then(
    () => Promise.reject(new Error(`no session after ${buildLimit / 1000} seconds`)),
    () => Promise.reject(abortedBy(signal)),
  )
  const ended = started.ended.then(() => Promise.reject(new Error('the driver ended: browser failed to start')))
  try {
    return await Promise.race([building, limit, ended])
  } finally {
    over.abort()
    limit.catch(() => {}) // the race has told it
    ended.catch(() => {})
  }
}

function addressOf(caps: { get(name: string): unknown }): string {
  const options = (caps.get('goog:chromeOptions') ?? caps.get('ms:edgeOptions')) as { debuggerAddress?: unknown } | undefined
  const address = options?.debuggerAddress
  if (typeof address !== 'string') throw new Error('the driver names no debugger address')
  return address
}

/** Asks browser and driver to end, for a moment, then ends the driver. Returns whether they did as asked. */
async function quit(driver: WebDriver, started: RunningDriver, world: Pick<World, 'trace'>): Promise<boolean> {
  const over = new AbortController()
  const patience = delay(quitLimit, false, { signal: over.signal }).catch(() => false)
  const asked = driver.quit().then(
    () => true,
    (error: unknown) => {
      world.trace(`browser: quit: ${messageOf(error)}`)
      return false
    },
  )
  const clean = await Promise.race([asked, patience, started.ended.then(() => false)])
  over.abort()
  started.kill()
  await started.ended
  return clean
}
