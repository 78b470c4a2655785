import { anotherAccountWords } from './buttonWords.ts'
import type { Choice, Finding } from './finding.ts'
import { isFooter, list, plainChoice, titleOf } from './lists.ts'
import { accountListWords } from './pageWords.ts'
import { leadsAway } from './submit.ts'
import type { Button, View } from './view.ts'

const address = /[^\s@]+@[^\s@]+\.[^\s@]+/

/** The list of accounts that a page asks to choose from: those that it knows, and the way to another one. */
export function accountList(view: View): Finding | undefined {
  if (view.fields.some(({ type, enabled }) => enabled && /^(text|email|password|tel)$/.test(type))) return undefined
  const phrase = [...view.texts, ...view.documents.map(({ title }) => ({ text: title }))]
    .map(({ text }) => accountListWords.find(text))
    .find(Boolean)
  const buttons = view.buttons.filter((button) => button.enabled && button.text.length > 1 && !isFooter(button) && !button.opens)
  const other = anotherAccount(view)
  const named = buttons.filter((button) => button !== other && address.test(button.text))
  // Without words that are known: addresses to press, and another one.
  if (!phrase && named.length < 2 && !(named.length === 1 && other)) return undefined
  const choices =
    named.length > 0 ? withSameLook(named, buttons, other) : buttons.filter((one) => one !== other && !leadsAway(one))
  if (choices.length === 0 || (choices.length === 1 && named.length === 0 && !other)) return undefined
  const why = phrase ? `buttons below "${phrase}"` : 'buttons that hold addresses'
  return { ...list('account', why, titleOf(view), choices.map(plainChoice), undefined), other: other?.handle }
}

/** What leads from a list of accounts to one that is not in it. */
export function anotherAccount(view: View): Button | undefined {
  return view.buttons.find((button) => button.enabled && anotherAccountWords.find(button.text))
}

/** Accounts that have a name only look like those that have an address. */
function withSameLook(named: readonly Button[], buttons: readonly Button[], other: Button | undefined): readonly Button[] {
  const alike = (button: Button) =>
    named.some((one) => one.className === button.className && one.tag === button.tag && one.x === button.x)
  return buttons.filter((button) => named.includes(button) || (button !== other && !leadsAway(button) && alike(button)))
}

/** Which account of the list is that of `user`; undefined when none. */
export function accountOf(user: string, choices: readonly Choice[]): Choice | undefined {
  const name = user.toLowerCase()
  const words = (choice: Choice) => choice.text.toLowerCase().split(/[\s()<>,;]+/)
  return choices.find((choice) => words(choice).includes(name)) ?? choices.find(({ text }) => text.toLowerCase().includes(name))
}
