import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '../browser/connection.ts'
import {
  blur,
  choose,
  describe,
  fieldValue,
  focus,
  isChecked,
  isLocked,
  mask,
  plainOf,
  pressUnlessReached,
  type RemoteValue,
  textsArgument,
  unmask,
} from './bidiScripts.ts'
import type { Raw } from './inPage.ts'
import type { Outcome, Page } from './page.ts'
import { addDocument, emptyView, ended, holdsText } from './scanned.ts'
import type { Handle, View } from './view.ts'

/** U+E007, WebDriver's code for Enter (W3C WebDriver, keyboard actions). */
const enterKey = '\ue007'
const deepest = 4
const mostWindows = 4
/** How long a page may take to answer, milliseconds; one that shows a message box does not. */
const answerLimit = 10_000

/** Errors of BiDi that only mean that the page has moved on meanwhile (WebDriver BiDi, section errors). */
const passing = new Set([
  'javascript error',
  'move target out of bounds',
  'no such alert',
  'no such element',
  'no such frame',
  'no such node',
  'stale element reference',
  'timeout',
  'unexpected alert open',
  'unknown error',
])

/** The context (window or frame) of an element, and its window. */
interface Place {
  readonly context: string
  readonly window: string
}

/** Scripts see the page as it was made, whatever its own scripts have put in the place of the browser's functions. */
const sandbox = 'awsfed'

/**
 * The pages that a session of WebDriver BiDi shows. Message boxes are accepted where nobody can see them (`headless`), and their
 * words told; else they are the person's.
 */
