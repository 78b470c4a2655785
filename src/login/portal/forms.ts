import { inContext } from './context.ts'
import { codeBoxes, type History, type Reading, type Role, readField } from './fields.ts'
import { sameSite } from './site.ts'
import { type Submit, submitOf } from './submit.ts'
import type { Field, View } from './view.ts'
import { words } from './words.ts'

/** A form (or the fields that belong together without one) with what its fields are for. */
export interface FormReading {
  readonly document: number
  readonly readings: readonly Reading[]
  readonly submit: Submit | undefined
  readonly score: number
  /** The address that it is sent to, where that belongs to a site that has nothing to do with this sign-in. */
  readonly foreign: string | undefined
}

/** What awsfed fills in. */
const asked: readonly Role[] = ['username', 'password', 'otp']
const besideForms = words({
  en: [
    'search*',
    'newsletter',
    'signup',
    'sign up',
    'register',
    'registration',
    'lang',
    'language',
    'locale',
    'subscribe',
    'forgot*',
    'reset',
  ],
})

/** All forms of the page that have something to type into, those to sign in with first. */
export function readForms(view: View, history: History): FormReading[] {
  const groups = new Map<string, Field[]>()
  for (const field of view.fields) {
    const key = `${field.document} ${field.form}`
    groups.set(key, [...(groups.get(key) ?? []), field])
  }
  return withoutButtons([...groups.values()], view)
    .flatMap((fields) => {
      const parts = apart(fields)
      return parts.map((part, index) => readForm(parts.length > 1 ? between(view, part, parts[index + 1]) : view, part, history))
    })
    .sort((a, b) => b.score - a.score)
}

/** Forms of one document that have nothing to press belong together: one that stands outside of them sends them all. */
function withoutButtons(groups: readonly (readonly Field[])[], view: View): (readonly Field[])[] {
  const mute = ([first]: readonly Field[]) =>
    first !== undefined &&
    first.form !== '' &&
    !view.buttons.some(({ document, form }) => document === first.document && form === first.form)
  const [one, ...more] = groups.filter(mute)
  const together = more.filter(([first]) => first?.document === one?.[0]?.document)
  if (!one || together.length === 0) return [...groups]
  return [[...one, ...together.flat()], ...groups.filter((group) => group !== one && !together.includes(group))]
}

/**
 * The fields that stand outside of all forms may belong to several, as an address for news above the name to sign in with: nobody
 * asks for a name twice, so with each one another form begins.
 */
function apart(fields: readonly Field[]): (readonly Field[])[] {
  if (fields[0]?.form !== '') return [fields]
  const parts: Field[][] = [[]]
  let named = false
  for (const field of fields) {
    const name = field.enabled && readField(field).role === 'username'
    if (name && named) parts.push([])
    named ||= name
    parts.at(-1)?.push(field)
  }
  return parts
}

/** `view` with those of its buttons that stand at or below `part`, and above the `next` one. */
function between(view: View, part: readonly Field[], next: readonly Field[] | undefined): View {
  const from = (part[0]?.y ?? 0) - 4
  const to = (next?.[0]?.y ?? Number.POSITIVE_INFINITY) - 4
  return { ...view, buttons: view.buttons.filter(({ y }) => y >= from && y < to) }
}

function readForm(view: View, fields: readonly Field[], history: History): FormReading {
  const boxes = codeBoxes(fields)
  const single = fields.filter((field) => !boxes.includes(field)).map((field) => readField(field))
  const [box] = boxes
  const readings = inContext(view, box ? [...single, boxReading(box, boxes.length)] : single, history)
  const active = activeOf(readings)
  const submit = submitOf(view, active.length > 0 ? active.map(({ field }) => field) : fields)
  const document = fields[0]?.document ?? 0
  const foreign = foreignAction(
    view,
    active.map(({ field }) => field),
    history,
  )
  const score = foreign === undefined ? scoreOf(readings, submit, fields[0]?.form ?? '') : 0
  return { document, readings, submit, score, foreign }
}

/** The readings of what awsfed would fill in. */
export function activeOf(readings: readonly Reading[]): readonly Reading[] {
  return readings.filter(({ field, role }) => field.enabled && asked.includes(role))
}

function boxReading(field: Field, count: number): Reading {
  return { field, role: 'otp', score: 90, why: `${count} boxes of one character`, title: field.near || undefined }
}

/**
 * The address that `fields` are sent to, where it is none to trust: portals hand over to one another, so every site that this sign-in
 * has come by may be sent to; a stranger may not.
 */
export function foreignAction(view: View, fields: readonly Field[], history: History): string | undefined {
  const known = [...view.documents.map(({ url }) => url), ...(history.visited ?? [])]
  return fields
    .map(({ action }) => action)
    .find((action) => /^https?:/.test(action) && !known.some((url) => sameSite(url, action)))
}

function scoreOf(readings: readonly Reading[], submit: Submit | undefined, form: string): number {
  const active = activeOf(readings)
  if (active.length === 0 || readings.some(({ role }) => role === 'new-password')) return 0
  let score = active.reduce((sum, reading) => sum + reading.score, 0) + (submit ? submit.score : 0)
  // The words after the form's number are its own names.
  if (besideForms.find(form.replace(/^\d+ /, ''))) score -= 90
  // Names and addresses are asked of those who sign up.
  score -=
    60 *
    readings.filter(({ field, role }) => role === 'other' && field.enabled && /^(text|tel|textarea)$/.test(field.type)).length
  return Math.max(score, 0)
}

/** Whether one of a page's forms is one to sign in with. */
export function asksToSignIn(forms: readonly FormReading[]): boolean {
  return forms.some(({ score }) => score > 0)
}
