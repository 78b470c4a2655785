import { setTimeout as delay } from 'node:timers/promises'
import type { Portal } from '../base/config.ts'
import { AwsfedError, messageOf } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import type { Captured } from '../session/captured.ts'
import type { Answering } from './answering.ts'
import { cancelled, endIfCancelled } from './cancelled.ts'
import type { Capture } from './capture/capture.ts'
import { openWatched, type WatchedBrowser } from './capture/watched.ts'
import { readCookies, writeCookies } from './cookies.ts'
import { signIn } from './portal/signIn.ts'
import type { Report } from './status.ts'
import type { Way } from './ways.ts'

/** What a login at a portal is given. */
interface PortalLogin {
  readonly way: Way
  readonly answers: Answering
  readonly report: Report
  readonly signal: AbortSignal | undefined
}

/**
 * Signs in at `portal` in a browser of its own, hands the assertion to `use`, and keeps the portal's cookies, so that the
 * next login needs no password. The browser is closed while `use` is at work; nothing of it is left when this ends.
 * @throws AwsfedError of the browser, the portal's engine, the answers or `use`; `cancelled`
 */
export async function withAssertion<T>(
  world: World,
  portal: Portal,
  login: PortalLogin,
  use: (captured: Captured) => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  const signal = login.signal ? AbortSignal.any([login.signal, over.signal]) : over.signal
  let browser: WatchedBrowser | undefined
  try {
    browser = await openWatched(world, portal, { headless: login.way.headless, signal })
    await browser.setCookies(readCookies(world.paths, portal.name, world))
    if (!login.way.headless) login.report({ kind: 'window' })
    const captured = await assertionOf(world, portal, { ...login, browser, signal })
    world.redactor.conceal(captured.samlResponse)
    login.report({ kind: 'captured' })
    await keepCookies(world, portal, browser)
    const closed = browser.close()
    const used = await use(captured)
    await closed
    return used
  } catch (error) {
    // A browser that is closed because of the signal fails in many words; what happened is that it was cancelled.
    endIfCancelled(login.signal)
    throw error
  } finally {
    over.abort()
    await browser?.close()
  }
}

/** Before anything is done with the assertion: also where AWS refuses it, the portal has let the user in. */
async function keepCookies(world: World, portal: Portal, capture: Capture): Promise<void> {
  try {
    writeCookies(world.paths, portal.name, await capture.cookies())
  } catch (error) {
    // The window may have been closed at once. Without cookies the next login asks again, this one goes on.
    world.trace(`cookies are not kept: ${messageOf(error)}`)
  }
}

/** Drives the portal's pages until the assertion is caught, the engine gives up or the browser has gone. */
async function assertionOf(
  world: World,
  portal: Portal,
  login: PortalLogin & { readonly browser: WatchedBrowser; readonly signal: AbortSignal },
): Promise<Captured> {
  const { answers, browser, signal, report } = login
  const pages = new AbortController()
  let refusal: AwsfedError | undefined
  const engine = signIn(browser.page, {
    portal,
    answers,
    report,
    trace: world.trace,
    now: world.now,
    captured: browser.captured,
    signal: AbortSignal.any([signal, pages.signal]),
    window: !login.way.headless,
  }).catch(async (error: unknown) => {
    if (error instanceof AwsfedError) refusal = error
    throw refusal ?? (await reasonOf(error, browser))
  })
  // What the race has not waited for must not be reported as unhandled.
  engine.catch(() => {})
  try {
    return await Promise.race([
      browser.captured,
      engine.then(() => browser.captured),
      browser.gone.then(async (gone) => {
        // The portal's own words, if the engine has just read them, say more than that the browser has ended.
        await new Promise((resolve) => setImmediate(resolve))
        throw refusal ?? gone
      }),
      aborted(signal),
    ])
  } finally {
    pages.abort()
    answers.dismiss()
  }
}

/** Why the engine failed with an error of the driver: most likely the browser has gone, which its socket tells in a moment. */
async function reasonOf(error: unknown, capture: Capture): Promise<AwsfedError> {
  const over = new AbortController()
  const patience = delay(1000, undefined, { signal: over.signal }).catch(() => undefined)
  const gone = await Promise.race([capture.gone, patience])
  over.abort()
  if (gone) return gone
  return new AwsfedError('failed', `the browser does not do what it is told: ${messageOf(error)}`, {
    hint: 'try `awsfed login --window`; AWSFED_DEBUG=1 traces what happens',
    cause: error,
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(cancelled(signal.reason))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
