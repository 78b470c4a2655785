import type { Portal } from '../../base/config.ts'
import type { World } from '../../base/world.ts'
import { openBrowser } from '../browser/open.ts'
import type { Page } from '../portal/page.ts'
import { webDriverPage } from '../portal/webDriverPage.ts'
import type { Capture } from './capture.ts'
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
 * @throws AwsfedError of the browser or of the capture
 */
export async function openWatched(
  world: World,
  portal: Portal,
  options: { headless: boolean; signal: AbortSignal },
): Promise<WatchedBrowser> {
  if (portal.capture === 'browsermob') return (await import('./browsermob/open.ts')).openByBrowsermob(world, portal, options)
  const browser = await openBrowser(world, portal, options)
  try {
    const capture = await captureByDevtools(world, browser, portal)
    let closing: Promise<void> | undefined
    return {
      ...capture,
      page: webDriverPage(browser.driver),
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
