import { accountOf } from './accounts.ts'
import type { Engine } from './engine.ts'
import { interrupted } from './failures.ts'
import type { Choice } from './finding.ts'
import type { ChoiceFinding } from './lists.ts'
import { wantedFactor } from './prefer.ts'

/** Chooses from a list: what the configuration says, the only one there is, or what the person answers. */
export async function chooseFrom(engine: Engine, list: ChoiceFinding): Promise<void> {
  const chosen = list.about === 'factor' ? await factorFrom(engine, list) : await nameFrom(engine, list)
  if (engine.over.aborted) return
  const { page } = engine
  if (chosen === 'other') {
    engine.trace('portal: chosen none of the list')
    if (list.other !== undefined) await page.click(list.other)
    return
  }
  engine.trace(`portal: chosen "${chosen.text}"`)
  if (chosen.option !== undefined) await page.select(chosen.handle, chosen.option)
  else if (chosen.radio) await page.check(chosen.handle)
  else await page.click(chosen.handle)
  if (chosen.radio && list.submit !== undefined) await page.click(list.submit)
}

/** What can be done here: security keys and passkeys need the person's own browser window, and what has failed is not tried again. */
async function factorFrom(engine: Engine, list: ChoiceFinding): Promise<Choice> {
  const possible = list.choices.filter(({ factor }) => factor !== 'key')
  if (possible.length === 0) throw interrupted('a passkey or a security key', list.choices.map(({ text }) => text).join(', '))
  const fresh = possible.filter(({ factor }) => factor !== engine.avoided)
  const choices = fresh.length > 0 ? fresh : possible
  const wanted = wantedFactor(engine)
  const known = choices.filter(({ factor }) => factor === wanted)
  return askedFor(engine, list.title, known.length > 0 ? known : choices)
}

/** An account, an organisation, a domain: the one that belongs to the user's name, if one does. */
async function nameFrom(engine: Engine, list: ChoiceFinding): Promise<Choice | 'other'> {
  const user = engine.user ?? engine.portal.username
  if (user !== undefined) {
    const known = list.about === 'account' ? accountOf(user, list.choices) : domainOf(user, list.choices)
    if (known) return known
    if (list.about === 'account' && list.other !== undefined) return 'other'
  }
  const { choices, other } = list
  // Nobody has said who he is, and the portal knows but one.
  if (other === undefined || (user === undefined && choices.length === 1)) return askedFor(engine, list.title, choices)
  const texts = choices.map(({ text }) => text)
  return choices[await engine.answers.choose(list.title, [...texts, 'another account'])] ?? 'other'
}

async function askedFor(engine: Engine, title: string, choices: readonly Choice[]): Promise<Choice> {
  const [only] = choices
  if (!only) throw new RangeError('an empty list to choose from')
  if (choices.length === 1) return only
  const texts = choices.map(({ text }) => text)
  return choices[await engine.answers.choose(title, texts)] ?? only
}

/** The domain that a user's name holds: `CORP\jane`, `jane@corp.example.com`. */
export function domainOf<Named extends { readonly text: string }>(user: string, choices: readonly Named[]): Named | undefined {
  const domain = (/^([^\\]+)\\/.exec(user)?.[1] ?? /@(.+)$/.exec(user)?.[1])?.toLowerCase()
  return domain === undefined ? undefined : choices.find(({ text }) => text.trim().toLowerCase() === domain)
}
