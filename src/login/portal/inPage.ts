/**
 * The one function of awsfed that runs inside the browser: `executeScript` sends its source, so it must not refer to anything
 * outside itself. It reads; it changes nothing in the page. Values never leave the page: only whether there is one.
 */

// Of the DOM only what is used here: the project is Node's, and its other files must not see the browser's globals.
interface DomNode {
  readonly nodeType: number
  readonly nodeValue: string | null
  readonly textContent: string | null
  readonly parentNode: DomNode | null
  readonly childNodes: ArrayLike<DomNode>
  readonly previousSibling: DomNode | null
  readonly nextSibling: DomNode | null
  getRootNode(): DomRoot
}
interface DomRoot extends DomNode {
  readonly host?: DomElement
  querySelectorAll(selector: string): ArrayLike<DomElement>
  getElementById(id: string): DomElement | null
  elementFromPoint(x: number, y: number): DomElement | null
}
interface DomElement extends DomNode {
  readonly localName: string
  readonly id: string
  readonly parentElement: DomElement | null
  readonly shadowRoot: DomRoot | null
  readonly type?: string
  readonly value?: string
  readonly checked?: boolean
  readonly maxLength?: number
  readonly innerText?: string
  readonly isContentEditable?: boolean
  readonly disabled?: boolean
  readonly required?: boolean
  readonly readOnly?: boolean
  readonly labels?: ArrayLike<DomElement> | null
  readonly attributes: ArrayLike<{ readonly name: string; readonly value: string }>
  readonly options?: ArrayLike<{ readonly text: string; readonly value: string; readonly defaultSelected: boolean }>
  readonly selectedIndex?: number
  getAttribute(name: string): string | null
  contains(other: DomNode): boolean
  closest(selector: string): DomElement | null
  matches(selector: string): boolean
  querySelector(selector: string): DomElement | null
  querySelectorAll(selector: string): ArrayLike<DomElement>
  getBoundingClientRect(): { x: number; y: number; width: number; height: number; right: number; bottom: number }
  checkVisibility?(options: object): boolean
}
interface DomStyle {
  readonly visibility: string
  readonly display: string
  readonly cursor: string
  readonly position: string
  readonly opacity: string
  readonly fontSize: string
  readonly color: string
  readonly overflow: string
  readonly clipPath: string
  getPropertyValue(name: string): string
}
declare const document: DomRoot & {
  readonly documentElement: DomElement
  readonly readyState: string
  readonly title: string
  readonly documentURI: string
  readonly baseURI: string
}
declare const window: {
  readonly scrollX: number
  readonly scrollY: number
  readonly innerWidth: number
  readonly innerHeight: number
}
declare function getComputedStyle(element: DomElement): DomStyle
declare const location: { readonly href: string }

/** What one document shows; `element` and `frames` are nodes here and references to them once they have left the browser. */
export interface Raw<Element> {
  readonly root: Element
  readonly url: string
  /** Differs from `url` in Firefox's own pages about what could not be loaded. */
  readonly uri: string
  readonly title: string
  readonly language: string
  readonly loading: boolean
  readonly status: number
  readonly captcha: string
  readonly webAuthn: boolean
  readonly fields: readonly (Record<string, unknown> & { readonly element: Element })[]
  readonly buttons: readonly (Record<string, unknown> & { readonly element: Element })[]
  readonly texts: readonly Record<string, unknown>[]
  readonly matches: readonly (readonly (Record<string, unknown> & { readonly element: Element })[])[]
  /** Selectors that are none. */
  readonly invalid: readonly string[]
  readonly frames: readonly Element[]
}

