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
  /** In git's order; those for pushes only are passed over. */
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

/** `translate` for URLs that whoever reads them hands on to git, in no repository: package managers, Terraform, scripts. */
export function translateWithin(surroundings: Surroundings, translate: Translate): Translate {
  return (url, use) => verdictOn(url, use, surroundings, translate)
}

/** The verdict on what git really uses: by a rule the account may be another, or an abbreviation be CodeCommit. */
export function verdictOn(url: string, use: Use, { rules, place }: Surroundings, translate: Translate): Verdict {
  const plain = translate(url, use, place)
  // Of a dependency git is given what stands between the package manager's own signs.
  const [, before = '', given = '', after = ''] = (use === 'dependency' && /^(git\+)?([^#]*)(.*)$/s.exec(url)) || [
    '',
    '',
    url,
    '',
  ]
  const rule = ruleFor(
    asByteText(given),
    rules.filter(({ push }) => !push),
  )
  if (!rule) return plain
  const effective = translate(`${before}${readable(rewritten(asByteText(given), rule))}${after}`, use, place)
  const needless = plain.verdict === 'none' && (rule.moves || namesOurHost(url, use))
  return needless || effective.verdict === 'none' ? plain : effective
}

/** A URL that names CodeCommit by itself, whatever ssh_config says, and needs nothing where no verdict falls on it. */
function namesOurHost(text: string, use: Use): boolean {
  const url = parseUrl(text, use)
  return url !== undefined && (url.host === undefined || parseHost(url.host) !== undefined)
}
