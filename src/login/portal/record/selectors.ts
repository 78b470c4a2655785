import type { Raw } from '../inPage.ts'
import type { DomElement } from './dom.ts'

declare const CSS: { escape(text: string): string }

/** Selectors for what a person has used. */
export interface Selectors {
  /** Finds this element and no other that is shown in its document, in the next session too. */
  selectorOf(element: DomElement): string
  /** Finds all boxes of a code of which `element` is one; undefined where it is none. */
  boxesOf(element: DomElement): string | undefined
}

/**
 * Runs inside the browser, like recordDocument, and must not refer to anything outside itself. An id or another name that is the
 * same in each session is best; the place of an element in the page is the last resort.
 */
export function selectorsIn(scan: (selectors: readonly string[]) => Raw<DomElement>): Selectors {
  const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\a ')}"`

  /**
   * Whether a name is the same in the next session: no counters (`input41`), no hashes, no identifiers that a framework gives
   * (`:r1:`, `ember12`), no addresses. A single small number at the end is a part of the name (`address2`).
   */
  const lasting = (name: string) =>
    name.length > 0 &&
    name.length <= 60 &&
    !/[:@\s]/.test(name) &&
    !/\d{2}/.test(name) &&
    !/^(ember|ext-|gwt-|mat-|radix-|react-|headlessui-|mui-|yui|dijit|id_?\d)/i.test(name) &&
    // Digits in the midst of letters, and words that nobody can speak, are hashes.
    !name.split(/[-_.]/).some((word) => /^(?=.*\d[a-z])[a-z\d]{6,}$/i.test(word) || /[bcdfghjklmnpqrstvwxz]{7,}/.test(word))

  /** Words of the page that are not of the person who signs in. */
  const impersonal = (text: string) => text.length > 0 && text.length <= 60 && !/@|\d{3}/.test(text)

  const attribute = (element: DomElement, name: string) => {
    const value = element.getAttribute(name)
    return value === null ? undefined : `${element.localName}[${name}=${quoted(value)}]`
  }

  const isButton = (element: DomElement) => element.localName === 'button' || element.type === 'submit'
  const byName = (element: DomElement): (string | undefined)[] => {
    const name = element.getAttribute('name') ?? ''
    if (!lasting(name)) return []
    const selector = `${element.localName}[name=${quoted(name)}]`
    const value = element.getAttribute('value') ?? ''
    // Radios share a name, and so may the buttons of a form.
    const told = element.type === 'radio' || isButton(element)
    return [
      element.type === 'radio' ? undefined : selector,
      told && lasting(value) ? `${selector}[value=${quoted(value)}]` : undefined,
    ]
  }
  // Those that are made for tests stay when a page is built anew.
  const forTests = /^data-(test|testid|test-id|qa|cy|se|e2e|automation|hook|action|value)/
  const byData = (element: DomElement) =>
    Array.from(element.attributes)
      .filter(({ name, value }) => name.startsWith('data-') && lasting(value))
      .sort((a, b) => Number(forTests.test(b.name)) - Number(forTests.test(a.name)))
      .map(({ name }) => attribute(element, name))
  const byType = ({ localName, type }: DomElement) =>
    localName === 'input' && /^(password|email|tel)$/.test(type ?? '') ? `input[type=${type}]` : undefined
  /** Selectors for an element by itself, the ones that last longest first. */
  const own = (element: DomElement): string[] => {
    const autofill = /^(username|email|current-password|one-time-code)$/.test(element.getAttribute('autocomplete') ?? '')
    const selectors = [
      lasting(element.id) ? `#${CSS.escape(element.id)}` : undefined,
      ...byName(element),
      autofill ? attribute(element, 'autocomplete') : undefined,
      ...byData(element),
      impersonal(element.getAttribute('aria-label') ?? '') ? attribute(element, 'aria-label') : undefined,
      byType(element),
    ]
    return selectors.filter((selector) => selector !== undefined)
  }

  /** Selectors by the place of an element: below the nearest one that has a lasting name, else by the shortest way that is its own. */
  const byPlace = (element: DomElement): string[] => {
    const below: string[] = []
    const alone: string[] = []
    let way = ''
    for (let at: DomElement | null = element; at; at = at.parentElement) {
      const { localName } = at
      const names = at === element ? [] : own(at).filter((selector) => !selector.includes('[type='))
      for (const name of names) below.push(`${name} ${way}`, `${name} > ${way}`)
      const alike = Array.from(at.parentElement?.children ?? []).filter((each) => each.localName === localName)
      const step = alike.length > 1 ? `${localName}:nth-of-type(${alike.indexOf(at) + 1})` : localName
      way = way === '' ? step : `${step} > ${way}`
      if (at !== element) alone.push(way)
    }
    // The one button of a page that sends something.
    const sends = isButton(element) ? [`${element.localName}[type=submit]`, 'button:not([type=button])'] : []
    return [...below, ...sends, ...alone, way]
  }

  /** Inside a form that has a name its own short selectors do, where they do not by themselves. */
  const inForm = (element: DomElement): string[] => {
    const form = element.closest('form')
    const names = form ? own(form) : []
    return names.flatMap((name) => own(element).map((selector) => `${name} ${selector}`))
  }

  /** The first selector that finds this element only, of all that are shown. */
  const selectorOf = (element: DomElement): string => {
    const candidates = [...new Set([...own(element), ...inForm(element), ...byPlace(element)])]
    const { matches } = scan(candidates)
    const index = matches.findIndex((found) => found.length === 1 && found[0]?.element === element)
    return candidates[index] ?? candidates.at(-1) ?? element.localName
  }

  const boxesOf = (element: DomElement): string | undefined => {
    if (element.localName !== 'input' || (element.maxLength ?? -1) < 1 || (element.maxLength ?? -1) > 2) return undefined
    const name = attribute(element, 'name')
    const classes = Array.from(element.classList).filter(lasting)
    const candidates = [name, ...classes.map((each) => `input.${CSS.escape(each)}`), `input[maxlength="${element.maxLength}"]`]
    const selectors = candidates.filter((selector) => selector !== undefined)
    const { matches } = scan(selectors)
    return selectors.find((_, index) => {
      const found = (matches[index] ?? []).map((match) => match.element)
      return found.length >= 4 && found.length <= 10 && found.includes(element)
    })
  }

  return { selectorOf, boxesOf }
}
