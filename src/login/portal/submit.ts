import { awayWords, submitWords } from './buttonWords.ts'
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
  return awayWords.find(button.text) ?? (button.text ? undefined : awayWords.find(button.label))
}

/**
 * The button that sends the form of `fields`: one of the same form, else one of the same document that stands below them.
 * Undefined where there is none: then Enter does it.
 */
export function submitOf(view: View, fields: readonly Field[]): Submit | undefined {
  const last = fields.at(-1)
  if (!last) return undefined
  const here = view.buttons.filter((button) => button.document === last.document)
  const own = bestOf(here.filter((button) => button.form === last.form).map((button) => judge(button, last, true)))
  return (
    own ??
    bestOf(here.filter((button) => button.form !== last.form && button.form === '').map((button) => judge(button, last, false)))
  )
}

function bestOf(submits: readonly Submit[]): Submit | undefined {
  return submits.filter(({ score }) => score >= 30).sort((a, b) => b.score - a.score)[0]
}

function judge(button: Button, last: Field, sameForm: boolean): Submit {
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
  if (sameForm && (button.type === 'submit' || button.type === 'image')) give(32, `type ${button.type}`)
  const named = [button.id, button.name, button.className].map((name) => name && submitNames.find(namePlain(name))).find(Boolean)
  if (named) give(14, `named "${named}"`)
  if (button.tag === 'a' && /^(https?:|\/|\.\.?\/)/.test(button.href)) give(-12, 'link to another page')
  if (button.y >= last.y - 4 && button.y - last.y < 420) give(8, 'stands below the field')
  // A whole sentence is no button to sign in with.
  if (button.text.length > 60) give(-30, 'long text')
  return { button, score, why: why.join(', ') }
}
