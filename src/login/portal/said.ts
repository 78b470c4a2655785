import { approvalWords, deniedWords } from './approvalWords.ts'
import { passwordWords } from './fieldWords.ts'
import {
  browserPartWords,
  changePasswordWords,
  expiredWords,
  expiringWords,
  lockedWords,
  wrongPasswordWords,
} from './saidWords.ts'
import type { View } from './view.ts'

/** What a portal says no to, or why. */
export type Refusal = 'locked' | 'expired' | 'denied' | 'wrong' | 'unknown'

/** Words of the portal, and what they are taken for. */
export interface Said {
  readonly text: string
  readonly about: Refusal
  /** Announced or styled as an error, or found by a recipe. */
  readonly alert: boolean
  /** Found by a recipe, which knows it to be an error. */
  readonly known: boolean
}

/** All that a page says: the texts that are new in a later view are the portal's answer. */
export function textsOf(view: View): ReadonlySet<string> {
  return new Set(view.texts.map(({ text }) => text))
}

/**
 * The words by which the portal says no, best first, of those that were not there `before`: known phrases in an alert, known
 * phrases elsewhere, then alerts in words that are not known. `errors` are texts that a recipe knows to be errors.
 */
export function refusals(view: View, before: ReadonlySet<string>, errors: readonly string[]): Said[] {
  const fresh = view.texts.filter(({ text, kind }) => !before.has(text) && kind !== 'label')
  const alerts = [
    ...new Set([
      ...errors.filter((text) => text && !before.has(text)),
      ...fresh.filter(({ kind }) => kind === 'alert').map(({ text }) => text),
    ]),
  ]
  const sentences = fresh.filter(({ kind, text }) => kind !== 'alert' && text.length <= 240)
  // A heading only says that it has failed; what stands below it says why.
  const isHeading = ({ kind }: (typeof fresh)[number]) => kind === 'heading'
  const others = [...sentences.filter((text) => !isHeading(text)), ...sentences.filter(isHeading)].map(({ text }) => text)
  const said = [
    ...alerts.map((text) => ({ text, about: aboutOf(text), alert: true, known: errors.includes(text) })),
    ...others.map((text) => ({ text, about: aboutOf(text), alert: false, known: false })),
  ]
  const rank = ({ about, alert, known }: Said) => (known ? 0 : about === 'unknown' ? 3 : alert ? 1 : 2)
  return said.filter(({ about, alert }) => alert || about !== 'unknown').sort((a, b) => rank(a) - rank(b))
}

/** All new words of a page that has not been understood otherwise, in the order in which they stand. */
export function freshWords(view: View, before: ReadonlySet<string>): string {
  return view.texts
    .filter(({ text, kind }) => !before.has(text) && kind !== 'label' && text.length > 3)
    .map(({ text }) => text)
    .slice(0, 3)
    .join(' ')
}

/** A push that was turned down, or that nobody answered. */
export function deniedApproval(view: View, before: ReadonlySet<string>): string | undefined {
  return view.texts.find(({ text }) => !before.has(text) && deniedWords.find(text) && !approvalWords.find(text))?.text
}

/** Whether a text says of a password that it has expired. */
export function passwordIsOver(text: string): boolean {
  return [expiredWords, passwordWords].every((list) => list.find(text)) && !expiringWords.find(text)
}

/** What words of a portal are taken for. */
export function aboutOf(text: string): Refusal {
  if (lockedWords.find(text) && !browserPartWords.find(text)) return 'locked'
  if (changePasswordWords.find(text) || passwordIsOver(text)) return 'expired'
  if (wrongPasswordWords.find(text)) return 'wrong'
  return deniedWords.find(text) ? 'denied' : 'unknown'
}
