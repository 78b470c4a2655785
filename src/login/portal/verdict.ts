import type { Finding } from './finding.ts'
import { askedIn, type FormFinding, formKey, type Progress, type SentForm, siteOf } from './progress.ts'
import { aboutOf, freshWords, type Refusal, refusals, type Said } from './said.ts'
import type { View } from './view.ts'

/**
 * What the portal answered to the form that was sent last.
 * - `go`: nothing against going on
 * - `wait`: the same form is still there, and it has not said a word
 * - `refused`: it says no; no words when it only shows the form again
 */
export type Verdict = { readonly kind: 'go'; readonly announces: string | undefined } | { readonly kind: 'wait' } | Refused

export interface Refused {
  readonly kind: 'refused'
  readonly words: string | undefined
  readonly about: Refusal
  readonly form: FormFinding | undefined
  /** The words are not known and not an alert, and stand on the page that was sent: they may as well say that it is on its way. */
  readonly guess?: boolean
}

/**
 * Judges what `view` shows after `progress.last`. A form is sent at most twice, and never after words that were not there before:
 * every further try might lock the account. `errors` are texts that a recipe knows to be errors.
 */
export function verdictOf(view: View, findings: readonly Finding[], progress: Progress, errors: readonly string[]): Verdict {
  const { last } = progress
  if (!last) {
    const [said] = errors
    // Before anything was sent an error is only the end where there is nothing else to do.
    if (said === undefined || findings[0]?.kind !== 'nothing') return { kind: 'go', announces: undefined }
    return { kind: 'refused', words: said, about: aboutOf(said), form: undefined }
  }
  const form = findings.find((finding) => finding.kind === 'form')
  const same = form && progress.sent.get(formKey(view, form))
  const alike = form && progress.asked.get(askedIn(form))
  const before = new Set([...last.texts, ...((same ?? alike)?.last.texts ?? [])])
  const said = refusals(view, before, errors)
  if (form) {
    const moved = !last.documents.has(view.documents[form.document]?.handle ?? '')
    const words = freshWords(view, before)
    const marked = marks(view, form, moved)
    if (same) return sameForm(form, same.count, { moved, said, words, marked })
    const again = alike && askedAgain(view, form, alike, { moved, said, words, marked })
    if (again) return again
  }
  if (form) return { kind: 'go', announces: said.find(({ alert }) => alert)?.text }
  return withoutForm(view, findings, last.documents, said)
}

/** What the page shows after a form was sent. */
interface Shown {
  /** It is another document. */
  readonly moved: boolean
  readonly said: readonly Said[]
  /** All that is new on it. */
  readonly words: string
  /** It says no without words: by a field that is marked as wrong or has been emptied, by its HTTP status. */
  readonly marked: boolean
}

function sameForm(form: FormFinding, count: number, { moved, said, words, marked }: Shown): Verdict {
  const [no] = said
  if (no) return { kind: 'refused', words: no.text, about: no.about, form }
  if (!moved && !marked) return { kind: 'wait' }
  // A language that the word tables do not know: what is new on the page is what the portal has to say.
  if (words) return { kind: 'refused', words, about: 'unknown', form, guess: !moved }
  if (!moved) return { kind: 'wait' }
  if (marked) return { kind: 'refused', words: undefined, about: 'unknown', form }
  return count >= 2 ? { kind: 'refused', words: undefined, about: 'unknown', form } : { kind: 'go', announces: undefined }
}

/** How often a portal may ask for the same thing by forms that are not the same, without a word of refusal. */
const askedAtMost = { username: 3, password: 2, otp: 3 } as const

/**
 * A form that was not sent yet, but asks for what another one did: fields may be named anew at each look, and after a wrong
 * password a portal may show the name beside it that it asked for on a page of its own. Undefined where it is a step of its own.
 */
function askedAgain(
  view: View,
  form: FormFinding,
  { count, last }: SentForm,
  { moved, said, words, marked }: Shown,
): Verdict | undefined {
  // Another site of a federation asks for itself; a code by another way, or a name, may well be wanted after the first.
  const secret = askedIn(form) === 'password' && last.site === siteOf(view, form)
  const no = said.find(({ about, alert }) => secret || (alert && about !== 'unknown'))
  if (no) return { kind: 'refused', words: no.text, about: no.about, form }
  if (secret && !moved) return { kind: 'wait' }
  if (secret && (words || marked)) return { kind: 'refused', words: words || undefined, about: 'unknown', form }
  return count >= askedAtMost[askedIn(form)] ? { kind: 'refused', words: undefined, about: 'unknown', form } : undefined
}

function marks(view: View, form: FormFinding, moved: boolean): boolean {
  const handles = new Set(
    form.fills.flatMap(({ role, handles: filled }) => (role === 'password' || role === 'otp' ? filled : [])),
  )
  const fields = view.fields.filter(({ handle }) => handles.has(handle))
  const status = view.documents[form.document]?.status ?? 0
  // In the same document the field held what was typed: now that it is empty and open again, that was not taken.
  const emptied = !moved && fields.length > 0 && fields.every(({ filled, enabled }) => !filled && enabled)
  return fields.some(({ invalid }) => invalid) || emptied || (moved && status >= 400)
}

function withoutForm(view: View, findings: readonly Finding[], documents: ReadonlySet<string>, said: readonly Said[]): Verdict {
  const moved = !documents.has(view.documents[0]?.handle ?? '')
  const [first] = findings
  // A message box over the form has nothing but a button to close it.
  const box = first?.kind === 'press' && first.patient
  const no = said.find(
    ({ about, alert, known }) =>
      known ||
      (about !== 'unknown' && (alert || (moved && first?.kind === 'nothing'))) ||
      (box && (about === 'wrong' || about === 'locked')),
  )
  if (no && (first?.kind === 'nothing' || first?.kind === 'press' || first?.kind === 'approval')) {
    return { kind: 'refused', words: no.text, about: no.about, form: undefined }
  }
  return { kind: 'go', announces: undefined }
}
