import type { Filling, Finding } from './finding.ts'
import { textsOf } from './said.ts'
import type { View } from './view.ts'

/** A form that was sent: what the page showed then, to tell the portal's answer from what was there before. */
interface Sent {
  readonly key: string
  readonly site: string
  readonly texts: ReadonlySet<string>
  readonly documents: ReadonlySet<string>
  readonly structure: string
  readonly at: number
}

/** How often a form was sent, and the last time. */
export interface SentForm {
  readonly count: number
  readonly last: Sent
}

/** What a form is about: the password where it asks for one. */
export type Asked = Exclude<Filling['role'], 'text'>

/** What has happened in a sign-in so far. */
export interface Progress {
  readonly sent: Map<string, SentForm>
  /** The same by what was asked for: pages that name their fields anew each time show a new form each time. */
  readonly asked: Map<Asked, SentForm>
  /** How often each rule has fired, and each button been pressed. */
  readonly fired: Map<string, number>
  last: Sent | undefined
}

export type FormFinding = Extract<Finding, { kind: 'form' }>

/** The site that shows `form`. */
export function siteOf(view: View, form: FormFinding): string {
  const url = view.documents[form.document]?.url ?? ''
  return URL.canParse(url) ? new URL(url).origin : url
}

export function askedIn(form: FormFinding): Asked {
  const roles = form.fills.map(({ role }) => role)
  return roles.includes('password') ? 'password' : roles.includes('otp') ? 'otp' : 'username'
}

/** Names a form when it is shown again, in another document too: its site, its fields and what they are for. */
export function formKey(view: View, form: FormFinding): string {
  return `${siteOf(view, form)} ${form.fills
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
    site: siteOf(view, form),
    texts,
    documents: new Set(view.documents.map(({ handle }) => handle)),
    structure: structureOf(view),
    at,
  }
  progress.sent.set(key, { count: (before?.count ?? 0) + 1, last })
  const asked = askedIn(form)
  progress.asked.set(asked, { count: (progress.asked.get(asked)?.count ?? 0) + 1, last })
  progress.last = last
}

/** Notes that the portal waits for an approval: what it says from now on is its answer. */
export function noteApproval(progress: Progress, view: View, at: number): void {
  const documents = new Set(view.documents.map(({ handle }) => handle))
  progress.last = { key: 'approval', site: '', texts: textsOf(view), documents, structure: structureOf(view), at }
}

/** Counts `key` up to `max`; false when it is used up. */
export function fire(progress: Progress, key: string, max: number): boolean {
  const count = progress.fired.get(key) ?? 0
  if (count >= max) return false
  progress.fired.set(key, count + 1)
  return true
}
