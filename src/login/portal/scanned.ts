import { AwsfedError } from '../../base/errors.ts'
import type { Raw } from './inPage.ts'
import type { Button, Field, Handle, Match, PageDocument, Text } from './view.ts'

/** A view that is being put together. */
type MutableView = {
  documents: PageDocument[]
  fields: Field[]
  buttons: Button[]
  texts: Text[]
  matches: Record<string, Match[]>
  invalid: string[]
}

/** A view of nothing yet, that knows what `selectors` were asked for. */
export function emptyView(selectors: readonly string[]): MutableView {
  const matches = Object.fromEntries(selectors.map((selector) => [selector, []]))
  return { documents: [], fields: [], buttons: [], texts: [], matches, invalid: [] }
}

/** Adds what one document shows to its window's view, its elements replaced by the handles that `handleOf` gives them. */
export async function addDocument<Element>(
  view: MutableView,
  raw: Raw<Element>,
  url: string,
  selectors: readonly string[],
  handleOf: (element: Element) => Handle | Promise<Handle>,
): Promise<void> {
  const document = view.documents.length
  const withHandle = async ({ element, ...rest }: { readonly element: Element }) => ({
    ...rest,
    handle: await handleOf(element),
    document,
  })
  const networkError = networkErrorOf(raw)
  view.documents.push({
    handle: await handleOf(raw.root),
    url,
    title: raw.title,
    language: raw.language,
    // Firefox's own page about what could not be loaded never ends loading.
    loading: raw.loading && networkError === undefined,
    status: raw.status,
    captcha: raw.captcha,
    webAuthn: raw.webAuthn,
    networkError,
  })
  view.fields.push(...((await Promise.all(raw.fields.map(withHandle))) as unknown as Field[]))
  view.buttons.push(...((await Promise.all(raw.buttons.map(withHandle))) as unknown as Button[]))
  view.invalid.push(...raw.invalid)
  view.texts.push(...(raw.texts.map((text) => ({ ...text, document })) as unknown as Text[]))
  for (const [index, selector] of selectors.entries()) {
    const matches = (await Promise.all((raw.matches[index] ?? []).map(withHandle))) as unknown as Match[]
    view.matches[selector]?.push(...matches)
  }
}

/** The browser's own word for why it could not load the page: Chrome prints it on its page, Firefox has it in the address. */
function networkErrorOf(raw: Raw<unknown>): string | undefined {
  if (/^about:(net|cert)error/.test(raw.uri)) return new URL(raw.uri).searchParams.get('e') ?? 'unknown'
  // Chrome has a page of its own in the place of an error without one, Firefox shows nothing.
  const empty = raw.texts.length + raw.fields.length + raw.buttons.length + raw.frames.length === 0
  if (raw.status >= 400 && empty) return `HTTP ERROR ${raw.status}`
  if (!raw.url.startsWith('chrome-error:')) return undefined
  // That of a bad certificate can be pressed, for its details.
  for (const { text } of [...raw.texts, ...raw.buttons] as readonly { readonly text?: unknown }[]) {
    const word = /\b(?:(?:ERR|DNS_PROBE)_[A-Z0-9_]+|HTTP ERROR \d+)/.exec(String(text))?.[0]
    if (word) return word
  }
  return raw.status >= 400 ? `HTTP ERROR ${raw.status}` : 'unknown'
}

/** Whether a field whose value is `value` holds `text`, but for blanks and dashes that a page puts between the digits of a code. */
export function holdsText(value: unknown, text: string): boolean {
  if (typeof value !== 'string') return true
  return value === text || (/^\d+$/.test(text) && value.replace(/[\s-]/g, '') === text)
}

/** The browser has gone in the midst of a sign-in. */
export function ended(cause: unknown): AwsfedError {
  return new AwsfedError('failed', 'the browser ended before the sign-in was complete', {
    hint: 'run `awsfed login` again; AWSFED_DEBUG=1 shows what happened',
    cause,
  })
}
