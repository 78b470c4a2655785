import type { WebDriver, WebElement } from 'selenium-webdriver'
import { type Raw, scanDocument } from './inPage.ts'
import { maskDocument, unmaskDocument } from './mask.ts'
import type { Outcome, Page } from './page.ts'
import { addDocument, emptyView, ended, holdsText } from './scanned.ts'
import type { Handle, View } from './view.ts'

/** U+E007, WebDriver's code for Enter (W3C WebDriver, keyboard actions). */
const enterKey = '\ue007'
const tabKey = '\ue004'
const deepest = 4
const mostWindows = 4

/** Errors of WebDriver that only mean that the page has moved on meanwhile (W3C WebDriver, section errors). */
const passing = new Set([
  'StaleElementReferenceError',
  'NoSuchElementError',
  'NoSuchWindowError',
  'NoSuchFrameError',
  'NoSuchShadowRootError',
  'DetachedShadowRootError',
  'ElementNotInteractableError',
  'ElementNotVisibleError',
  'InvalidElementStateError',
  'MoveTargetOutOfBoundsError',
  'JavascriptError',
  'TimeoutError',
  'ScriptTimeoutError',
  'WebDriverError',
])

interface Place {
  readonly window: string
  readonly frames: readonly WebElement[]
}

/** The page that a WebDriver session shows. The driver must have no other user while this is used. */
export function webDriverPage(driver: WebDriver): Page {
  /** In the order in which they were first seen. */
  let windows: string[] = []
  let elements = new Map<Handle, { readonly element: WebElement; readonly place: Place }>()
  let current: string | undefined
  let alert: string | undefined

  async function goTo(place: Place): Promise<void> {
    if (current !== place.window) {
      current = undefined
      await driver.switchTo().window(place.window)
      current = place.window
    }
    await driver.switchTo().defaultContent()
    for (const frame of place.frames) await driver.switchTo().frame(frame)
  }

  /** Runs `act`; what only means that the page has moved on becomes `otherwise`. */
  async function tried<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (error.name === 'UnexpectedAlertOpenError') alert = await alertText(driver, error)
      else if (error.name === 'NoSuchWindowError') current = undefined
      else if (hasEnded(error)) throw ended(error)
      else if (!passing.has(error.name)) throw error
      return otherwise
    }
  }

  function act(handle: Handle, what: (element: WebElement) => Promise<Outcome>): Promise<Outcome> {
    const known = elements.get(handle)
    if (!known) return Promise.resolve('gone')
    return tried(async () => {
      await goTo(known.place)
      return what(known.element)
    }, 'gone')
  }

  async function scanWindow(window: string, selectors: readonly string[], found: typeof elements): Promise<View> {
    const view = emptyView(selectors)
    const visit = async (place: Place) => {
      await goTo(place)
      const raw = await driver.executeScript<Raw<WebElement> | null>(scanDocument, selectors)
      // A message box that opens meanwhile ends the script without a result; the next command then tells its words.
      if (raw === null) return void (await driver.getTitle())
      const url = raw.url.startsWith('chrome-error:') && place.frames.length === 0 ? await driver.getCurrentUrl() : raw.url
      // The driver's id of an element lasts as long as the element, and belongs to its document.
      await addDocument(view, raw, url, selectors, async (element) => {
        const handle = await element.getId()
        found.set(handle, { element, place })
        return handle
      })
      if (place.frames.length >= deepest) return
      for (const frame of raw.frames) {
        const inner = { window, frames: [...place.frames, frame] }
        await tried(() => visit(inner), undefined)
      }
    }
    await visit({ window, frames: [] })
    return view
  }

  async function pictureOf(window: string, words: readonly string[]): Promise<Uint8Array> {
    const places = new Set([...elements.values()].map(({ place }) => place).filter((place) => place.window === window))
    const masked: { readonly place: Place; readonly marks: unknown }[] = []
    try {
      for (const place of places) {
        await goTo(place)
        masked.push({ place, marks: await driver.executeScript(maskDocument, words) })
      }
      await goTo({ window, frames: [] })
      return Buffer.from(await driver.takeScreenshot(), 'base64')
    } finally {
      for (const { place, marks } of masked) {
        await tried(async () => {
          await goTo(place)
          await driver.executeScript(unmaskDocument, marks)
        }, undefined)
      }
    }
  }

  return {
    async open(url) {
      await tried(async () => {
        await driver.manage().setTimeouts({ pageLoad: 30_000, script: 10_000 })
        const [first] = await driver.getAllWindowHandles()
        if (first) await goTo({ window: first, frames: [] })
        await driver.get(url)
      }, undefined)
    },
    async scan(selectors) {
      const there = await tried(() => driver.getAllWindowHandles(), undefined)
      if (!there) return undefined
      if (there.length === 0) throw ended(undefined)
      windows = [...windows.filter((window) => there.includes(window)), ...there.filter((window) => !windows.includes(window))]
      const found: typeof elements = new Map()
      const views: View[] = []
      for (const window of windows.slice(-mostWindows).reverse()) {
        const view = await tried(() => scanWindow(window, selectors, found), undefined)
        if (view) views.push(view)
      }
      elements = found
      if (views.length === 0) return undefined
      const said = alert
      alert = undefined
      return { views, alert: said }
    },
    fill: (handle, text) =>
      act(handle, async (element) => {
        if (await holds(driver, element, text)) return 'done'
        if (await isLocked(driver, element)) {
          // Entering it unlocks it, or it is not to be typed into.
          await press(driver, element)
          if (await isLocked(driver, element)) return 'differs'
        }
        await element.clear()
        await element.sendKeys(text)
        return (await holds(driver, element, text)) ? 'done' : 'differs'
      }),
    click: (handle) => act(handle, (element) => press(driver, element)),
    enter: (handle) =>
      act(handle, async (element) => {
        await element.sendKeys(enterKey)
        return 'done'
      }),
    leave: (handle) =>
      act(handle, async (element) => {
        await element.sendKeys(tabKey)
        return 'done'
      }),
    check: (handle) =>
      act(handle, async (element) => {
        if (!(await element.isSelected())) await press(driver, element)
        return 'done'
      }),
    select: (handle, option) =>
      act(handle, async (element) => {
        await driver.executeScript(
          'const s = arguments[0]; s.selectedIndex = arguments[1]; for (const e of ["input", "change"]) s.dispatchEvent(new Event(e, { bubbles: true }))',
          element,
          option,
        )
        return 'done'
      }),
    async picture(element, words) {
      const window = (element === undefined ? undefined : elements.get(element)?.place.window) ?? windows.at(-1)
      return window === undefined ? undefined : tried(() => pictureOf(window, words), undefined)
    },
  }
}

