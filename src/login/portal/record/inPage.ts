/**
 * What runs inside each document of a browser that is recorded, in a world of its own beside the page's scripts. Its source is
 * sent, so it must not refer to anything outside itself. It tells which fields a person fills and what is pressed, by selectors;
 * values never leave the page, and nothing in the page is changed.
 */

import type { Raw } from '../inPage.ts'
import type { DomElement } from './dom.ts'
import type { Selectors } from './selectors.ts'

interface DomEvent {
  readonly isTrusted: boolean
  readonly type: string
  readonly key?: string
  readonly isComposing?: boolean
  composedPath(): DomElement[]
}
declare function addEventListener(type: string, listener: (event: DomEvent) => void, capture: boolean): void

/** What a person did to one element of a document. */
export interface Act {
  readonly kind: 'filled' | 'pressed' | 'entered' | 'ticked' | 'unticked' | 'chosen'
  /** Names the document: a new one for each that is loaded. */
  readonly document: string
  /** What the document showed then; the elements are their places in `fields` and `buttons`. */
  readonly view: Raw<number>
  readonly list: 'fields' | 'buttons'
  readonly index: number
  /** Finds this element and no other that is shown in the document. */
  readonly selector: string
  /** Finds all boxes of a code that has one for each character. */
  readonly boxes: string | undefined
  /** The words of the option that was chosen. */
  readonly option: string | undefined
}

/** Watches this document, and gives each act as JSON to `tell`. */
export function recordDocument(
  scan: (selectors: readonly string[]) => Raw<DomElement>,
  { selectorOf, boxesOf }: Selectors,
  tell: (text: string) => void,
): void {
  const document = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`
  /** Fields that were told of since something was pressed. */
  let told = new Set<DomElement>()

  const tellAct = (kind: Act['kind'], list: Act['list'], element: DomElement, option?: string) => {
    const raw = scan([])
    const index = raw[list].findIndex((each) => each.element === element)
    if (index < 0) return
    let number = 0
    const numbered = <T extends { readonly element: DomElement }>(each: T) => ({ ...each, element: number++ })
    const view = {
      ...raw,
      root: 0,
      fields: raw.fields.map(numbered),
      buttons: raw.buttons.map(numbered),
      matches: [],
      frames: [],
    }
    const act: Act = { kind, document, view, list, index, selector: selectorOf(element), boxes: boxesOf(element), option }
    tell(JSON.stringify(act))
  }

  /** The first of what an event went through that is one of these. */
  const first = (event: DomEvent, among: readonly { readonly element: DomElement }[]) => {
    const elements = new Set(among.map(({ element }) => element))
    return event.composedPath().find((each) => elements.has(each))
  }
  const ticks = (element: DomElement | undefined) => element?.type === 'checkbox' || element?.type === 'radio'

  addEventListener(
    'input',
    (event) => {
      const [element] = event.composedPath()
      if (!element || !event.isTrusted || ticks(element) || element.localName === 'select' || told.has(element)) return
      told.add(element)
      tellAct('filled', 'fields', element)
    },
    true,
  )
  addEventListener(
    'change',
    (event) => {
      const [element] = event.composedPath()
      if (!element || !event.isTrusted) return
      if (element.type === 'checkbox') tellAct(element.checked ? 'ticked' : 'unticked', 'fields', element)
      else if (element.type === 'radio') tellAct('chosen', 'fields', element)
      else if (element.localName === 'select') {
        const { options } = (scan([]).fields.find((each) => each.element === element) ?? {}) as { options?: string[] }
        tellAct('chosen', 'fields', element, options?.[element.selectedIndex ?? -1])
      }
    },
    true,
  )
  addEventListener(
    'keydown',
    (event) => {
      const [element] = event.composedPath()
      if (!element || !event.isTrusted || event.key !== 'Enter' || event.isComposing) return
      if (element.localName !== 'input' || ticks(element)) return
      tellAct('entered', 'fields', element)
      told = new Set()
    },
    true,
  )
  addEventListener(
    'click',
    (event) => {
      if (!event.isTrusted) return
      const { fields, buttons } = scan([])
      const button = first(event, buttons)
      const field = first(event, fields)
      // A label presses its field, which tells of itself.
      const label = event.composedPath().find((each) => each.localName === 'label')
      // A box around a field that looks as if it could be pressed only gives the field the focus.
      if (!button || field || label?.control || fields.some(({ element }) => button.contains(element))) return
      tellAct('pressed', 'buttons', button)
      told = new Set()
    },
    true,
  )
}
