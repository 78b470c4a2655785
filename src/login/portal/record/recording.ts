import { codeBoxes, type History } from '../fields.ts'
import { readForms } from '../forms.ts'
import type { FillRole, Rule } from '../rules.ts'
import { addDocument, emptyView } from '../scanned.ts'
import { leadsAway } from '../submit.ts'
import type { Field, View } from '../view.ts'
import type { Act } from './inPage.ts'
import { settled } from './settled.ts'
import { tomlText } from './tomlText.ts'

/** What a recording has become: rules without names, and what a person should know of it. */
export interface Recording {
  readonly rules: readonly RecordedRule[]
  readonly notes: readonly string[]
}

/** A rule as it is written: what it acts on is what must be shown. */
export type RecordedRule = Omit<Rule, 'when' | 'at' | 'fill' | 'show' | 'wait' | 'error'> & {
  readonly fill?: Readonly<Record<string, FillRole>>
}

/** What was done in one document and not sent yet. */
interface Pending {
  readonly url: string
  readonly fill: Map<string, FillRole>
  readonly check: Set<string>
  choose: RecordedRule['choose']
  /** A new password was typed: that is a person's affair each time. */
  forbidden: boolean
  /** What the page looked like when Enter was pressed: the press of the button that it stands for, if there is one, finds it so. */
  entered: string | undefined
}

/** Folds what a person did into rules. Pure. */
export async function recordingOf(acts: readonly Act[]): Promise<Recording> {
  const folding = new Folding()
  for (const [index, act] of acts.entries()) {
    const next = acts.slice(index + 1).find(({ document }) => document === act.document)
    await folding.take(act, next)
  }
  folding.end()
  return { rules: settled(folding.rules), notes: folding.notes }
}

class Folding {
  readonly rules: { -readonly [Key in keyof RecordedRule]: RecordedRule[Key] }[] = []
  readonly notes: string[] = []
  readonly #pending = new Map<string, Pending>()
  #history: History = { usernameGiven: false, passwordGiven: false }

  async take(act: Act, next: Act | undefined): Promise<void> {
    const view = await viewOf(act)
    const pending = this.#of(act)
    // Enter, and then something else than the button that it presses: it was Enter alone that sent the form.
    const alone = pending.entered !== undefined && (act.kind !== 'pressed' || looksOf(act) !== pending.entered)
    if (alone) this.#send(act.document, undefined)
    const open = this.#of(act)
    const field = view.fields[act.index]
    switch (act.kind) {
      case 'filled':
        return field && this.#filled(open, act, view, field)
      case 'ticked':
        return void open.check.add(act.selector)
      case 'unticked':
        return void open.check.delete(act.selector)
      case 'chosen':
        open.choose = choiceOf(act, field)
        return
      case 'entered':
        open.entered = looksOf(act)
        return
      case 'pressed':
        return this.#pressed(open, act, view, next)
    }
  }

  /** What went off by itself, as a code does with its last digit. */
  end(): void {
    for (const document of [...this.#pending.keys()]) this.#send(document, undefined)
  }

  #of({ document, view }: Act): Pending {
    const known = this.#pending.get(document)
    if (known) return known
    const pending = {
      url: siteOf(view.url),
      fill: new Map(),
      check: new Set<string>(),
      choose: undefined,
      forbidden: false,
      entered: undefined,
    }
    this.#pending.set(document, pending)
    return pending
  }

  #filled(pending: Pending, act: Act, view: View, field: Field): void {
    const role = roleOf(view, field, this.#history, [...pending.fill.values()])
    if (role === 'new-password') pending.forbidden = true
    else if (role === undefined)
      this.#note(
        `"${calledAs(field)}" (${act.selector}) was filled in by hand: if everybody types the same there, add ${tomlText(act.selector)} = { text = "…" } to fill`,
      )
    else pending.fill.set(role === 'otp' ? (act.boxes ?? act.selector) : act.selector, role)
  }

