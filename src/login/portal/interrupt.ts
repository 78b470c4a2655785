import { agreeWords, laterWords, yesWords } from './buttonWords.ts'
import type { Role } from './fields.ts'
import { passwordWords } from './fieldWords.ts'
import type { Finding } from './finding.ts'
import { activeOf, asksToSignIn, type FormReading } from './forms.ts'
import { titleOf } from './lists.ts'
import { passwordIsOver } from './said.ts'
import { changePasswordWords, enrolWords, expiredWords, expiringWords, forgottenWords, termsWords } from './saidWords.ts'
import { leadsAway } from './submit.ts'
import type { Handle, View } from './view.ts'
import type { Words } from './words.ts'

/**
 * A page that wants something which is a person's to decide: a new password, terms to be accepted, a factor to be set up. Such
 * pages are never filled. `forms` are the page's.
 */
export function interruptOf(view: View, forms: readonly FormReading[]): Finding | undefined {
  return forgottenPassword(view, forms) ?? newPassword(view, forms) ?? enrolment(view, forms) ?? terms(view)
}

function newPassword(view: View, forms: readonly FormReading[]): Finding | undefined {
  const signIn = asksToSignIn(forms)
  const fresh = forms.some(({ readings }) => readings.some(({ role, field }) => role === 'new-password' && field.enabled))
  const [phrase, text] = saidBy(view, { find: (said) => changePasswordWords.find(said) ?? overIn(said) }, 'all')
  // Beside a form to sign in with these are the words of a link or of a notice.
  if (signIn || (!fresh && !phrase)) return undefined
  if (!phrase && !forms.some(({ readings }) => readings.filter(({ field }) => field.type === 'password').length >= 2))
    return undefined
  return {
    kind: 'interrupt',
    why: phrase ? `the page says "${phrase}"` : 'it has fields for a new password',
    wants: 'a new password',
    text: text || titleOf(view),
    other: laterButton(view) ?? (isGoodStill(view) ? onButton(view) : undefined),
  }
}

/** A page that asks for a name only to send its owner a new password. */
function forgottenPassword(view: View, forms: readonly FormReading[]): Finding | undefined {
  const asked = forms.filter(({ score }) => score > 0).flatMap(({ readings }) => activeOf(readings))
  if (asked.length === 0 || asked.some(({ role }) => role !== 'username')) return undefined
  const title = titleOf(view)
  const phrase = forgottenWords.find(title)
  return phrase === undefined
    ? undefined
    : { kind: 'interrupt', why: `the heading says "${phrase}"`, wants: 'a new password', text: title, other: undefined }
}

/** The button that puts off what the page wants. */
export function laterButton(view: View): Handle | undefined {
  // "Skip to the main content" leads to a place on the page itself.
  const withinPage = /^#./
  return view.buttons.find(
    ({ enabled, href, text, label }) => enabled && !withinPage.test(href) && laterWords.find(text || label),
  )?.handle
}

/** The portal only gives notice that the password will expire. */
function isGoodStill(view: View): boolean {
  return view.texts.some(({ text }) => expiringWords.find(text)) && !view.texts.some(({ text }) => passwordIsOver(text))
}

function onButton(view: View): Handle | undefined {
  const goesOn = (text: string) => yesWords.find(text) && !passwordWords.find(text)
  return view.buttons.find((button) => button.enabled && goesOn(button.text) && !leadsAway(button))?.handle
}

function overIn(text: string): string | undefined {
  return passwordIsOver(text) ? expiredWords.find(text) : undefined
}

function enrolment(view: View, forms: readonly FormReading[]): Finding | undefined {
  // Beside a form to sign in with these are the words of a link; but the code that proves a new factor belongs to it.
  const asked = forms.flatMap(({ score, readings }) => (score > 0 ? readings.filter(({ field }) => field.enabled) : []))
  const has = (role: Role) => asked.some((reading) => reading.role === role)
  if (has('password') || (has('username') && !has('otp'))) return undefined
  const [phrase, text] = saidBy(view, enrolWords, 'headings')
  if (phrase) return { kind: 'interrupt', why: `the heading says "${phrase}"`, ...setUp(view, text) }
  const [scan, where] = saidBy(view, enrolWords, 'all')
  if (!scan || !/qr|scan|skan|escan|barcode|二维码|digitali/i.test(where)) return undefined
  return { kind: 'interrupt', why: `the page says "${scan}"`, ...setUp(view, where) }
}

function setUp(view: View, text: string) {
  return { wants: 'a factor to be set up', text, other: laterButton(view) }
}

/** A page that has nothing to sign in with and speaks, if only in its small print, of a factor to be set up. */
export function setUpPage(view: View, forms: readonly FormReading[]): Finding | undefined {
  if (asksToSignIn(forms)) return undefined
  const [phrase, text] = saidBy(view, enrolWords, 'all')
  return phrase === undefined ? undefined : { kind: 'interrupt', why: `the page says "${phrase}"`, ...setUp(view, text) }
}

function terms(view: View): Finding | undefined {
  const [phrase, text] = saidBy(view, termsWords, 'all')
  const ticked = view.fields.find((field) => field.type === 'checkbox' && termsWords.find(field.label))
  const agree = view.buttons.find((button) => agreeWords.find(button.text)) ?? ticked
  if (!agree || (!phrase && !ticked)) return undefined
  return {
    kind: 'interrupt',
    why: `it speaks of "${phrase ?? 'terms'}" and has a button to agree`,
    wants: 'terms to be accepted',
    text: text || titleOf(view),
  }
}

/** What a form to a stranger wants. */
export const toAnotherSite = 'your sign-in data to be sent to another site'

/** A form that would send a name, a password or a code to a site that has nothing to do with this sign-in. */
export function foreignForm(forms: readonly FormReading[]): Finding | undefined {
  const to = forms.map(({ foreign }) => foreign).find(Boolean)
  if (!to) return undefined
  const { host } = new URL(to)
  return {
    kind: 'interrupt',
    why: `the form is sent to ${host}`,
    wants: toAnotherSite,
    text: host,
  }
}

/** The phrase of `list` that the page says, and the text that says it: of its headings and titles, or of all texts. */
export function saidBy(view: View, list: Words, where: 'headings' | 'all'): [phrase: string | undefined, text: string] {
  const headings = view.texts.filter(({ kind, size }) => kind === 'heading' || size >= 22).map(({ text }) => text)
  const texts =
    where === 'all' ? [...headings, ...view.texts.filter(({ kind }) => kind !== 'label').map(({ text }) => text)] : headings
  for (const text of [...texts, ...view.documents.map(({ title }) => title)]) {
    const phrase = list.find(text)
    if (phrase) return [phrase, text]
  }
  return [undefined, '']
}
