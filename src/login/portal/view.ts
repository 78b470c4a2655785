/**
 * What a sign-in page shows, as plain data: no value that was typed, no type of the browser's driver. A handle names an
 * element and stays the same as long as the element does: a new document has new handles.
 */
export type Handle = string

/** An input, a select or a textarea that a person can see and change. */
export interface Field {
  readonly handle: Handle
  /** Index into `View.documents`. */
  readonly document: number
  /** Which form (or dialog) of its document it belongs to: the same word for all that belong together. */
  readonly form: string
  /** Where its form is sent to; empty where the form does not say. */
  readonly action: string
  /** The type in small letters: text, password, tel, number, email, search, checkbox, radio, select, textarea. */
  readonly type: string
  readonly name: string
  readonly id: string
  readonly autocomplete: string
  readonly inputmode: string
  readonly pattern: string
  /** -1 without a limit. */
  readonly maxLength: number
  /** Its accessible name: label, aria-label, aria-labelledby, title. */
  readonly label: string
  readonly placeholder: string
  /** What stands just before it, or over it, and what describes it. */
  readonly near: string
  /** Whether it holds a value already; a checkbox or radio: whether it is checked. */
  readonly filled: boolean
  readonly enabled: boolean
  /** The form cannot be sent without it. */
  readonly required: boolean
  /** Marked as filled in wrongly. */
  readonly invalid: boolean
  /** A text field whose characters are shown as dots by CSS. */
  readonly masked: boolean
  /** Of a select, or the value of a radio. */
  readonly options: readonly string[]
  /** Of a select: the portal has chosen an option itself. */
  readonly preset: boolean
  /** A picture of the size of a line or two stands beside it, and beside no other field. */
  readonly picture: boolean
  readonly width: number
  readonly y: number
}

/** Something to press: button, link, or anything with such a role or a pointer. */
export interface Button {
  readonly handle: Handle
  readonly document: number
  readonly form: string
  readonly tag: string
  /** submit, button, image or empty. */
  readonly type: string
  readonly role: string
  readonly text: string
  /** What it is called for those who do not see it, where that is not `text`. */
  readonly label: string
  readonly id: string
  readonly name: string
  /** What the page's own program calls it: its value and data, one word each. */
  readonly values: string
  /** The id of what stands around nothing but this. */
  readonly wrapper: string
  readonly className: string
  readonly href: string
  readonly enabled: boolean
  /** Opens a menu or a list. */
  readonly opens: boolean
  /** Something lies over it. */
  readonly covered: boolean
  /** What is written on the banner or message box that it is part of; empty for a button of the page itself. */
  readonly layer: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A block of visible text that is not inside a button. */
export interface Text {
  readonly document: number
  readonly text: string
  /** `alert`: announced or styled as one; `status`: announced politely. */
  readonly kind: 'alert' | 'status' | 'heading' | 'label' | 'text'
  /** Pixels. */
  readonly size: number
}

/** An element that a recipe's selector found and a person can see. */
export interface Match {
  readonly handle: Handle
  readonly document: number
  readonly text: string
  readonly label: string
  readonly filled: boolean
  readonly enabled: boolean
}

/** The document of a window, or of a frame in it. */
export interface PageDocument {
  readonly handle: Handle
  readonly url: string
  readonly title: string
  readonly language: string
  readonly loading: boolean
  /** The HTTP status that it came with; 0 when the browser does not tell. */
  readonly status: number
  /** Who made the captcha that a person is to solve here, as a word for people; empty without one. */
  readonly captcha: string
  /** Asks the browser for a passkey or a security key (W3C WebAuthn). */
  readonly webAuthn: boolean
  /** Why the browser shows a page of its own instead: `ERR_CONNECTION_REFUSED`. */
  readonly networkError: string | undefined
}

/** One window: its document first, then those of its visible frames. */
export interface View {
  readonly documents: readonly PageDocument[]
  readonly fields: readonly Field[]
  readonly buttons: readonly Button[]
  readonly texts: readonly Text[]
  /** What each selector asked for found. */
  readonly matches: Readonly<Record<string, readonly Match[]>>
  /** Selectors asked for that the browser does not take as CSS. */
  readonly invalid: readonly string[]
}

/** All windows, the newest first, and the text of an alert box that was in the way and has been dismissed. */
export interface Scan {
  readonly views: readonly View[]
  readonly alert: string | undefined
}
