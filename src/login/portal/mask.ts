/**
 * Two functions that run inside the browser, like scanDocument: `executeScript` sends their source, so they must not refer to
 * anything outside themselves. They make a page fit to be photographed: what fields hold cannot be read in the picture.
 */

interface MaskedElement {
  readonly localName: string
  readonly type?: string
  readonly value?: string
  readonly textContent: string | null
  readonly shadowRoot: MaskedRoot | null
  readonly childNodes: ArrayLike<{ readonly nodeType: number; readonly nodeValue: string | null }>
  readonly style?: { setProperty(name: string, value: string, priority: string): void }
  getAttribute(name: string): string | null
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
}
interface MaskedRoot {
  querySelectorAll(selector: string): ArrayLike<MaskedElement>
}
declare const document: MaskedRoot
declare function getComputedStyle(element: MaskedElement): { getPropertyValue(name: string): string }

/** An element that was changed, and its style attribute before; `Element` is a node here and a reference once it has left the browser. */
interface Mark<Element> {
  readonly element: Element
  readonly style: string | null
}

/** Makes transparent what text fields hold, and all text that contains one of `words`, in whatever case. */
export function maskDocument(words: readonly string[]): Mark<unknown>[] {
  const marks: Mark<unknown>[] = []
  const said = words.map((word) => word.toLowerCase())
  const tells = (text: string | null | undefined) => said.some((word) => (text ?? '').toLowerCase().includes(word))
  const pressed = ['submit', 'button', 'reset', 'image', 'checkbox', 'radio', 'hidden', 'file', 'range', 'color']
  const secret = (element: MaskedElement) => {
    if (element.localName === 'textarea') return true
    if (element.localName === 'input') return !pressed.includes(element.type ?? '') || tells(element.value)
    if (element.localName === 'select') return tells(element.textContent)
    return tells(
      Array.from(element.childNodes)
        .map(({ nodeType, nodeValue }) => (nodeType === 3 ? nodeValue : ''))
        .join(''),
    )
  }
  const mask = (root: MaskedRoot) => {
    for (const element of Array.from(root.querySelectorAll('*'))) {
      if (element.shadowRoot) mask(element.shadowRoot)
      if (!element.style || !secret(element)) continue
      marks.push({ element, style: element.getAttribute('style') })
      for (const [name, value] of [
        ['transition', 'none'],
        ['color', 'transparent'],
        ['-webkit-text-fill-color', 'transparent'],
        ['text-shadow', 'none'],
        ['caret-color', 'transparent'],
      ] as const) {
        element.style.setProperty(name, value, 'important')
      }
    }
  }
  mask(document)
  return marks
}

/** Takes back what maskDocument has done. */
export function unmaskDocument(marks: readonly Mark<unknown>[]): void {
  const masked = marks as readonly Mark<MaskedElement>[]
  // Colours come back at once, and not as slowly as the page has them change.
  for (const { element, style } of masked) element.setAttribute('style', `${style ?? ''}; transition: none !important`)
  for (const { element } of masked) getComputedStyle(element).getPropertyValue('color')
  for (const { element, style } of masked) {
    if (style === null) element.removeAttribute('style')
    else element.setAttribute('style', style)
  }
}
