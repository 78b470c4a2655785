import type { History, Reading, Role } from './fields.ts'
import { newPasswordWords, otpWords, passwordWords } from './fieldWords.ts'
import { wrongPasswordWords } from './saidWords.ts'
import { submitOf } from './submit.ts'
import type { Field, View } from './view.ts'

const typedTypes = new Set(['text', 'password', 'email', 'tel', 'number'])

/** What only the page and what was given before can tell: the second password that is a token, the one field without a name. */
export function inContext(view: View, readings: readonly Reading[], history: History): Reading[] {
  const typed = readings.filter(isTyped)
  const changed = new Map<Reading, Reading>()
  const take = (reading: Reading | undefined, role: Role, why: string) => {
    if (reading) changed.set(reading, { ...reading, role, score: Math.max(reading.score, 50), why })
  }
  const of = (role: Role) => typed.filter((reading) => reading.role === role)
  const [only] = typed
  const passwords = of('password')
  if (passwords.length === 2 && of('otp').length + of('new-password').length === 0) {
    take(passwords[1], 'otp', 'the second password of a sign-in page is a token')
  }
  if (passwords.length > 2) for (const one of passwords.slice(1)) take(one, 'new-password', 'more than two passwords')
  if (typed.length === 1 && only) {
    const code = only.role === 'other' || only.role === 'password' ? codeContext(view, only, history) : undefined
    if (code) take(only, 'otp', code)
    else if (nameless(only) && !history.usernameGiven && !history.passwordGiven && submitOf(view, [only.field])) {
      take(only, 'username', 'the only field of a page before anything was given')
    }
  }
  const [fresh, ...others] = of('new-password')
  // Many portals call it new only to keep the browser from filling it in.
  if (fresh && others.length + passwords.length === 0 && isCalledNewOnlyByAutofill(fresh) && submitOf(view, [fresh.field])) {
    take(fresh, 'password', 'the only password, and nothing but autocomplete calls it new')
  }
  beforePassword(readings.map((reading) => changed.get(reading) ?? reading).filter(isTyped), take)
  return readings.map((reading) => changed.get(reading) ?? reading)
}

function isTyped({ field }: Reading): boolean {
  return field.enabled && typedTypes.has(field.type)
}

function isCalledNewOnlyByAutofill({ field }: Reading): boolean {
  return ![field.label, field.placeholder, field.near].some((text) => newPasswordWords.find(text))
}

/** In a form without a name to sign in with, what stands before the password is one, whatever words it has: a code stands after it. */
function beforePassword(typed: readonly Reading[], take: (reading: Reading, role: Role, why: string) => void): void {
  const at = typed.findIndex(({ role }) => role === 'password')
  const before = typed[at - 1]
  if (!before || at !== 1 || before.field.type === 'password' || typed.some(({ role }) => role === 'username')) return
  if (nameless(before) || before.role === 'otp') take(before, 'username', 'stands before the password')
}

function nameless({ role, score }: Reading): boolean {
  return role === 'other' && score === 0
}

/** Why the only field of a page, which does not say so itself, is for a code: a password was given, and the page speaks of one. */
function codeContext(view: View, reading: Reading, history: History): string | undefined {
  const { field, role, score, title } = reading
  if (!history.passwordGiven && !(history.usernameGiven && role === 'other')) return undefined
  if (role === 'other' && score > 0) return undefined
  if (title && passwordWords.find(title)) return undefined
  const said = view.texts
    .filter(({ document }) => document === field.document)
    .map(({ text }) => otpWords.find(text))
    .find(Boolean)
  if (said) return `a password was given, and the page says "${said}"`
  if (!history.passwordGiven) return undefined
  if (role === 'other') return submitOf(view, [field]) && 'the only field of a page after the password'
  // The same field again, or a page that says no, wants the password once more: a code in there would be a second wrong one.
  if ((field.name || field.id) && history.passwordField === fieldKey('password', field)) return undefined
  if (view.texts.some(({ kind, text }) => kind === 'alert' && wrongPasswordWords.find(text))) return undefined
  return 'a password was given already, and this field is not called one'
}

/** Names a field when it is shown again in another document. */
export function fieldKey(role: string, field: Field): string {
  return `${role}:${field.name || field.id || field.label || field.placeholder}`
}
