import { error, type WebDriver } from 'selenium-webdriver'
import { vi } from 'vitest'
import { captureByBidi } from '../../../src/login/capture/bidi.ts'
import { bidiPage } from '../../../src/login/portal/bidiPage.ts'
import type { Page } from '../../../src/login/portal/page.ts'
import { webDriverPage } from '../../../src/login/portal/webDriverPage.ts'
import { startTestFirefox } from '../browser/firefox.ts'
import { testPortal, testWorld } from '../browser/support.ts'
import { startChromium } from './chromium.ts'

/** A headless browser for one test file. */
export interface TestBrowser {
  /** Its pages, as the engine sees them. */
  page(): Page
  /** Closes all windows but one, which shows nothing. */
  clear(): Promise<void>
  /** What a cookie is. */
  cookie(name: string): Promise<string | undefined>
  /** A picture of the window as it is, base64. */
  takeScreenshot(): Promise<string>
  quit(): Promise<void>
}

let start = inChromium

/** Has the tests of this file run in Firefox. It takes longer where others are at work too. */
export function useFirefox(): void {
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 })
  start = inFirefox
}

export function startTestBrowser(): Promise<TestBrowser> {
  return start()
}

async function inChromium(): Promise<TestBrowser> {
  const driver: WebDriver = await startChromium()
  return {
    page: () => webDriverPage(driver),
    async clear() {
      const [first, ...more] = await driver.getAllWindowHandles()
      for (const window of more) {
        try {
          await driver.switchTo().window(window)
          await driver.close()
        } catch (failure) {
          // A popup may close itself meanwhile.
          if (!(failure instanceof error.NoSuchWindowError)) throw failure
        }
      }
      if (first) await driver.switchTo().window(first)
      await driver.get('about:blank')
    },
    cookie: async (name) => (await driver.manage().getCookie(name))?.value,
    takeScreenshot: () => driver.takeScreenshot(),
    quit: () => driver.quit(),
  }
}

async function inFirefox(): Promise<TestBrowser> {
  const [world, portal] = [testWorld('/nonexistent'), testPortal()]
  const browser = await startTestFirefox(world, portal, {})
  const session = await browser.session()
  const capture = await captureByBidi(world, session, portal)
  const { bidi } = session
  const page = await bidiPage(bidi, { headless: true })
  const windows = async () => {
    const { contexts } = await bidi.send('browsingContext.getTree', { maxDepth: 0 })
    return (contexts as readonly { context: string }[]).map(({ context }) => context)
  }
  return {
    page: () => page,
    async clear() {
      const [context, ...more] = await windows()
      for (const other of more) await bidi.send('browsingContext.close', { context: other })
      await bidi.send('browsingContext.navigate', { context, url: 'about:blank', wait: 'complete' })
    },
    cookie: async (name) => (await capture.cookies()).find((cookie) => cookie.name === name)?.value,
    async takeScreenshot() {
      const [context] = await windows()
      const { data } = await bidi.send('browsingContext.captureScreenshot', { context })
      return String(data)
    },
    quit: browser.close,
  }
}
