import { againWords, contactWords, noOptionWords } from './buttonWords.ts'
import { factorOf, isRecovery } from './factors.ts'
import type { Choice, Finding } from './finding.ts'
import { leadsAway, submitOf } from './submit.ts'
import type { Button, Field, View } from './view.ts'
import { namePlain } from './words.ts'

export type ChoiceFinding = Extract<Finding, { kind: 'choice' }>

/** The list of factors that a page offers: radios, a select, or two buttons or more that name one each. */
export function factorList(view: View): Finding | undefined {
  const title = titleOf(view)
  const radios = view.fields.filter((field) => field.type === 'radio' && field.enabled)
  const named = radios.map((field) => radioChoice(field)).filter(({ factor }) => factor)
  if (named.length >= 2) return list('factor', 'radios name factors', title, named, submitOf(view, radios)?.button.handle)
  for (const select of view.fields.filter((field) => field.type === 'select' && field.enabled)) {
    const options = selectChoices(select).filter(({ factor }) => factor)
    if (options.length >= 2)
      return list('factor', 'a select names factors', title, options, submitOf(view, [select])?.button.handle)
  }
  const choices = buttonsOfFactors(view)
  return choices && list('factor', 'buttons name factors', title, choices, undefined)
}

/**
 * Buttons of one kind that name two factors or more, and those among them that are called by a word that is not known: a person may
 * know what it is. A button to send the push and a link to a code beside it are no list.
 */
function buttonsOfFactors(view: View): Choice[] | undefined {
  const kinds = new Map<string, Button[]>()
  for (const button of view.buttons) kinds.set(kindOf(button), [...(kinds.get(kindOf(button)) ?? []), button])
  for (const alike of kinds.values()) {
    const named = alike.map((button) => buttonChoice(button)).filter((choice) => choice !== undefined)
    if (new Set(named.map(({ factor }) => factor)).size < 2) continue
    return alike.flatMap((button) => buttonChoice(button) ?? namelessChoice(button) ?? [])
  }
  return undefined
}

function namelessChoice(button: Button): Choice | undefined {
  const text = button.label || button.text
  const beside = isRecovery(text) || isFooter(button) || leadsAway(button) || againWords.find(text)
  return button.enabled && text.length > 1 && text.length <= 120 && !beside ? { ...plainChoice(button), text } : undefined
}

/** What looks the same is of one kind. */
export function kindOf(button: Button): string {
  return `${button.document} ${button.tag} ${button.className} ${button.role}`
}

/** Whether a button belongs to the foot of the page: help, contact, legal matters. */
export function isFooter(button: Button): boolean {
  return contactWords.find(button.text) !== undefined || /^(©|cookies?\b)/i.test(button.text)
}

export function list(
  about: ChoiceFinding['about'],
  why: string,
  title: string,
  choices: readonly Choice[],
  submit: string | undefined,
): ChoiceFinding {
  return {
    kind: 'choice',
    about,
    why: `${why}: ${choices.map(({ text, factor }) => (factor ? `${factor} "${text}"` : `"${text}"`)).join(', ')}`,
    title,
    choices,
    submit,
  }
}

/** A button that names a factor; undefined for any other. */
export function buttonChoice(button: Button): Choice | undefined {
  if (!button.enabled || button.text.length > 120 || button.opens) return undefined
  if (contactWords.find(button.text) || againWords.find(button.text)) return undefined
  const text = factorOf(button.text) ? button.text : button.label || button.text
  const factor = factorCalled(button) ?? factorOf(text)
  return factor ? { ...plainChoice(button), text, factor } : undefined
}

/** The factor that the page's own program calls a button by: that is the same in every language. */
export function factorCalled({ values }: Button): Choice['factor'] {
  const name = namePlain(values)
  // A link that says so may as well lead to where the number is changed.
  return factorOf(name) ?? (name.includes(' phone number ') ? 'sms' : undefined)
}

export function plainChoice(button: Button): Choice {
  return { handle: button.handle, text: button.text || button.label, factor: undefined, radio: false, option: undefined }
}

export function radioChoice(field: Field): Choice {
  const text = field.label || field.near || (field.options[0] ?? '')
  return {
    handle: field.handle,
    text,
    factor: factorOf(text) ?? factorOf(field.options[0] ?? ''),
    radio: true,
    option: undefined,
  }
}

export function selectChoices(field: Field): Choice[] {
  return field.options
    .map((text, option) => ({ handle: field.handle, text, factor: factorOf(text), radio: true, option }))
    .filter(({ text }) => !isNoOption(text))
}

/** The first line of many lists, which only says that something is to be chosen. */
export function isNoOption(text: string): boolean {
  return /^[-–—.\s]*$/.test(text) || noOptionWords.find(text) !== undefined
}

/** What the page calls the question: its first heading, else its title. */
export function titleOf(view: View): string {
  return view.texts.find(({ kind }) => kind === 'heading')?.text ?? view.documents[0]?.title ?? ''
}
