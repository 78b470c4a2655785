import { awayWords, otherWayWords, submitWords } from './buttonWords.ts'
import { passwordWords } from './fieldWords.ts'
import type { Button, Field, View } from './view.ts'
import { namePlain, words } from './words.ts'

/** A button that may send a form, with how likely it is, and why. */
export interface Submit {
  readonly button: Button
  readonly score: number
  readonly why: string
}

const submitNames = words({
  en: [
    'submit*',
    '*submit',
    'login*',
    'log in',
    'sign in',
    'signin*',
    'signon',
    'sign on',
    'next',
    'continue',
    'verify',
    'ok',
    'kc login',
    'primary',
  ],
})

/** Whether a button leads away from the sign-in: cancel, back, forgotten, sign up, another provider. */
export function leadsAway(button: Button): string | undefined {
  const text = button.text || button.label
  const away = awayWords.find(text) ?? otherWayWords.find(text)
  // "Sign in with" a password leads to nobody else.
  return away?.endsWith(' with') && passwordWords.find(text) ? undefined : away
}

/**
 * The button that sends the form of `fields`: one of the same form, else one of the same document that stands below them.
 * Undefined where there is none: then Enter does it.
 */
export function submitOf(view: View, fields: readonly Field[]): Submit | undefined {
  const last = fields.at(-1)
  if (!last) return undefined
  const here = view.buttons.filter((button) => button.document === last.document)
  const own = here.filter((button) => button.form === last.form)
  const loose = here.filter((button) => button.form !== last.form && button.form === '')
  return bestOf(own.map((button) => judge(button, last, own))) ?? bestOf(loose.map((button) => judge(button, last, undefined)))
}

function bestOf(submits: readonly Submit[]): Submit | undefined {
  return submits.filter(({ score }) => score >= 30).sort((a, b) => b.score - a.score)[0]
}

/** `own`: all buttons of the field's form, where this is one of them. */
function judge(button: Button, last: Field, own: readonly Button[] | undefined): Submit {
  const why: string[] = []
  let score = 0
  const give = (points: number, reason: string) => {
    score += points
    why.push(reason)
  }
  const says = submitWords.find(button.text || button.label)
  const away = leadsAway(button)
  if (says) give(42, `says "${says}"`)
  if (away) give(-90, `leads away "${away}"`)
  const below = button.y >= last.y - 4 && button.y - last.y < 420
  // Outside of a form every button is of that type that says nothing else.
  if (own && (button.type === 'submit' || button.type === 'image') && (below || button.form !== ''))
    give(32, `type ${button.type}`)
  const named = (names: readonly string[]) => names.map((name) => name && submitNames.find(namePlain(name))).find(Boolean)
  const name = named([button.id, button.name, button.className])
  const wrapper = name ? undefined : named([button.wrapper])
  if (name) give(14, `named "${name}"`)
  if (wrapper) give(24, `stands in "${wrapper}"`)
  const link = button.tag === 'a' && /^(https?:|\/|\.\.?\/)/.test(button.href)
  if (link) give(-12, 'link to another page')
  if (own && !away && !link && isTheOnlyOne(button, own)) give(24, 'nothing else sends the form')
  if (below) give(8, 'stands below the field')
  // A whole sentence is no button to sign in with.
  if (button.text.length > 60) give(-30, 'long text')
  return { button, score, why: why.join(', ') }
}

/** Whether no other button of the form could be meant: the others lead away, show the password, or say nothing. */
function isTheOnlyOne(button: Button, own: readonly Button[]): boolean {
  const others = own.filter(
    (other) => other !== button && !leadsAway(other) && (other.text || other.label) && !/^(https?:|\/|#)/.test(other.href),
  )
  return others.length === 0
}