  #pressed(pending: Pending, act: Act, view: View, next: Act | undefined): void {
    const button = view.buttons[act.index]
    const begun = pending.fill.size > 0 || pending.choose !== undefined
    // What leads away in the midst of a form does not send it; nor does what has changed nothing ("show password"), but where the
    // same field is filled in once more after it: then the portal has said no.
    const again = next?.kind === 'filled' && pending.fill.has(next.selector)
    if ((begun && button && leadsAway(button)) || (next && !again && looksOf(next) === looksOf(act))) return
    this.#send(act.document, act.selector, button?.text)
  }

  /** The form is sent, or a button pressed: what was gathered becomes a rule. */
  #send(document: string, click: string | undefined, text?: string): void {
    const pending = this.#pending.get(document)
    this.#pending.delete(document)
    if (!pending) return
    const { fill, check, choose, url } = pending
    if (pending.forbidden) this.#note('a new password was given: awsfed never does that for you')
    if (pending.forbidden || (fill.size === 0 && !choose && click === undefined)) return
    const roles = [...fill.values()]
    const rule = {
      name: nameOf(roles, choose, text),
      ...(url && { url }),
      ...(fill.size > 0 && { fill: Object.fromEntries(fill) }),
      ...(choose && { choose }),
      ...(check.size > 0 && !(fill.size === 0 && choose) && { check: [...check] }),
      ...(click !== undefined && { click }),
    }
    const same = this.rules.find((each) => signatureOf(each) === signatureOf(rule))
    if (same) same.max = (same.max ?? 1) + 1
    else this.rules.push(rule)
    this.#history = {
      usernameGiven: this.#history.usernameGiven || roles.includes('username'),
      passwordGiven: this.#history.passwordGiven || roles.includes('password'),
    }
  }

  #note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text)
  }
}

async function viewOf({ view: raw }: Act): Promise<View> {
  const view = emptyView([])
  await addDocument(view, raw, raw.url, [], String)
  return view
}

/** What a field that was filled is for; undefined when nothing tells. */
function roleOf(view: View, field: Field, history: History, given: readonly FillRole[]): FillRole | 'new-password' | undefined {
  const form = view.fields.filter((each) => each.form === field.form)
  if (codeBoxes(form).includes(field)) return 'otp'
  const readings = readForms(view, history).flatMap((each) => each.readings)
  const role = readings.find((reading) => reading.field.handle === field.handle)?.role
  if (role !== undefined && role !== 'other') return role
  if (field.type === 'password') return 'password'
  // What is typed before anything else is who one is.
  return history.usernameGiven || history.passwordGiven || given.length > 0 ? undefined : 'username'
}

/** A radio, or an option of a select, by its words; those may be a person's name. */
function choiceOf(act: Act, field: Field | undefined): RecordedRule['choose'] {
  const words = act.option ?? field?.label
  const pick = words && words.length <= 60 && !words.includes('@') ? words : undefined
  return { options: act.selector, about: 'provider', ...(pick && { pick }) }
}

function siteOf(url: string): string {
  const { origin } = new URL(url)
  return origin === 'null' ? '' : `${origin}/`
}

function calledAs({ label, placeholder, name, id, type }: Field): string {
  return label || placeholder || name || id || type
}

/** What can be told apart of a document's fields and buttons. */
function looksOf({ view }: Act): string {
  const names = (list: readonly Record<string, unknown>[]) => list.map(({ id, name, text }) => [id, name, text])
  return JSON.stringify([names(view.fields), names(view.buttons)])
}

function signatureOf({ fill, click, choose, check, url }: RecordedRule): string {
  return JSON.stringify([url, Object.entries(fill ?? {}), click, choose, check])
}

const called: Readonly<Record<FillRole, string>> = { username: 'name', password: 'password', otp: 'code' }

function nameOf(roles: readonly FillRole[], choose: RecordedRule['choose'], text: string | undefined): string {
  if (roles.length > 0) return [...new Set(roles)].map((role) => called[role]).join(' and ')
  if (choose) return `choice${choose.pick ? ` of ${choose.pick}` : ''}`
  return text && text.length <= 40 && !/@|\d{3}/.test(text) ? text : 'button'
}
