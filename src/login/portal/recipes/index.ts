import { AwsfedError } from '../../../base/errors.ts'
import type { Recipe, Rule } from '../rules.ts'
import { adfs } from './adfs.ts'
import { entra } from './entra.ts'
import { push } from './push.ts'

const builtIn: readonly Recipe[] = [adfs, entra, push]

/**
 * The rules that `recipe` of the configuration names. `auto` means all of them: each recognises its own pages. What no rule matches
 * falls to detection.
 * @throws AwsfedError `failed` for a name that is none
 */
export function rulesOf(recipe: string): readonly Rule[] {
  if (recipe === 'auto') return builtIn.flatMap(({ rules }) => rules)
  const found = builtIn.find(({ name }) => name === recipe)
  if (found) return found.rules
  throw new AwsfedError('failed', `there is no recipe "${recipe}"`, {
    hint: `set recipe = "auto" in config.toml, which also recognises pages that no recipe knows; built in are ${builtIn.map(({ name }) => name).join(', ')}`,
  })
}