export async function bidiPage(bidi: Connection, { headless }: { headless: boolean }): Promise<Page> {
  /** In the order in which they were first seen. */
  let windows: string[] = []
  let places = new Map<Handle, Place>()
  let alert: string | undefined
  const boxes = new Set<unknown>()

  bidi.on('browsingContext.userPromptOpened', ({ context, type, message }) => {
    boxes.add(context)
    if (!headless) return
    // A page that asks whether it may be left has nothing to say.
    if (type !== 'beforeunload') alert = String(message)
    bidi.send('browsingContext.handleUserPrompt', { context, accept: true }).catch(() => {}) // it has gone with its page
  })
  bidi.on('browsingContext.userPromptClosed', ({ context }) => void boxes.delete(context))
  await bidi.send('session.subscribe', {
    events: ['browsingContext.userPromptOpened', 'browsingContext.userPromptClosed'],
  })

  /** Runs `act`; what only means that the page has moved on becomes `otherwise`. */
  async function tried<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (error.name === 'ended' || error.name === 'invalid session id') throw ended(error)
      if (!passing.has(error.name)) throw error
      return otherwise
    }
  }

  /** Calls a function, of which only the source goes to the browser, in a document. */
  async function call(context: string, source: string, ...args: readonly object[]): Promise<unknown> {
    if (boxes.has(context) && !headless) throw named('unexpected alert open')
    const sent = bidi.send('script.callFunction', {
      functionDeclaration: source,
      arguments: args,
      target: { context, sandbox },
      awaitPromise: false,
    })
    const { type, result } = (await inTime(sent)) as { type?: unknown; result?: RemoteValue }
    if (type !== 'success' || !result) throw named('javascript error')
    return plainOf(result)
  }

  const actions = (context: string, source: object) => inTime(bidi.send('input.performActions', { context, actions: [source] }))
  const type = (context: string, text: string) =>
    actions(context, {
      type: 'key',
      id: 'keyboard',
      actions: [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    })

  function act(handle: Handle, what: (context: string) => Promise<Outcome>): Promise<Outcome> {
    const place = places.get(handle)
    if (!place) return Promise.resolve('gone')
    return tried(async () => {
      // A window behind another one does not learn that its fields are entered and left.
      if (windows.length > 1) await inTime(bidi.send('browsingContext.activate', { context: place.window }))
      return what(place.context)
    }, 'gone')
  }

  async function press(context: string, element: Handle): Promise<Outcome> {
    const reached = await call(context, pressUnlessReached, { sharedId: element })
    if (reached === true) {
      await actions(context, {
        type: 'pointer',
        id: 'mouse',
        actions: [
          { type: 'pointerMove', x: 0, y: 0, origin: { type: 'element', element: { sharedId: element } } },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      })
    }
    return 'done'
  }

  async function scanWindow(window: string, selectors: readonly string[], found: typeof places): Promise<View> {
    const view = emptyView(selectors)
    const visit = async (context: string, depth: number) => {
      const raw = (await call(context, describe, textsArgument(selectors))) as Raw<string>
      await addDocument(view, raw, raw.url, selectors, (handle) => {
        found.set(handle, { context, window })
        return handle
      })
      if (depth >= deepest) return
      for (const frame of raw.frames) if (frame) await tried(() => visit(frame, depth + 1), undefined)
    }
    await visit(window, 0)
    return view
  }

  async function pictureOf(window: string, words: readonly string[]): Promise<Uint8Array> {
    const contexts = new Set([...places.values()].filter((place) => place.window === window).map(({ context }) => context))
    const masked: string[] = []
    try {
      for (const context of contexts) {
        await call(context, mask, textsArgument(words))
        masked.push(context)
      }
      const { data } = await inTime(bidi.send('browsingContext.captureScreenshot', { context: window }))
      return Buffer.from(String(data), 'base64')
    } finally {
      for (const context of masked) await tried(() => call(context, unmask), undefined)
    }
  }

  async function windowsNow(): Promise<string[]> {
    const { contexts } = await inTime(bidi.send('browsingContext.getTree', { maxDepth: 0 }))
    return (contexts as readonly { context: string }[]).map(({ context }) => context)
  }

  return {
    async open(url) {
      await tried(async () => {
        const [context] = await windowsNow()
        await inTime(bidi.send('browsingContext.navigate', { context, url, wait: 'none' }))
      }, undefined)
    },
    async scan(selectors) {
      const there = await tried(windowsNow, undefined)
      if (!there) return undefined
      if (there.length === 0) throw ended(undefined)
      windows = [...windows.filter((window) => there.includes(window)), ...there.filter((window) => !windows.includes(window))]
      const found: typeof places = new Map()
      const views: View[] = []
      for (const window of windows.slice(-mostWindows).reverse()) {
        const view = await tried(() => scanWindow(window, selectors, found), undefined)
        if (view) views.push(view)
      }
      places = found
      if (views.length === 0) return undefined
      const said = alert
      alert = undefined
      return { views, alert: said }
    },
    fill: (field, text) =>
      act(field, async (context) => {
        const holds = async () => holdsText(await call(context, fieldValue, { sharedId: field }), text)
        if (await holds()) return 'done'
        const locked = async () => (await call(context, isLocked, { sharedId: field })) === true
        if (await locked()) {
          // Entering it unlocks it, or it is not to be typed into.
          await press(context, field)
          if (await locked()) return 'differs'
        }
        if ((await call(context, focus, { sharedId: field })) !== true) return 'gone'
        await type(context, text)
        return (await holds()) ? 'done' : 'differs'
      }),
    click: (element) => act(element, (context) => press(context, element)),
    enter: (field) =>
      act(field, async (context) => {
        if ((await call(context, focus, { sharedId: field })) !== true) return 'gone'
        await type(context, enterKey)
        return 'done'
      }),
    leave: (field) =>
      act(field, async (context) => {
        await call(context, blur, { sharedId: field })
        return 'done'
      }),
    check: (field) =>
      act(field, async (context) => {
        if ((await call(context, isChecked, { sharedId: field })) === true) return 'done'
        return press(context, field)
      }),
    select: (field, option) =>
      act(field, async (context) => {
        await call(context, choose, { sharedId: field }, { type: 'number', value: option })
        return 'done'
      }),
    async picture(element, words) {
      const window = (element === undefined ? undefined : places.get(element)?.window) ?? windows.at(-1)
      return window === undefined ? undefined : tried(() => pictureOf(window, words), undefined)
    },
  }
}

function named(name: string): Error {
  return Object.assign(new Error(name), { name })
}

/** The answer to `sent`, unless the page takes too long. */
async function inTime<T>(sent: Promise<T>): Promise<T> {
  const over = new AbortController()
  const limit = delay(answerLimit, undefined, { signal: over.signal }).then(() => Promise.reject(named('timeout')))
  limit.catch(() => {}) // the race has told it
  try {
    return await Promise.race([sent, limit])
  } finally {
    over.abort()
  }
}
