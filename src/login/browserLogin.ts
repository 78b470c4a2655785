import { setTimeout as delay } from 'node:timers/promises'
import type { Portal } from '../base/config.ts'
import { AwsfedError, messageOf } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import type { Captured } from '../session/captured.ts'
import type { Answering } from './answering.ts'
import { cancelled, endIfCancelled } from './cancelled.ts'
import type { Capture } from './capture/capture.ts'
import { openWatched, type WatchedBrowser } from './capture/watched.ts'
import type { Jar } from './cookies.ts'
import { PersonNeeded } from './personNeeded.ts'
import { recipeOf } from './portal/recipes/index.ts'
import type { Rule } from './portal/rules.ts'
import { signIn } from './portal/signIn.ts'
import type { Outcome, Try } from './portalLogin.ts'
import type { Report } from './status.ts'

interface BrowserLogin {
  readonly answers: Answering
  readonly report: Report
  readonly signal: AbortSignal | undefined
}

/**
 * Signs in in a browser of its own, without a window or in one. Without one it stops where a person is needed, and tells where
 * that is.
 * @throws AwsfedError of the browser, the portal's engine or the answers; `cancelled`
 */
export async function assertionByBrowser(world: World, portal: Portal, login: BrowserLogin, attempt: Try): Promise<Outcome> {
  const over = new AbortController()
  const signal = login.signal ? AbortSignal.any([login.signal, over.signal]) : over.signal
  const headless = attempt.way.name !== 'window'
  let browser: WatchedBrowser | undefined
  try {
    // Before the browser: what is wrong in a recipe is told at once.
    const { rules } = await recipeOf(world, portal.recipe)
    browser = await openWatched(world, portal, { headless, signal })
    await browser.setCookies(attempt.jar.cookies)
    if (!headless) login.report({ kind: 'window', why: attempt.why })
    const captured = await assertionOf(world, portal, { ...login, rules, browser, signal, at: attempt.at, headless })
    const jar = await jarOf(world, browser)
    const ended = browser.close()
    browser = undefined
    return { kind: 'caught', captured, jar, ended }
  } catch (error) {
    // A browser that is closed because of the signal fails in many words; what happened is that it was cancelled.
    endIfCancelled(login.signal)
    if (!browser || !headless || !wantsPerson(error)) throw error
    const [jar, at] = [await jarOf(world, browser), await placeOf(world, browser)]
    return { kind: 'stopped', why: error.message, error, jar: jar ?? attempt.jar, at }
  } finally {
    over.abort()
    await browser?.close()
  }
}

/** Whether a person in a window might get further. Where the portal has refused the sign-in nothing is tried again. */
function wantsPerson(error: unknown): error is AwsfedError {
  return error instanceof PersonNeeded || (error instanceof AwsfedError && error.kind === 'login-needed')
}

async function jarOf(world: World, browser: WatchedBrowser): Promise<Jar | undefined> {
  try {
    return { cookies: await browser.cookies(), userAgent: browser.userAgent }
  } catch (error) {
    // The window may have been closed at once.
    world.trace(`login: the browser tells no cookies: ${messageOf(error)}`)
    return undefined
  }
}

/** The page that the browser shows, if it is one of the web. */
async function placeOf(world: World, browser: WatchedBrowser): Promise<string | undefined> {
  try {
    const addresses = (await browser.page.scan([]))?.views.map(({ documents: [top] }) => top?.url ?? '')
    return addresses?.find((address) => /^https?:/.test(address))
  } catch (error) {
    world.trace(`login: the browser does not tell where it is: ${messageOf(error)}`)
    return undefined
  }
}

/** Drives the portal's pages until the assertion is caught, the engine gives up or the browser has gone. */
async function assertionOf(
  world: World,
  portal: Portal,
  login: BrowserLogin & {
    readonly rules: readonly Rule[]
    readonly browser: WatchedBrowser
    readonly signal: AbortSignal
    readonly at: string | undefined
    readonly headless: boolean
  },
): Promise<Captured> {
  const { answers, rules, browser, signal, report } = login
  const pages = new AbortController()
  let refusal: AwsfedError | undefined
  const engine = signIn(browser.page, {
    portal,
    rules,
    answers,
    report,
    trace: world.trace,
    now: world.now,
    captured: browser.captured,
    signal: AbortSignal.any([signal, pages.signal]),
    window: !login.headless,
    at: login.at,
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
