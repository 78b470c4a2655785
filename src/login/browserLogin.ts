import type { Portal } from '../base/config.ts'
import { AwsfedError, messageOf } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import type { Answering } from './answering.ts'
import { isProgram } from './browser/find.ts'
import { notTrusted } from './browser/firefox/failures.ts'
import { endIfCancelled } from './cancelled.ts'
import { captureOf } from './capture/choice.ts'
import { openWatched, type WatchedBrowser } from './capture/watched.ts'
import type { Jar } from './cookies.ts'
import { driven } from './driven.ts'
import { PersonNeeded } from './personNeeded.ts'
import { recipeOf } from './portal/recipes/index.ts'
import type { Outcome, Try } from './portalLogin.ts'
import type { Report } from './status.ts'
import { Untrusted } from './untrusted.ts'

interface BrowserLogin {
  readonly answers: Answering
  readonly report: Report
  readonly signal: AbortSignal | undefined
}

/**
 * Signs in in a browser of its own, without a window or in one. Without one it stops where a person is needed, and tells where
 * that is. Where Chromium does not trust a certificate that is good by what awsfed trusts (AWS_CA_BUNDLE, the system's), which
 * Chromium on Linux does not look at, it begins again with that server's key.
 * @throws AwsfedError of the browser, the portal's engine or the answers; `cancelled`
 */
export async function assertionByBrowser(world: World, portal: Portal, login: BrowserLogin, attempt: Try): Promise<Outcome> {
  const trustedKeys: string[] = []
  for (let { jar } = attempt; ; ) {
    const end = await onceByBrowser(world, portal, login, { ...attempt, jar, trustedKeys })
    if (end.kind !== 'untrusted') return end
    const key = await trustedKey(world, portal, end.error, login.signal)
    // The same key again: that is not what the browser minds.
    if (key === undefined || trustedKeys.includes(key)) throw end.error
    trustedKeys.push(key)
    jar = end.jar ?? jar
  }
}

async function trustedKey(
  world: World,
  portal: Portal,
  { url, message }: Untrusted,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (captureOf(portal, world, isProgram) === 'bidi') throw notTrusted(message, world.platform)
  if (!/^https:/.test(url)) return undefined
  try {
    const { trustedKeyOf } = await import('../session/peerKey.ts')
    const key = await trustedKeyOf(world.env, portal.proxy, new URL(url), signal ?? new AbortController().signal)
    world.trace(`login: ${message}, but it is good by what awsfed trusts`)
    return key
  } catch (error) {
    endIfCancelled(signal)
    world.trace(`login: awsfed does not trust it either: ${messageOf(error)}`)
    return undefined
  }
}

async function onceByBrowser(
  world: World,
  portal: Portal,
  login: BrowserLogin,
  attempt: Try & { readonly trustedKeys: readonly string[] },
): Promise<Outcome | { readonly kind: 'untrusted'; readonly error: Untrusted; readonly jar: Jar | undefined }> {
  const over = new AbortController()
  const signal = login.signal ? AbortSignal.any([login.signal, over.signal]) : over.signal
  const headless = attempt.way.name !== 'window'
  let browser: WatchedBrowser | undefined
  try {
    // Before the browser: what is wrong in a recipe is told at once.
    const { rules } = await recipeOf(world, portal.recipe)
    browser = await openWatched(world, portal, { headless, signal, trustedKeys: attempt.trustedKeys })
    await browser.setCookies(attempt.jar.cookies)
    if (!headless) login.report({ kind: 'window', why: attempt.why })
    const { answers, report } = login
    const captured = await driven(browser, {
      portal,
      rules,
      answers,
      report,
      trace: world.trace,
      now: world.now,
      signal,
      window: !headless,
      at: attempt.at,
    })
    const jar = await jarOf(world, browser)
    const ended = browser.close()
    browser = undefined
    return { kind: 'caught', captured, jar, ended }
  } catch (error) {
    // A browser that is closed because of the signal fails in many words; what happened is that it was cancelled.
    endIfCancelled(login.signal)
    if (browser && error instanceof Untrusted) return { kind: 'untrusted', error, jar: await jarOf(world, browser) }
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