/** Describes this document's visible fields, buttons and texts, open shadow roots included, and what `selectors` find. */
export function scanDocument(selectors: readonly string[]): Raw<unknown> {
  const roots: DomRoot[] = [document]
  const elements: DomElement[] = []
  const gather = (node: DomNode) => {
    for (const child of Array.from(node.childNodes)) {
      if (child.nodeType !== 1 || elements.length > 20_000) continue
      const element = child as DomElement
      elements.push(element)
      if (element.shadowRoot) {
        roots.push(element.shadowRoot)
        gather(element.shadowRoot)
      }
      gather(element)
    }
  }
  gather(document)

  const clean = (text: string | null | undefined, length = 300) => (text ?? '').replace(/\s+/g, ' ').trim().slice(0, length)
  const up = (element: DomElement): DomElement | null => element.parentElement ?? element.getRootNode().host ?? null
  const above = (element: DomElement, selector: string): DomElement | null => {
    for (let at: DomElement | null = element; at; at = at.getRootNode().host ?? null) {
      const found = at.closest(selector)
      if (found) return found
    }
    return null
  }

  /** Whether it lies in a box that is cut down to nothing, as is done with what only robots are to fill in. */
  const cutOff = new Map<DomElement, boolean>()
  const isCutOff = (element: DomElement): boolean => {
    const known = cutOff.get(element)
    if (known !== undefined) return known
    const { overflow, clipPath, display, position } = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    // The window's own scrolling is set on these two, and nothing is cut by a box that is part of a line.
    const cuts = !/^(html|body)$/.test(element.localName) && display !== 'inline' && /hidden|clip/.test(overflow)
    const nothing = (cuts && (box.width < 2 || box.height < 2)) || /^inset\((50|100)%/.test(clipPath)
    let around = position === 'fixed' ? null : up(element)
    // What is placed by itself is cut only by what it is placed in.
    if (position === 'absolute') while (around && getComputedStyle(around).position === 'static') around = up(around)
    const cut = nothing || (around !== null && isCutOff(around))
    cutOff.set(element, cut)
    return cut
  }
  /** Whether a person sees it: laid out, not hidden, not moved off the page, not shrunk to a dot for screen readers. */
  const shown = (element: DomElement, transparentToo = false) => {
    const box = element.getBoundingClientRect()
    if (box.width < 2 || box.height < 2 || isCutOff(element)) return false
    if (box.right + window.scrollX <= 0 || box.bottom + window.scrollY <= 0) return false
    if (element.checkVisibility) {
      return element.checkVisibility({ visibilityProperty: true, opacityProperty: !transparentToo, contentVisibilityAuto: true })
    }
    const style = getComputedStyle(element)
    return style.visibility === 'visible' && (transparentToo || Number(style.opacity) > 0)
  }

  const textOf = (element: DomElement | null | undefined) => clean(element?.innerText ?? element?.textContent)
  const byIds = (element: DomElement, attribute: string) =>
    (element.getAttribute(attribute) ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((id) => textOf(element.getRootNode().getElementById(id)))
      .join(' ')

  /** A web component often holds the label, the name and the type on its host. */
  const attribute = (element: DomElement, name: string): string => {
    const own = element.getAttribute(name)
    if (own) return own
    const host = element.getRootNode().host
    return host ? (host.getAttribute(name) ?? '') : ''
  }
  const labelsOf = (element: DomElement) =>
    Array.from(element.labels ?? [])
      .map(textOf)
      .join(' ')
  const labelOf = (element: DomElement) => {
    const host = element.getRootNode().host
    const hostLabel = host?.id
      ? host.getRootNode().querySelectorAll(`label[for="${host.id.replace(/["\\]/g, '\\$&')}"]`)[0]
      : undefined
    return clean(
      byIds(element, 'aria-labelledby') ||
        attribute(element, 'aria-label') ||
        labelsOf(element) ||
        textOf(hostLabel) ||
        host?.getAttribute('label') ||
        element.getAttribute('title'),
      200,
    )
  }

  const control = 'input:not([type=hidden]),select,textarea'
  const pressable =
    'button,input[type=submit],input[type=button],input[type=image],a,[role=button],[role=link],[role=option],[role=menuitem],[role=radio],[onclick]'
  /** The text just before an element: its own line, then the lines above, as far as no other field stands between. */
  const before = (element: DomElement) => {
    let at: DomElement | null = element
    for (let level = 0; at && level < 4 && at.localName !== 'form'; level += 1) {
      const text = textBefore(at)
      if (text !== undefined) return text
      at = up(at)
    }
    return ''
  }
  /** A label that floats over its field often stands after it; what stands below it is a hint. */
  const floating = (element: DomElement) => {
    const field = element.getBoundingClientRect()
    for (let sibling = element.nextSibling; sibling; sibling = sibling.nextSibling) {
      if (sibling.nodeType !== 1) continue
      const other = sibling as DomElement
      const box = other.getBoundingClientRect()
      const over = box.y < field.y + field.height / 2 && box.x < field.right && box.right > field.x
      if (over && !other.matches(`${control},${pressable}`) && shown(other) && textOf(other)) return textOf(other).slice(0, 120)
    }
    return ''
  }
  const textBefore = (element: DomElement): string | undefined => {
    for (let sibling = element.previousSibling; sibling; sibling = sibling.previousSibling) {
      if (sibling.nodeType === 3 && clean(sibling.nodeValue)) return clean(sibling.nodeValue, 120)
      if (sibling.nodeType !== 1) continue
      const other = sibling as DomElement
      if (other.matches(control) || other.querySelector(control)) return ''
      const text = other.matches('script,style,template,noscript') || !shown(other) ? '' : textOf(other)
      if (text) return text.slice(-120)
    }
    return undefined
  }

  const groups: DomElement[] = []
  /** The form that it belongs to; a button may stand outside of it and name it. */
  const ownForm = (element: DomElement) => {
    const named = element.getAttribute('form')
    return (named && element.getRootNode().getElementById(named)) || above(element, 'form')
  }
  const formOf = (element: DomElement) => {
    const form = ownForm(element) ?? above(element, '[role=form],[role=dialog],dialog')
    if (!form) return ''
    if (!groups.includes(form)) groups.push(form)
    const words = [
      form.id,
      form.getAttribute('name'),
      form.getAttribute('class'),
      form.getAttribute('action'),
      form.getAttribute('role'),
    ]
    return `${groups.indexOf(form)} ${clean(words.filter(Boolean).join(' '), 160)}`
  }
  /** Where its form goes to. Not `form.action`: a field of that name hides it. */
  const actionOf = (element: DomElement) => {
    const action = ownForm(element)?.getAttribute('action')
    try {
      return action ? new URL(action, document.baseURI).href : ''
    } catch {
      return ''
    }
  }
  const disabled = (element: DomElement) =>
    element.disabled === true || element.getAttribute('aria-disabled') === 'true' || above(element, 'fieldset[disabled]') !== null
  const place = (element: DomElement) => {
    const box = element.getBoundingClientRect()
    return {
      x: Math.round(box.x + window.scrollX),
      y: Math.round(box.y + window.scrollY),
      width: Math.round(box.width),
      height: Math.round(box.height),
    }
  }

  const unfillable = ['hidden', 'submit', 'button', 'image', 'reset', 'file', 'color', 'range']
  const isField = (element: DomElement) =>
    element.localName === 'select' ||
    element.localName === 'textarea' ||
    (element.localName === 'input' && !unfillable.includes(element.type ?? ''))
  const fieldOf = (element: DomElement) => {
    const type = element.localName === 'input' ? (element.type ?? 'text') : element.localName
    const tick = type === 'checkbox' || type === 'radio'
    const style = getComputedStyle(element)
    const { y, width } = place(element)
    const label = labelOf(element)
    const placeholder = placeholderOf(element)
    const stands = tick ? '' : (!label && floating(element)) || before(element)
    return {
      element,
      form: formOf(element),
      action: actionOf(element),
      type,
      name: clean(attribute(element, 'name')),
      id: clean(element.id || element.getRootNode().host?.id),
      autocomplete: clean(attribute(element, 'autocomplete')).toLowerCase(),
      inputmode: clean(attribute(element, 'inputmode')).toLowerCase(),
      pattern: clean(attribute(element, 'pattern')),
      maxLength: element.maxLength ?? -1,
      label,
      placeholder,
      near: clean(`${stands} ${byIds(element, 'aria-describedby')}`),
      filled: isFilled(element),
      enabled: !disabled(element) && !isLocked(element),
      invalid: isInvalid(element),
      required: element.required === true || element.getAttribute('aria-required') === 'true',
      masked: style.getPropertyValue('-webkit-text-security').replace('none', '') !== '',
      options:
        type === 'select'
          ? Array.from(element.options ?? []).map((option) => clean(option.text))
          : type === 'radio'
            ? [element.value ?? '']
            : [],
      preset: Array.from(element.options ?? []).some((option) => option.defaultSelected && option.value !== ''),
      picture: type === 'text' && hasPicture(element),
      y,
      width,
    }
  }
  /** Whether a picture of the size of a line or two stands beside a field, and beside no other. */
  const hasPicture = (element: DomElement) => {
    for (
      let at = element.parentElement, level = 0;
      at && level < 3 && at.localName !== 'form';
      at = at.parentElement, level += 1
    ) {
      if (Array.from(at.querySelectorAll(control)).length > 1) return false
      const picture = Array.from(at.querySelectorAll('canvas,img')).find((one) => {
        const { width, height } = one.getBoundingClientRect()
        return width >= 60 && width <= 400 && height >= 20 && height <= 150 && shown(one)
      })
      if (picture) return true
    }
    return false
  }
  /** Whether what the field holds only says what belongs there: its page takes it away when the field is entered. */
  const isCaption = (element: DomElement) =>
    element.localName === 'input' &&
    element.value !== '' &&
    element.value === element.getAttribute('value') &&
    /\bvalue\b/.test(element.getAttribute('onfocus') ?? '')
  const placeholderOf = (element: DomElement) =>
    clean(attribute(element, 'placeholder') || (isCaption(element) ? element.value : ''))
  const isFilled = (element: DomElement) =>
    element.type === 'checkbox' || element.type === 'radio'
      ? element.checked === true
      : Boolean(element.value) && !isCaption(element)
  /** Whether it cannot be typed into. Some fields can as soon as they are entered, which keeps browsers from filling them in. */
  const isLocked = (element: DomElement) => {
    if (element.readOnly !== true) return false
    if (element.value) return true
    if (['onfocus', 'onclick', 'onmousedown'].some((name) => /readonly/i.test(element.getAttribute(name) ?? ''))) return false
    // Nobody could use a form whose fields are all locked for good.
    const around = ownForm(element) ?? element.getRootNode()
    const typed = Array.from(around.querySelectorAll('input')).filter((one) => isField(one) && shown(one))
    return typed.some((one) => !/^(checkbox|radio)$/.test(one.type ?? '') && (one.readOnly !== true || Boolean(one.value)))
  }
  const isInvalid = (element: DomElement) => element.getAttribute('aria-invalid') === 'true'
  // A tick box is often made transparent and drawn anew; a text field that is transparent or out of the tab order is a trap.
  const fieldShown = (element: DomElement) => {
    const tick = element.type === 'checkbox' || element.type === 'radio'
    if (tick) return shown(element, true) || Array.from(element.labels ?? []).some((label) => shown(label))
    if (above(element, '[aria-hidden=true]')) return false
    // One field for a whole code is often laid, transparent, over the boxes that are drawn for its digits.
    const code = element.getAttribute('autocomplete') === 'one-time-code' || element.getAttribute('inputmode') === 'numeric'
    return shown(element, code && element.getAttribute('tabindex') !== '-1')
  }

  /** A box that is drawn as a button only by its class, and holds nothing else to press. */
  const isCalledButton = (element: DomElement) =>
    (element.getAttribute('class') ?? '').split(/\s+/).some((name) => /^(.+[-_])?(btn|button)$/i.test(name)) &&
    Boolean(textOf(element)) &&
    !element.querySelector(`${pressable},${control},div,p`)
  const isButton = (element: DomElement) => {
    if (element.matches(pressable)) return true
    if (!/^(div|span|li|td|tr|img|p)$/.test(element.localName) && !element.localName.includes('-')) return false
    if (above(element, `${pressable},label`)) return false
    if (getComputedStyle(element).cursor !== 'pointer') return isCalledButton(element)
    const inner = element.querySelector(pressable)
    if (inner && textOf(inner) === textOf(element)) return false
    const parent = up(element)
    return !parent || getComputedStyle(parent).cursor !== 'pointer'
  }
  /** What the page's own program calls it: a value, or data that is a word of its own. */
  const valuesOf = (element: DomElement) =>
    Array.from(element.attributes)
      .filter(({ name, value }) => (name === 'value' || name.startsWith('data-')) && /^[\w.:-]{2,40}$/.test(value))
      .map(({ value }) => value)
      .join(' ')
  /** What stands around nothing but a button is often named for it. */
  const wrapperId = (element: DomElement) => {
    const parent = element.parentElement
    return parent && Array.from(parent.childNodes).every((node) => node === element || !clean(node.textContent)) ? parent.id : ''
  }
  /** Its texts, kept apart as they stand apart; a letter that is only underlined belongs to its word. */
  const textsOf = (element: DomElement) => {
    const said = textOf(element)
    const pieces: string[] = []
    const gatherTexts = (node: DomNode) => {
      for (const child of Array.from(node.childNodes)) {
        if (child.nodeType === 3 && clean(child.nodeValue)) pieces.push(clean(child.nodeValue))
        if (child.nodeType === 1 && !(child as DomElement).matches('script,style,template')) gatherTexts(child)
      }
    }
    gatherTexts(element)
    const apart = clean(pieces.join(' '))
    const whole = pieces.every((piece) => piece.length > 2)
    return whole && apart.replaceAll(' ', '') === said.replaceAll(' ', '') ? apart : said
  }
  const buttonText = (element: DomElement) => {
    const picture = element.querySelector('img[alt],svg title')
    return clean(
      (element.localName === 'input' ? element.value : textsOf(element)) ||
        element.getAttribute('aria-label') ||
        element.getAttribute('title') ||
        element.getAttribute('alt') ||
        picture?.getAttribute('alt') ||
        picture?.textContent,
      160,
    )
  }
  const buttonOf = (element: DomElement) => ({
    element,
    form: formOf(element),
    tag: element.localName,
    type: /^(button|input)$/.test(element.localName) ? (element.type ?? '') : '',
    role: element.getAttribute('role') ?? '',
    text: buttonText(element),
    label: labelOf(element),
    id: clean(element.id || element.getRootNode().host?.id),
    name: clean(element.getAttribute('name')),
    values: clean(element.localName === 'input' ? '' : valuesOf(element), 160),
    wrapper: clean(wrapperId(element)),
    className: clean(element.getAttribute('class'), 160),
    href: clean(element.getAttribute('href'), 200),
    enabled: !disabled(element),
    opens: /^(true|menu|listbox|dialog)$/.test(element.getAttribute('aria-haspopup') ?? ''),
    layer: layerOf(element),
    covered: isCovered(element),
    ...place(element),
  })
  /** Whether something lies over its middle, such as a spinner; what is scrolled out of sight is not. */
  const isCovered = (element: DomElement) => {
    const box = element.getBoundingClientRect()
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    if (x < 0 || y < 0 || x >= window.innerWidth || y >= window.innerHeight) return false
    const at = element.getRootNode().elementFromPoint(x, y)
    return at !== null && !element.contains(at) && !at.contains(element)
  }
  /** What is written on the layer over the page that an element lies on: a banner, a message box. */
  const layerOf = (element: DomElement) => {
    for (let at: DomElement | null = element; at && !/^(body|html)$/.test(at.localName); at = up(at)) {
      if (at.matches('[role=dialog],[role=alertdialog],dialog') || /fixed|sticky/.test(getComputedStyle(at).position)) {
        return clean(`${labelOf(at)} ${textOf(at)}`)
      }
    }
    return ''
  }

  /** Portals write errors in red, whatever else they call them. */
  const isRed = (element: DomElement) => {
    const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).color.match(/\d+/g) ?? []).map(Number)
    return red >= 140 && red > 2 * green && red > 1.6 * blue
  }

  /** Text is gathered by the block that it stands in, so that "<b>Wrong</b> password" is one text. */
  const blocks = new Map<DomElement, { pieces: string[]; size: number; red: boolean }>()
  const blockOf = (element: DomElement): DomElement => {
    for (let at: DomElement = element; ; ) {
      if (!getComputedStyle(at).display.startsWith('inline')) return at
      const next = up(at)
      if (!next) return at
      at = next
    }
  }
  const sizeOf = (element: DomElement) => Math.round(Number.parseFloat(getComputedStyle(element).fontSize))
  const silent = 'script,style,template,noscript,select,option,textarea,button,[role=button],a[href],title'
  for (const element of elements) {
    const own = Array.from(element.childNodes).filter((node) => node.nodeType === 3 && clean(node.nodeValue))
    if (own.length === 0 || above(element, silent) || !shown(element)) continue
    const fontSize = sizeOf(element)
    // A number in larger letters than what stands around it stands for itself.
    const apart = /^\d{1,8}$/.test(clean(element.textContent)) && fontSize > 1.25 * sizeOf(up(element) ?? element)
    const block = apart ? element : blockOf(element)
    const { pieces, size, red } = blocks.get(block) ?? { pieces: [], size: 0, red: true }
    const texts = own.map((node) => clean(node.nodeValue))
    blocks.set(block, { pieces: [...pieces, ...texts], size: Math.max(size, fontSize), red: red && isRed(element) })
  }
  // `error`, `alert` and the like in the names of the block or of what it stands in, but not of a whole form or page.
  const alarming = /error|alert|invalid|danger|warning|fehler|feedback-neg|(^|[-_\s])(err|erreur)/i
  const wrong = elements
    .filter(isInvalid)
    .flatMap((field) =>
      ['aria-describedby', 'aria-errormessage'].flatMap((name) => (field.getAttribute(name) ?? '').split(/\s+/).filter(Boolean)),
    )
  const kindOf = (element: DomElement, red: boolean) => {
    if (above(element, '[role=alert],[role=alertdialog],[aria-live=assertive]')) return 'alert'
    if (above(element, 'label')) return 'label'
    if (red || wrong.some((id) => above(element, `[id="${id.replace(/["\\]/g, '\\$&')}"]`))) return 'alert'
    let at: DomElement | null = element
    for (let level = 0; at && level < 3 && !/^(form|body|main)$/.test(at.localName); level += 1) {
      if (alarming.test(`${at.id} ${at.getAttribute('class') ?? ''}`) && !at.querySelector(control)) return 'alert'
      at = up(at)
    }
    if (above(element, '[aria-live],[role=status]')) return 'status'
    if (above(element, 'h1,h2,h3,h4,legend,[role=heading]')) return 'heading'
    return 'text'
  }
  const texts = [...blocks].slice(0, 250).map(([element, { pieces, size, red }]) => ({
    text: clean(pieces.join(' ')),
    kind: kindOf(element, red),
    size,
  }))

  // Of a page that lies under a message box nothing can be pressed or filled in.
  const modal = elements.filter((element) => element.matches('[aria-modal=true],dialog:modal') && shown(element)).at(-1)
  const reachable = (element: DomElement) => {
    for (let at: DomElement | null = element; modal && at !== modal; at = up(at)) if (!at) return false
    return true
  }

  /** The maker of a captcha that is still to be solved; one without a box to tick lets people pass by itself. */
  const captchas: readonly [string, string][] = [
    [
      'reCAPTCHA',
      '.g-recaptcha:not([data-size=invisible]),iframe[src*="recaptcha/"][src*="/anchor"]:not([src*="size=invisible"])',
    ],
    [
      'hCaptcha',
      '.h-captcha:not([data-size=invisible]),iframe[src*="hcaptcha.com"][src*="frame=checkbox"]:not([src*="size=invisible"])',
    ],
    ['Turnstile', '.cf-turnstile,iframe[src*="challenges.cloudflare.com"]'],
    ['FunCaptcha', 'iframe[src*="arkoselabs.com"],iframe[src*="funcaptcha.com"]'],
    ['a picture', 'img[id*=captcha i],img[src*=captcha i],img[alt*=captcha i],img[class*=captcha i],canvas[id*=captcha i]'],
  ]
  const solved = elements.some(
    (element) =>
      /^(g-recaptcha|h-captcha|cf-turnstile|fc)-?(response|token)/.test(element.getAttribute('name') ?? '') &&
      Boolean(element.value),
  )
  const captcha = captchas.find(([, selector]) => elements.some((element) => element.matches(selector) && shown(element)))?.[0]

  const invalid: string[] = []
  const matchesOf = (selector: string) => {
    try {
      const found = roots.flatMap((root) => Array.from(root.querySelectorAll(selector)))
      // Nobody sees the options of a closed list: they stand for the list, once.
      const things = found.map((element) => (element.localName === 'option' ? (element.closest('select') ?? element) : element))
      return [...new Set(things)]
        .filter((element) => (isField(element) ? fieldShown(element) : shown(element)))
        .slice(0, 40)
        .map((element) => ({
          element,
          // What a field holds stays in the page.
          text: isField(element) ? '' : buttonText(element),
          label: labelOf(element),
          filled: Boolean(element.value),
          enabled: !disabled(element) && element.readOnly !== true,
        }))
    } catch {
      invalid.push(selector)
      return []
    }
  }

  const entry = performance.getEntriesByType('navigation')[0] as { responseStatus?: number } | undefined
  return {
    root: document.documentElement,
    url: location.href,
    uri: document.documentURI,
    title: clean(document.title),
    language: document.documentElement.getAttribute('lang') ?? '',
    loading: document.readyState !== 'complete',
    status: entry?.responseStatus ?? 0,
    captcha: solved ? '' : (captcha ?? ''),
    webAuthn: elements.some((element) =>
      element.matches(
        'input[name=clientDataJSON],input[type=hidden][name*=credentialAssertion i],[class*=webauthn i],[id*=webauthn i]',
      ),
    ),
    fields: elements
      .filter((element) => isField(element) && fieldShown(element) && reachable(element))
      .slice(0, 80)
      .map(fieldOf),
    buttons: elements
      .filter((element) => isButton(element) && shown(element) && reachable(element))
      .slice(0, 200)
      .map(buttonOf),
    texts,
    matches: selectors.map(matchesOf),
    invalid,
    frames: elements.filter((element) => /^i?frame$/.test(element.localName) && shown(element)).slice(0, 8),
  }
}
