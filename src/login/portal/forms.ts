import { againWords, sendWords, sentWords } from './buttonWords.ts'
import { codeBoxes, type History, type Reading, type Role, readField } from './fields.ts'
import { otpWords, passwordWords } from './fieldWords.ts'
import type { Filling, Finding } from './finding.ts'
import { rememberWords } from './pageWords.ts'
import { wrongPasswordWords } from './saidWords.ts'
import { leadsAway, type Submit, submitOf } from './submit.ts'
import type { Field, View } from './view.ts'
import { words } from './words.ts'

/** A form (or the fields that belong together without one) with what its fields are for. */
export interface FormReading {
  readonly document: number
  readonly readings: readonly Reading[]
  readonly submit: Submit | undefined
  readonly score: number
}

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
  return [...groups.values()].map((fields) => readForm(view, fields, history)).sort((a, b) => b.score - a.score)
}

function readForm(view: View, fields: readonly Field[], history: History): FormReading {
  const boxes = codeBoxes(fields)
  const single = fields.filter((field) => !boxes.includes(field)).map((field) => readField(field))
  const [box] = boxes
  const readings = inContext(view, box ? [...single, boxReading(box, boxes.length)] : single, history)
  const active = readings.filter(({ field, role }) => field.enabled && asked.includes(role))
  const submit = submitOf(view, active.length > 0 ? active.map(({ field }) => field) : fields)
  return { document: fields[0]?.document ?? 0, readings, submit, score: scoreOf(readings, submit, fields[0]?.form ?? '') }
}

function boxReading(field: Field, count: number): Reading {
  return { field, role: 'otp', score: 90, why: `${count} boxes of one character`, title: field.near || undefined }
}

function scoreOf(readings: readonly Reading[], submit: Submit | undefined, form: string): number {
  const active = readings.filter(({ field, role }) => field.enabled && asked.includes(role))
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

/** What only the page and what was given before can tell: the second password that is a token, the one field without a name. */
function inContext(view: View, readings: readonly Reading[], history: History): Reading[] {
  const typed = readings.filter(({ field }) => field.enabled && /^(text|password|email|tel|number)$/.test(field.type))
  const as = (reading: Reading, role: Role, why: string): Reading => ({
    ...reading,
    role,
    score: Math.max(reading.score, 50),
    why,
  })
  const passwords = typed.filter(({ role }) => role === 'password')
  const [only] = typed
  const changed = new Map<Reading, Reading>()
  if (passwords.length === 2 && !typed.some(({ role }) => role === 'otp' || role === 'new-password')) {
    const [, second] = passwords
    if (second) changed.set(second, as(second, 'otp', 'the second password of a sign-in page is a token'))
  }
  if (passwords.length > 2)
    for (const one of passwords.slice(1)) changed.set(one, as(one, 'new-password', 'more than two passwords'))
  if (typed.length === 1 && only) {
    const code = only.role === 'other' || only.role === 'password' ? codeContext(view, only, history) : undefined
    if (code) changed.set(only, as(only, 'otp', code))
    else if (
      only.role === 'other' &&
      only.score === 0 &&
      !history.usernameGiven &&
      !history.passwordGiven &&
      submitOf(view, [only.field])
    ) {
      changed.set(only, as(only, 'username', 'the only field of a page before anything was given'))
    }
  }
  const first = typed[0]
  if (typed.length >= 2 && first?.role === 'other' && first.score === 0 && typed[1]?.role === 'password') {
    changed.set(first, as(first, 'username', 'stands before the password'))
  }
  return readings.map((reading) => changed.get(reading) ?? reading)
}

/** Why the only field of a page, which does not say so itself, is for a code: a password was given, and the page speaks of one. */
function codeContext(view: View, { field, role, score, title }: Reading, history: History): string | undefined {
  if (!history.passwordGiven && !(history.usernameGiven && role === 'other')) return undefined
  if (role === 'other' && score > 0) return undefined
  if (title && passwordWords.find(title)) return undefined
  const said = view.texts
    .filter(({ document }) => document === field.document)
    .map(({ text }) => otpWords.find(text))
    .find(Boolean)
  if (said) return `a password was given, and the page says "${said}"`
  if (!history.passwordGiven || role !== 'password') return undefined
  // The same field again, or a page that says no, wants the password once more: a code in there would be a second wrong one.
  if ((field.name || field.id) && history.passwordField === fieldKey('password', field)) return undefined
  if (view.texts.some(({ kind, text }) => kind === 'alert' && wrongPasswordWords.find(text))) return undefined
  return 'a password was given already, and this field is not called one'
}

/** Names a field when it is shown again in another document. */
export function fieldKey(role: string, field: Field): string {
  return `${role}:${field.name || field.id || field.label || field.placeholder}`
}

/** What to do with a form to sign in with; first, where it has to be asked for, the code is sent. */
export function formFindings(view: View, form: FormReading): Finding[] {
  const active = form.readings.filter(({ field, role }) => field.enabled && asked.includes(role))
  const fields = view.fields.filter((field) => field.document === form.document && field.form === active[0]?.field.form)
  const boxes = codeBoxes(fields)
  const fills = active.map(({ field, role, title }): Filling => {
    const handles = boxes.includes(field) ? boxes.map(({ handle }) => handle) : [field.handle]
    return {
      role: role as Filling['role'],
      handles,
      title,
      key: `${role}:${field.name || field.id || title || ''}`,
      filled: field.filled,
    }
  })
  const why = [
    ...active.map(({ role, why, score }) => `${role} (${score}: ${why})`),
    form.submit ? `submit (${form.submit.score}: ${form.submit.why})` : 'no submit: Enter',
  ]
  const checks = fields.filter(
    (field) => field.type === 'checkbox' && field.enabled && !field.filled && rememberWords.find(field.label),
  )
  const finding: Finding = {
    kind: 'form',
    why: why.join('; '),
    document: form.document,
    fills,
    checks: checks.map(({ handle }) => handle),
    submit: form.submit?.button.handle,
  }
  const send = fills.some(({ role }) => role === 'otp') && fills.length === 1 ? sendButton(view, form.submit) : undefined
  return send ? [send, finding] : [finding]
}

/** The button that has the portal send a code, as long as none was sent and the form has another button to go on. */
export function sendButton(view: View, submit: Submit | undefined): Finding | undefined {
  if (view.texts.some(({ text }) => sentWords.find(text))) return undefined
  for (const button of view.buttons) {
    const says = sendWords.find(button.text)
    if (!says || againWords.find(button.text) || leadsAway(button) || !button.enabled || button === submit?.button) continue
    return { kind: 'press', why: `has the code or the push sent: "${says}"`, button: button.handle, checks: [], patient: false }
  }
  return undefined
}
