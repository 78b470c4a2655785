import type { Portal } from '../../base/config.ts'
import type { World } from '../../base/world.ts'
import { isProgram } from '../browser/find.ts'
import { openFirefox } from '../browser/firefox/open.ts'
import { openBrowser } from '../browser/open.ts'
import { bidiPage } from '../portal/bidiPage.ts'
import type { Page } from '../portal/page.ts'
import { webDriverPage } from '../portal/webDriverPage.ts'
import { captureByBidi } from './bidi.ts'
import type { Capture } from './capture.ts'
import { captureOf } from './choice.ts'
import { captureByDevtools } from './devtools.ts'

/** A browser of one login: open, watched for the assertion, and to be driven by the portal's engine. */
export interface WatchedBrowser extends Capture {
  readonly page: Page
  /** Ends the browser, and whatever watches it. Never rejects; may be called again. */
  close(): Promise<void>
}

/**
 * Opens the browser of `portal` and watches it in the way that its configuration names, before the first page of the portal.
 * Abort `signal` to end it.
 * @param options.trustedKeys of servers that Chromium is to trust, as `trustedKeyOf` tells them; Firefox has no such list
 * @throws AwsfedError of the browser or of the capture
 */
export async function openWatched(
  world: World,
  portal: Portal,
  options: { headless: boolean; signal: AbortSignal; trustedKeys?: readonly string[] },
): Promise<WatchedBrowser> {
  const capture = captureOf(portal, world, isProgram)
  if (capture === 'browsermob') return (await import('./browsermob/open.ts')).openByBrowsermob(world, portal, options)
  if (capture === 'bidi') {
    const firefox = await openFirefox(world, portal, options)
    return watched(
      firefox,
      () => captureByBidi(world, firefox, portal),
      () => bidiPage(firefox.bidi, options),
    )
  }
  const browser = await openBrowser(world, portal, options)
  return watched(
    browser,
    () => captureByDevtools(world, browser, portal),
    () => webDriverPage(browser.driver),
  )
}

/** Has `browser` watched, and closes it where that fails. */
async function watched(
  browser: { close(): Promise<void> },
  watch: () => Promise<Capture>,
  drive: () => Page | Promise<Page>,
): Promise<WatchedBrowser> {
  try {
    const capture = await watch()
    const page = await drive()
    let closing: Promise<void> | undefined
    return {
      ...capture,
      page,
      close() {
        closing ??= browser.close().then(capture.close)
        return closing
      },
    }
  } catch (error) {
    await browser.close()
    throw error
  }
}