/** Presses as a person would; where a banner lies over it, or it is drawn by its label, the page is told of a press directly. */
async function press(driver: WebDriver, element: WebElement): Promise<Outcome> {
  try {
    await element.click()
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    // The press that leads to another page waits for that page; it has happened all the same.
    if (name === 'TimeoutError') return 'done'
    if (name !== 'ElementClickInterceptedError' && name !== 'ElementNotInteractableError') throw error
    await driver.executeScript('arguments[0].click()', element)
  }
  return 'done'
}

function isLocked(driver: WebDriver, field: WebElement): Promise<boolean> {
  return driver.executeScript<boolean>('return arguments[0].readOnly === true', field)
}

async function holds(driver: WebDriver, element: WebElement, text: string): Promise<boolean> {
  return holdsText(await driver.executeScript<unknown>('return arguments[0].value', element), text)
}

/**
 * The text of the message box that was in the way. Drivers accept or dismiss it themselves, as the session's capability
 * `unhandledPromptBehavior` says; with `ignore` it is the person's in the window.
 */
async function alertText(driver: WebDriver, error: Error): Promise<string | undefined> {
  const behaviour: unknown = (await driver.getCapabilities()).get('unhandledPromptBehavior')
  if (behaviour === 'ignore') return undefined
  const text = 'getAlertText' in error && typeof error.getAlertText === 'function' ? error.getAlertText() : undefined
  // Chromedriver has it in the message only.
  return typeof text === 'string' && text ? text : /\{Alert text : (.*)\}/s.exec(error.message)?.[1]
}

/** Chromedriver says so with an error of no special kind when the browser has gone. */
function hasEnded(error: Error): boolean {
  return (
    error.name === 'NoSuchSessionError' ||
    /not reachable|disconnected|session deleted|invalid session id|ECONNREFUSED|ECONNRESET|has closed/i.test(error.message)
  )
}
