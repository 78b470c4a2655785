import { type DefaultTreeAdapterMap, parse } from 'parse5'
import type { Decoded } from './text.ts'

/** A form, as a browser would send it without the help of a person. */
export interface PageForm {
  /** Its place among the forms of the page. */
  readonly index: number
  readonly names: readonly string[]
  readonly method: 'GET' | 'POST' | 'dialog'
  readonly enctype: string
  /** Absolute; undefined where it is none. */
  readonly action: string | undefined
  /** What it sends: names and values, line breaks as CRLF (html.spec.whatwg.org, "Constructing the entry list"). */
  readonly entries: readonly (readonly [name: string, value: string])[]
  /** What a person would see of it and could fill in or choose. */
  readonly fields: readonly string[]
  /** Whether a person would see something to press. */
  readonly button: boolean
}

/** What a page is to who runs no script. Content of `noscript` is none: a browser with scripts, whose cookies these are, sees none. */
export interface HttpPage {
  readonly url: string
  readonly title: string
  readonly encoding: string
  readonly forms: readonly PageForm[]
  /** What a person would see and could fill in, in forms and outside of them. */
  readonly fields: readonly string[]
  /** Scripts in the page, and what its body runs when it is loaded. */
  readonly scripts: readonly string[]
  /** Whether there are scripts, of any kind. */
  readonly scripted: boolean
  /** Whether there are frames, in which anything may happen. */
  readonly framed: boolean
  /** `content` of the first `<meta http-equiv=refresh>`. */
  readonly refresh: string | undefined
  /** What its own relative addresses are relative to. */
  readonly base: string
  /** `content` of `<meta name=referrer>`. */
  readonly referrer: string | undefined
}

type Node = DefaultTreeAdapterMap['node']
type Element = DefaultTreeAdapterMap['element']

/** A control with the form that it belongs to, and whether it can be seen. */
interface Control {
  readonly element: Element
  readonly form: Element | undefined
  readonly shown: boolean
  readonly disabled: boolean
}

/** Inputs that a person presses, and that are sent only when they are. */
const pressed = new Set(['submit', 'button', 'image', 'reset'])

/** Reads the page that was answered at `url`, by the parser that html.spec.whatwg.org describes. */
export function pageOf(url: string, { text, encoding }: Decoded): HttpPage {
  const { elements, controls } = contentOf(parse(text))
  const all = (tag: string) => elements.filter(({ tagName }) => tagName === tag)
  const metas = (key: string, value: string) =>
    all('meta').filter((meta) => attribute(meta, key)?.trim().toLowerCase() === value && has(meta, 'content'))
  const base =
    absolute(
      attribute(
        all('base').find((element) => has(element, 'href')),
        'href',
      ) ?? '',
      url,
    ) ?? url
  const forms = all('form').map((form, index) => {
    const id = attribute(form, 'id')
    // The attribute wins over the place; of two elements with one id the first counts.
    const own = controls.filter(({ element, form: around }) => {
      const named = attribute(element, 'form')
      return named === undefined ? around === form : named === id && elements.find((one) => attribute(one, 'id') === id) === form
    })
    return formOf(form, index, own, { url, base, encoding })
  })
  const body = attribute(all('body')[0], 'onload')
  const scripts = all('script')
  return {
    url,
    title: textOf(all('title')[0]).replace(/\s+/g, ' ').trim(),
    encoding,
    forms,
    fields: controls.filter(isField).map(nameOf),
    scripts: [...(body === undefined ? [] : [body]), ...scripts.filter(isClassic).map(textOf)],
    scripted: scripts.length > 0 || body !== undefined,
    framed: elements.some(({ tagName }) => /^(frame|iframe)$/.test(tagName)),
    refresh: attribute(metas('http-equiv', 'refresh')[0], 'content'),
    base,
    referrer: attribute(metas('name', 'referrer').at(-1), 'content'),
  }
}

/** All elements and controls in the order of the document. Not by recursion: pages may be nested deeper than the stack is. */
function contentOf(document: Node): { elements: Element[]; controls: Control[] } {
  const elements: Element[] = []
  const controls: Control[] = []
  const waiting: { node: Node; form: Element | undefined; shown: boolean; disabled: boolean }[] = [
    { node: document, form: undefined, shown: true, disabled: false },
  ]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node } = next
    let { form, shown, disabled } = next
    if ('tagName' in node) {
      elements.push(node)
      shown &&= !isHidden(node)
      disabled ||= /^(fieldset|input|button|select|textarea)$/.test(node.tagName) && has(node, 'disabled')
      if (/^(input|button|select|textarea)$/.test(node.tagName)) controls.push({ element: node, form, shown, disabled })
      if (node.tagName === 'form') form = node
    }
    if ('childNodes' in node) {
      for (const child of [...node.childNodes].reverse()) waiting.push({ node: child, form, shown, disabled })
    }
  }
  return { elements, controls }
}

