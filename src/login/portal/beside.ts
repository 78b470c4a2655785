import { agreeWords } from './buttonWords.ts'
import type { Interrupt } from './finding.ts'
import { activeOf, asksToSignIn, type FormReading } from './forms.ts'
import { rememberWords } from './pageWords.ts'
import { termsWords } from './saidWords.ts'
import { submitOf } from './submit.ts'
import type { Field, View } from './view.ts'

/** What the form to sign in with cannot be sent without, and awsfed does not fill in: terms to agree to, a number of the company. */
export function neededBeside(view: View, form: FormReading): Interrupt | undefined {
  const [first] = activeOf(form.readings)
  if (!first) return undefined
  const { document, form: group } = first.field
  const open = (field: Field) => field.document === document && field.form === group && field.enabled && !field.filled
  const needed = (field: Field) => open(field) && field.required
  // "I agree to the terms": many portals look only when the form has come.
  const agreed = ({ label }: Field) => termsWords.find(label) !== undefined && agreeWords.find(label) !== undefined
  const box = view.fields.find(
    (field) => field.type === 'checkbox' && open(field) && (field.required || agreed(field)) && !rememberWords.find(field.label),
  )
  if (box) {
    const wants = termsWords.find(box.label) ? 'terms to be accepted' : 'a box to be ticked'
    return { kind: 'interrupt', why: 'the form cannot be sent without a box that is to be ticked', wants, text: nameOf(box) }
  }
  const drawn = form.readings.find(({ field, role }) => role === 'other' && field.picture && open(field))
  if (drawn) {
    const text = nameOf(drawn.field)
    return { kind: 'interrupt', why: 'a field has a picture of its own', wants: 'a captcha to be solved', text }
  }
  const other = form.readings.find(
    ({ field, role }) => role === 'other' && /^(text|tel|number)$/.test(field.type) && needed(field),
  )
  return (
    other && {
      kind: 'interrupt',
      why: `the form cannot be sent without a field that is nothing to sign in with: ${other.why}`,
      wants: 'a field to be filled in',
      text: nameOf(other.field),
    }
  )
}

/** A page that asks for one thing that only the person knows: one's first school, or the name of one's organization. */
export function questionOf(view: View, forms: readonly FormReading[]): Interrupt | undefined {
  if (asksToSignIn(forms)) return undefined
  const fields = view.fields.filter(({ type, enabled }) => enabled && /^(text|password)$/.test(type))
  const [field] = fields
  if (!field || fields.length !== 1 || !submitOf(view, fields)) return undefined
  const question = [field.label, field.near, ...view.texts.map(({ text }) => text)].find((text) => /[?？]$/.test(text))
  if (question !== undefined)
    return { kind: 'interrupt', why: 'the only field answers a question', wants: 'an answer to a question', text: question }
  if (!field.required) return undefined
  return {
    kind: 'interrupt',
    why: 'the only field is none to sign in with',
    wants: 'a field to be filled in',
    text: nameOf(field),
  }
}

function nameOf({ label, placeholder, near, name }: Field): string {
  return label || placeholder || near || name
}
