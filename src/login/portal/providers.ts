import type { History } from './fields.ts'
import { besideNames } from './fieldWords.ts'
import type { Finding } from './finding.ts'
import { isFooter, kindOf, list, plainChoice, radioChoice, selectChoices, titleOf } from './lists.ts'
import { providerListWords } from './pageWords.ts'
import { leadsAway, submitOf } from './submit.ts'
import type { Button, Field, View } from './view.ts'
import { namePlain } from './words.ts'

/**
 * The list of organisations or identity providers that a page asks to choose from. A page that has nothing else to fill in or to
 * press, before anything was given, is taken for one in any language.
 */
export function providerList(view: View, history: History): Finding | undefined {
  const nothingGiven = !history.usernameGiven && !history.passwordGiven
  const said = [
    ...view.documents.map(({ title }) => title),
    ...view.texts.map(({ text }) => text),
    ...view.fields.map(({ label }) => label),
  ]
  const phrase = said.map((text) => providerListWords.find(text)).find(Boolean)
  if (!phrase && !nothingGiven) return undefined
  const why = phrase ? `below "${phrase}"` : 'and nothing else to fill in'
  const select = view.fields.find(
    (field) => field.type === 'select' && field.enabled && field.options.length > 1 && !isBeside(field),
  )
  if (select && (phrase || isAlone(view, select))) {
    const submit = submitOf(view, [select])?.button.handle
    return list('provider', `a select ${why}`, select.label || titleOf(view), selectChoices(select), submit)
  }
  const radios = view.fields.filter((field) => field.type === 'radio' && field.enabled)
  if (radios.length > 1)
    return list('provider', `radios ${why}`, titleOf(view), radios.map(radioChoice), submitOf(view, radios)?.button.handle)
  const buttons = view.buttons.filter((button) => button.enabled && button.text.length > 1 && button.y > 0 && !isFooter(button))
  const kind =
    phrase || hasNothingToFill(view) ? sameKind(buttons.filter((button) => !leadsAway(button) && !button.layer)) : undefined
  return kind && list('provider', `buttons of one kind ${why}`, titleOf(view), kind.map(plainChoice), undefined)
}

/** Language and country, which are asked on every page. */
function isBeside(field: Field): boolean {
  return [field.name, field.id].some((name) => name && besideNames.find(namePlain(name)))
}

function isAlone(view: View, select: Field): boolean {
  const filled = view.fields.some(
    (field) => field !== select && field.enabled && !/^(checkbox|select|search)$/.test(field.type) && !isBeside(field),
  )
  return !filled && submitOf(view, [select]) !== undefined
}

function hasNothingToFill(view: View): boolean {
  return !view.fields.some((field) => field.enabled && !/^(checkbox|select|search)$/.test(field.type) && !isBeside(field))
}

/** The largest group of two or more buttons that look the same and stand in a column or a row; links within a text are none. */
function sameKind(buttons: readonly Button[]): readonly Button[] | undefined {
  const groups = new Map<string, Button[]>()
  for (const button of buttons) {
    if (button.tag === 'a' && button.height < 24) continue
    const key = kindOf(button)
    groups.set(key, [...(groups.get(key) ?? []), button])
  }
  const [largest] = [...groups.values()].sort((a, b) => b.length - a.length)
  return largest && largest.length > 1 ? largest : undefined
}
