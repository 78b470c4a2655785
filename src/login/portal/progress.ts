import type { Finding } from './finding.ts'
import { textsOf } from './said.ts'
import type { View } from './view.ts'

/** A form that was sent: what the page showed then, to tell the portal's answer from what was there before. */
interface Sent {
  readonly key: string
  readonly texts: ReadonlySet<string>
  readonly documents: ReadonlySet<string>
  readonly structure: string
  readonly at: number
}

/** What has happened in a sign-in so far. */
export interface Progress {
  readonly sent: Map<string, { count: number; last: Sent }>
  /** How often each rule has fired, and each button been pressed. */
  readonly fired: Map<string, number>
  last: Sent | undefined
}

export type FormFinding = Extract<Finding, { kind: 'form' }>

/** Names a form when it is shown again, in another document too: its site, its fields and what they are for. */
export function formKey(view: View, form: FormFinding): string {
  const url = view.documents[form.document]?.url ?? ''
  const site = URL.canParse(url) ? new URL(url).origin : url
  return `${site} ${form.fills
    .map(({ key }) => key)
    .sort()
    .join(' ')}`
}

/** What changes when a page changes, but for its texts, which clocks and spinners keep changing. */
export function structureOf(view: View): string {
  return JSON.stringify([
    view.documents.map(({ handle, url }) => [handle, url]),
    view.fields.map(({ handle, enabled }) => [handle, enabled]),
    view.buttons.map(({ handle, enabled }) => [handle, enabled]),
  ])
}

/** Notes that a form is about to be sent. */
export function noteSent(progress: Progress, view: View, form: FormFinding, at: number): void {
  const key = formKey(view, form)
  const before = progress.sent.get(key)
  const texts = new Set([...textsOf(view), ...(before?.last.texts ?? [])])
  const last: Sent = {
    key,
    texts,
    documents: new Set(view.documents.map(({ handle }) => handle)),
    structure: structureOf(view),
    at,
  }
  progress.sent.set(key, { count: (before?.count ?? 0) + 1, last })
  progress.last = last
}

/** Notes that the portal waits for an approval: what it says from now on is its answer. */
export function noteApproval(progress: Progress, view: View, at: number): void {
  const documents = new Set(view.documents.map(({ handle }) => handle))
  progress.last = { key: 'approval', texts: textsOf(view), documents, structure: structureOf(view), at }
}

/** Counts `key` up to `max`; false when it is used up. */
export function fire(progress: Progress, key: string, max: number): boolean {
  const count = progress.fired.get(key) ?? 0
  if (count >= max) return false
  progress.fired.set(key, count + 1)
  return true
}
