import { posixWord } from '../../base/shellLines.ts'
import { parseHost } from '../../codecommit/host.ts'
import { asByteText, readable } from '../bytes.ts'
import type { Use } from '../url/codeCommitUrl.ts'
import { parseUrl } from '../url/parse.ts'
import type { Place, Translate, Verdict } from '../url/translate.ts'
import { rewritten, ruleFor, rulesOf } from './insteadOf.ts'
import type { Entry } from './parse.ts'
import { sshPlaceOf } from './sshCommand.ts'
import type { KnownRule } from './urlSections.ts'

/** A variable as git lists it. */
export type Variable = Pick<Entry, 'section' | 'subsection' | 'name' | 'value'>

/** What decides over a URL beside itself. */
export interface Surroundings {
  /** In git's order. */
  readonly rules: readonly KnownRule[]
  readonly place: Place
}

/** What `variables` say that hold outside of repositories. */
export function surroundingsOf(variables: readonly Variable[]): Surroundings {
  return { rules: rulesOf(variables), place: placeOf(variables) }
}

export function placeOf(variables: readonly Variable[]): Place {
  const command = variables.findLast(
    ({ section, subsection, name }) => section === 'core' && !subsection && name === 'sshcommand',
  )
  return command?.value === undefined ? {} : sshPlaceOf(command.value)
}

/** `translate` for URLs that whoever reads them hands on to git in no repository, as package managers do. */
export function translateWithin(surroundings: Surroundings, translate: Translate): Translate {
  return (url, use) => verdictOn(url, use, surroundings, translate)
}

/** The same for URLs that are only reported: of one that is right there is nothing to say, whatever rule leads it back. */
export function translateReported(surroundings: Surroundings, translate: Translate): Translate {
  return (url, use) => {
    const plain = translate(url, use, surroundings.place)
    return plain.verdict === 'none' && namesOurHost(url, use) ? plain : verdictOn(url, use, surroundings, translate)
  }
}

/** The verdict on what git really uses: by a rule the account may be another, or an abbreviation be CodeCommit. */
export function verdictOn(url: string, use: Use, { rules, place }: Surroundings, translate: Translate): Verdict {
  const plain = translate(url, use, place)
  const found = byRule(
    url,
    use,
    rules.filter(({ push }) => !push),
  )
  if (!found) return plain
  const effective = translate(found.effective, use, place)
  if (effective.verdict === 'none') return plain
  if (plain.verdict !== 'none') return effective
  if (found.rule.moves) return effective.verdict === 'refuse' ? effective : plain
  if (!namesOurHost(url, use)) return effective
  return found.rule.local ? plain : ledBack(found, effective.account)
}

/** The verdict on `url` for pushes, where `verdictOn` has nothing against it: a rule of their own may lead them back. */
export function verdictOnPush(url: string, { rules, place }: Surroundings, translate: Translate): Verdict {
  const found = byRule(
    url,
    'git',
    rules.filter(({ push }) => push),
  )
  if (!found || found.rule.local) return { verdict: 'none' }
  const effective = translate(found.effective, 'git', place)
  if (effective.verdict === 'none') return effective
  if (found.rule.moves) return effective.verdict === 'refuse' ? effective : { verdict: 'none' }
  return ledBack(found, effective.account)
}

interface Found {
  readonly rule: KnownRule
  /** What stands in the place of the URL by the rule, for the same reader. */
  readonly effective: string
}

function byRule(url: string, use: Use, rules: readonly KnownRule[]): Found | undefined {
  // Of a dependency git is given what stands between the package manager's own signs.
  const parts = use === 'dependency' ? /^(git\+)?([^#]*)(.*)$/s.exec(url) : undefined
  const [, before = '', given = url, after = ''] = parts ?? []
  const rule = ruleFor(asByteText(given), rules)
  return rule && { rule, effective: `${before}${readable(rewritten(asByteText(given), rule))}${after}` }
}

/** A URL that is right, and from which a rule leads to one that is not. */
function ledBack({ rule, effective }: Found, account: string | undefined): Verdict {
  const key = `url.${readable(rule.base)}.${rule.push ? 'pushInsteadOf' : 'insteadOf'}`
  return {
    verdict: 'refuse',
    account,
    reason: `git ${rule.push ? 'pushes to' : 'goes to'} ${effective} all the same, by the rule ${key} = ${readable(rule.pattern)}`,
    hint: `take that rule away, then run awsfed migrate again: \`git config --show-origin --get-all ${posixWord(key)}\` tells where it is`,
  }
}

/** A URL that names CodeCommit by itself, whatever ssh_config says, and needs nothing where no verdict falls on it. */
function namesOurHost(text: string, use: Use): boolean {
  const url = parseUrl(text, use)
  return url !== undefined && (url.host === undefined || parseHost(url.host) !== undefined)
}
