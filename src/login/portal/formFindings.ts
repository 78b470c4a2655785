import { againWords, sendVerbWords, sendWords, sentThingWords, sentWords } from './buttonWords.ts'
import { codeBoxes, type Reading } from './fields.ts'
import { besideNames } from './fieldWords.ts'
import type { Filling, Finding } from './finding.ts'
import { activeOf, type FormReading } from './forms.ts'
import { domainWords, forgetNames, forgetWords, rememberNames, rememberWords } from './pageWords.ts'
import { leadsAway, type Submit } from './submit.ts'
import type { Field, View } from './view.ts'
import { namePlain, type Words } from './words.ts'

/** What to do with a form to sign in with; first, where it has to be asked for, the code is sent. */
export function formFindings(view: View, form: FormReading): Finding[] {
  const active = activeOf(form.readings)
  const fields = view.fields.filter((field) => field.document === form.document && field.form === active[0]?.field.form)
  const fills = active.map((reading) => fillingOf(reading, codeBoxes(fields)))
  const selects = fields.filter(isOpenQuestion).map(selectOf)
  const finding: Finding = {
    kind: 'form',
    why: [
      ...active.map(({ role, why, score }) => `${role} (${score}: ${why})`),
      ...selects.map(({ title }) => `"${title}" is to be chosen`),
      form.submit ? `submit (${form.submit.score}: ${form.submit.why})` : 'no submit: Enter',
    ].join('; '),
    document: form.document,
    fills,
    checks: fields.filter(remembers).map(({ handle }) => handle),
    ...(selects.length > 0 ? { selects } : {}),
    submit: form.submit?.button.handle,
  }
  const send = fills.some(({ role }) => role === 'otp') && fills.length === 1 ? sendButton(view, form.submit) : undefined
  return send ? [send, finding] : [finding]
}

function fillingOf({ field, role, title }: Reading, boxes: readonly Field[]): Filling {
  return {
    role: role as Filling['role'],
    handles: boxes.includes(field) ? boxes.map(({ handle }) => handle) : [field.handle],
    title,
    key: `${role}:${field.name || field.id || title || ''}`,
    filled: field.filled,
  }
}

/** A box to tick so that the portal remembers this browser. */
function remembers(field: Field): boolean {
  if (field.type !== 'checkbox' || !field.enabled || field.filled || forgetWords.find(field.label)) return false
  const named = (list: Words) => [field.name, field.id].some((name) => name && list.find(namePlain(name)))
  return !named(forgetNames) && (named(rememberNames) || rememberWords.find(field.label) !== undefined)
}

/** A list beside the fields, of which one is to be chosen. */
export function selectOf({ handle, label, near, name, options }: Field) {
  return { handle, title: label || near || name, options }
}

/** A list of domains, realms or the like from which the portal has chosen nothing: the browser shows the first, but nobody chose it. */
export function isOpenQuestion(field: Field): boolean {
  if (field.type !== 'select' || !field.enabled || field.preset || field.options.length < 2) return false
  const names = [field.name, field.id].filter(Boolean).map(namePlain)
  if (names.some((name) => besideNames.find(name))) return false
  return [field.label, field.near, ...names].some((text) => domainWords.find(text))
}

function sendsSomething(text: string): string | undefined {
  if (text.length > 60) return undefined
  const [verb, thing] = [sendVerbWords.find(text), sentThingWords.find(text)]
  return sendWords.find(text) ?? (verb && thing && `${verb} … ${thing}`)
}

/** The button that has the portal send a code, as long as none was sent and the form has another button to go on. */
export function sendButton(view: View, submit: Submit | undefined): Finding | undefined {
  if (view.texts.some(({ text }) => sentWords.find(text))) return undefined
  for (const button of view.buttons) {
    const says = sendsSomething(button.text)
    if (!says || againWords.find(button.text) || leadsAway(button) || !button.enabled || button === submit?.button) continue
    return { kind: 'press', why: `has the code or the push sent: "${says}"`, button: button.handle, checks: [], patient: false }
  }
  return undefined
}
