import { scanDocument } from './inPage.ts'
import { maskDocument, unmaskDocument } from './mask.ts'

/** A value of the page as BiDi writes it (WebDriver BiDi, script.RemoteValue), as far as it is used. */
export interface RemoteValue {
  readonly type: string
  readonly value?: unknown
  readonly sharedId?: string
}

/** `scanDocument`, with frames as the windows in them: those are what BiDi can go into. */
export const describe = `(selectors) => {
  const raw = (${scanDocument})(selectors)
  return { ...raw, frames: raw.frames.map((frame) => frame.contentWindow) }
}`

/** Takes the keyboard to a field, its text selected, so that what is typed takes its place. Returns whether the field took it. */
export const focus = `(element) => {
  element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
  element.focus()
  element.select?.()
  return element.getRootNode().activeElement === element
}`

/**
 * Leaves a field, so that its page looks at what was typed. Not by the tab key: where nothing comes after the field that takes the
 * keyboard to Firefox's own bar, and no script nor press of ours brings it back.
 */
export const blur = '(element) => element.blur()'

/** Presses an element directly where it cannot be reached with a mouse, because something lies over it or it is drawn by its label. */
export const pressUnlessReached = `(element) => {
  element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
  const box = element.getClientRects()[0] ?? new DOMRect()
  const x = (Math.max(0, box.left) + Math.min(innerWidth, box.right)) / 2
  const y = (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2
  const at = element.getRootNode().elementFromPoint(x, y)
  if (at && (element.contains(at) || element.shadowRoot?.contains(at))) return true
  element.focus()
  element.click()
  return false
}`

/** Chooses an option of a select, and has the page notice. */
export const choose = `(element, option) => {
  element.selectedIndex = option
  for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true }))
}`

/** Fails where the page has drawn the field anew: what was typed may be in another one. */
export const fieldValue = `(element) => {
  if (!element.isConnected) throw new Error('no longer in the page')
  return element.value
}`
export const isLocked = '(element) => element.readOnly === true'
export const isChecked = '(element) => element.checked'

/** Makes a document fit to be photographed; what was changed is kept in the page's sandbox, which lasts as long as the document. */
export const mask = `(words) => { globalThis.masked = (${maskDocument})(words) }`
export const unmask = `() => (${unmaskDocument})(globalThis.masked)`

/** The plain value that the page has returned; an element becomes its id, which lasts as long as the element, a window its context. */
export function plainOf({ type, value, sharedId }: RemoteValue): unknown {
  switch (type) {
    case 'array':
      return (value as readonly RemoteValue[]).map(plainOf)
    case 'object':
      return Object.fromEntries((value as readonly (readonly [string, RemoteValue])[]).map(([key, of]) => [key, plainOf(of)]))
    case 'node':
      return sharedId
    case 'window':
      return (value as { readonly context?: unknown }).context
    case 'number':
      return Number(value) // `-0`, `NaN` and the like come as texts
    default:
      return value ?? null
  }
}

/** The texts as an argument of a script. */
export function textsArgument(texts: readonly string[]): object {
  return { type: 'array', value: texts.map((value) => ({ type: 'string', value })) }
}