function formOf(
  form: Element,
  index: number,
  controls: readonly Control[],
  { url, base, encoding }: { url: string; base: string; encoding: string },
): PageForm {
  const method = attribute(form, 'method')?.trim().toLowerCase()
  const action = attribute(form, 'action')?.trim()
  return {
    index,
    names: [attribute(form, 'name'), attribute(form, 'id')].filter((name) => name !== undefined),
    method: method === 'post' ? 'POST' : method === 'dialog' ? 'dialog' : 'GET',
    enctype: attribute(form, 'enctype')?.trim().toLowerCase() ?? '',
    // An empty one means the page itself, whatever its base is.
    action: action ? absolute(action, base) : url,
    entries: controls.flatMap((control) => entriesOf(control, encoding)),
    fields: controls.filter(isField).map(nameOf),
    button: controls.some(({ element, shown, disabled }) => shown && !disabled && isButton(element)),
  }
}

/** What a control adds to what its form sends when a script submits it. */
function entriesOf({ element, disabled }: Control, encoding: string): [string, string][] {
  const name = attribute(element, 'name')
  if (!name || disabled || isButton(element)) return []
  const entry = (value: string): [string, string] => [crlf(name), crlf(value)]
  switch (element.tagName) {
    case 'textarea':
      return [entry(textOf(element))]
    case 'select':
      return chosenOf(element).map(entry)
    default: {
      const type = typeOf(element)
      if (type === 'file') return [entry('')]
      if (type === 'checkbox' || type === 'radio')
        return has(element, 'checked') ? [entry(attribute(element, 'value') ?? 'on')] : []
      return [entry(type === 'hidden' && name === '_charset_' ? encoding : (attribute(element, 'value') ?? ''))]
    }
  }
}

function chosenOf(select: Element): string[] {
  const options = contentOf(select).elements.filter(({ tagName }) => tagName === 'option')
  const selected = options.filter((option) => has(option, 'selected'))
  const chosen = has(select, 'multiple') ? selected : [selected.at(-1) ?? options.find((option) => !has(option, 'disabled'))]
  return chosen.flatMap((option) => (option ? [attribute(option, 'value') ?? textOf(option).replace(/\s+/g, ' ').trim()] : []))
}

/** Something that a person could fill in or choose. */
function isField({ element, shown, disabled }: Control): boolean {
  return shown && !disabled && !isButton(element) && !(element.tagName === 'input' && typeOf(element) === 'hidden')
}

function isButton(element: Element): boolean {
  return element.tagName === 'button' || (element.tagName === 'input' && pressed.has(typeOf(element)))
}

function nameOf({ element }: Control): string {
  const name = attribute(element, 'name') || attribute(element, 'id') || element.tagName
  return element.tagName === 'input' ? `${name} (${typeOf(element)})` : name
}

function typeOf(input: Element): string {
  return attribute(input, 'type')?.trim().toLowerCase() || 'text'
}

/** As far as the page itself says it; what style sheets hide counts as seen. */
function isHidden(element: Element): boolean {
  return has(element, 'hidden') || /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attribute(element, 'style') ?? '')
}

/** A script that is in the page, of the kind that runs as the page is read. */
function isClassic(script: Element): boolean {
  const type = attribute(script, 'type')?.trim().toLowerCase() ?? ''
  return !has(script, 'src') && /^($|(text|application)\/(x-)?(java|ecma)script$)/.test(type)
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((one) => one.name === name)?.value
}

function has(element: Element, name: string): boolean {
  return attribute(element, name) !== undefined
}

function textOf(element: Element | undefined): string {
  return element?.childNodes.map((child) => (child.nodeName === '#text' && 'value' in child ? child.value : '')).join('') ?? ''
}

function crlf(value: string): string {
  return value.replace(/\r\n|\r|\n/g, '\r\n')
}

function absolute(address: string, base: string): string | undefined {
  return URL.canParse(address, base) ? new URL(address, base).href : undefined
}
