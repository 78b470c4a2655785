import type { Finding } from './finding.ts'
import { type FormFinding, formKey, type Progress } from './progress.ts'
import { freshWords, type Refusal, refusals, type Said } from './said.ts'
import type { View } from './view.ts'

/**
 * What the portal answered to the form that was sent last.
 * - `go`: nothing against going on
 * - `wait`: the same form is still there, and it has not said a word
 * - `refused`: it says no; no words when it only shows the form again
 */
export type Verdict =
  | { readonly kind: 'go'; readonly announces: string | undefined }
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'refused'
      readonly words: string | undefined
      readonly about: Refusal
      readonly form: FormFinding | undefined
    }

/**
 * Judges what `view` shows after `progress.last`. A form is sent at most twice, and never after words that were not there before:
 * every further try might lock the account. `errors` are texts that a recipe knows to be errors.
 */
export function verdictOf(view: View, findings: readonly Finding[], progress: Progress, errors: readonly string[]): Verdict {
  const { last } = progress
  if (!last) return { kind: 'go', announces: undefined }
  const form = findings.find((finding) => finding.kind === 'form')
  const key = form && formKey(view, form)
  const earlier = key === undefined ? undefined : progress.sent.get(key)
  const before = new Set([...last.texts, ...(earlier?.last.texts ?? [])])
  const said = refusals(view, before, errors)
  if (form && earlier) {
    const moved = !last.documents.has(view.documents[form.document]?.handle ?? '')
    return sameForm(form, earlier.count, moved, said, freshWords(view, before))
  }
  if (form) return { kind: 'go', announces: said.find(({ alert }) => alert)?.text }
  return withoutForm(view, findings, last.documents, said)
}

function sameForm(form: FormFinding, count: number, moved: boolean, said: readonly Said[], words: string): Verdict {
  const [no] = said
  if (no) return { kind: 'refused', words: no.text, about: no.about, form }
  if (!moved) return { kind: 'wait' }
  // A language that the word tables do not know: what is new on the page is what the portal has to say.
  if (words) return { kind: 'refused', words, about: 'unknown', form }
  return count >= 2 ? { kind: 'refused', words: undefined, about: 'unknown', form } : { kind: 'go', announces: undefined }
}

function withoutForm(view: View, findings: readonly Finding[], documents: ReadonlySet<string>, said: readonly Said[]): Verdict {
  const moved = !documents.has(view.documents[0]?.handle ?? '')
  const [first] = findings
  const no = said.find(({ about, alert }) => about !== 'unknown' && (alert || (moved && first?.kind === 'nothing')))
  if (no && (first?.kind === 'nothing' || first?.kind === 'press' || first?.kind === 'approval')) {
    return { kind: 'refused', words: no.text, about: no.about, form: undefined }
  }
  return { kind: 'go', announces: undefined }
}
