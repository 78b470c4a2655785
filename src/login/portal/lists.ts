import { againWords, contactWords } from './buttonWords.ts'
import { factorOf } from './factors.ts'
import type { Choice, Finding } from './finding.ts'
import { accountListWords, providerListWords } from './pageWords.ts'
import { leadsAway, submitOf } from './submit.ts'
import type { Button, Field, View } from './view.ts'

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
  const buttons = view.buttons.map((button) => buttonChoice(button)).filter((choice): choice is Choice => choice !== undefined)
  const factors = new Set(buttons.map(({ factor }) => factor))
  if (buttons.length >= 2 && factors.size >= 2) return list('factor', 'buttons name factors', title, buttons, undefined)
  return undefined
}

/** The list of accounts or of organisations that a page asks to choose from. */
export function accountOrProviderList(view: View): Finding | undefined {
  const said = [
    ...view.documents.map(({ title }) => title),
    ...view.texts.map(({ text }) => text),
    ...view.fields.map(({ label }) => label),
  ]
  for (const [about, list_] of [
    ['account', accountListWords],
    ['provider', providerListWords],
  ] as const) {
    const phrase = said.map((text) => list_.find(text)).find(Boolean)
    if (!phrase) continue
    const select = view.fields.find((field) => field.type === 'select' && field.enabled && field.options.length > 1)
    const radios = view.fields.filter((field) => field.type === 'radio' && field.enabled)
    if (select)
      return list(
        about,
        `a select below "${phrase}"`,
        select.label || titleOf(view),
        selectChoices(select),
        submitOf(view, [select])?.button.handle,
      )
    if (radios.length > 1)
      return list(
        about,
        `radios below "${phrase}"`,
        titleOf(view),
        radios.map(radioChoice),
        submitOf(view, radios)?.button.handle,
      )
    const choices = view.buttons
      .filter(
        (button) =>
          button.enabled &&
          button.text.length > 1 &&
          button.y > 0 &&
          !isFooter(button) &&
          !(about === 'account' && leadsAway(button)),
      )
      .map((button): Choice => ({ handle: button.handle, text: button.text, factor: undefined, radio: false, option: undefined }))
    if (choices.length > 0) return list(about, `buttons below "${phrase}"`, titleOf(view), choices, undefined)
  }
  return undefined
}

function isFooter(button: Button): boolean {
  return contactWords.find(button.text) !== undefined || /^(©|cookies?\b)/i.test(button.text)
}

function list(
  about: 'factor' | 'account' | 'provider',
  why: string,
  title: string,
  choices: readonly Choice[],
  submit: string | undefined,
): Finding {
  return {
    kind: 'choice',
    about,
    why: `${why}: ${choices.map(({ text, factor }) => (factor ? `${factor} "${text}"` : `"${text}"`)).join(', ')}`,
    title,
    choices,
    submit,
  }
}

function buttonChoice(button: Button): Choice | undefined {
  if (!button.enabled || button.text.length > 120) return undefined
  if (contactWords.find(button.text) || againWords.find(button.text)) return undefined
  const text = factorOf(button.text) ? button.text : button.label || button.text
  const factor = factorOf(text)
  return factor ? { handle: button.handle, text, factor, radio: false, option: undefined } : undefined
}

function radioChoice(field: Field): Choice {
  const text = field.label || field.near || (field.options[0] ?? '')
  return {
    handle: field.handle,
    text,
    factor: factorOf(text) ?? factorOf(field.options[0] ?? ''),
    radio: true,
    option: undefined,
  }
}

function selectChoices(field: Field): Choice[] {
  return field.options
    .map((text, option) => ({ handle: field.handle, text, factor: factorOf(text), radio: true, option }))
    .filter(({ text }) => text && !/^[-–—.\s]*$/.test(text))
}

/** What the page calls the question: its first heading, else its title. */
export function titleOf(view: View): string {
  return view.texts.find(({ kind }) => kind === 'heading')?.text ?? view.documents[0]?.title ?? ''
}
