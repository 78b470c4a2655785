import { parseHost } from '../../codecommit/host.ts'
import { asByteText, type ByteText, lineAt, readable } from '../bytes.ts'
import { type Decisions, decided, together } from '../decided.ts'
import type { EditKind, Refused } from '../plan.ts'
import type { Use } from '../url/codeCommitUrl.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import { parseUrl } from '../url/parse.ts'
import type { Place, Translate, Verdict } from '../url/translate.ts'
import { rewritten, ruleFor, rulesOf } from './insteadOf.ts'
import { type Entry, parseConfig } from './parse.ts'
import { planRemotesFile } from './remotesFile.ts'
import { sshPlaceOf } from './sshCommand.ts'
import { type KnownRule, planSections, rulesIn } from './urlSections.ts'
import { newValue } from './write.ts'

/** One file of a git directory, or `.gitmodules` of its working tree. */
export interface GitFile {
  readonly file: string
  readonly text: ByteText
  /** `config` also for `config.worktree` and included files; `remotes` and `branches` for the files in those folders. */
  readonly role: 'config' | 'gitmodules' | 'remotes' | 'branches'
  /** Why it may not be written, where it may not: whatever would change in it is refused. */
  readonly barred: Pick<Refused, 'reason' | 'hint'> | undefined
  /** Whether it is another repository's too, and edited as that one's: here it is only heeded. */
  readonly shared?: boolean | undefined
}

/** A variable as git lists it. */
export type Variable = Pick<Entry, 'section' | 'subsection' | 'name' | 'value'>

/**
 * What is to change in the files of one git directory.
 * @param files in the order in which git reads them
 * @param ambient the variables that hold outside of the repository: the system's and the user's
 */
export function planGit(files: readonly GitFile[], ambient: readonly Variable[], translate: Translate): Decisions {
  const parsed = files.map((file) => ({
    file,
    ...parseConfig(file.role === 'config' || file.role === 'gitmodules' ? file.text : ''),
  }))
  const own = parsed.filter(({ file }) => file.role === 'config')
  const around: Surroundings = { rules: fetching(rulesOf(ambient)), place: placeOf(ambient) }
  const place = placeOf([...ambient, ...own.flatMap(({ entries }) => entries)])
  const ownRules = own.flatMap(({ file, entries }) => rulesIn(file, entries, place, translate))
  const inside: Surroundings = { rules: [...around.rules, ...fetching(ownRules)], place }
  return together(
    parsed.map(({ file, entries, badLine }) => {
      if (file.shared) return nothing
      const decisions = together(
        file.role === 'remotes' || file.role === 'branches'
          ? [planRemotesFile(file, (url) => verdictOn(url, 'git', inside, translate))]
          : [
              ...(file.role === 'config' ? [planSections(file, entries, place, translate)] : []),
              planValues(file, entries, inside, around, translate),
            ],
      )
      if (badLine !== undefined) return unreadable(file, badLine)
      return file.barred ? barredBy(file.barred, decisions) : decisions
    }),
  )
}

/** What decides over a URL beside itself. */
interface Surroundings {
  readonly rules: readonly KnownRule[]
  readonly place: Place
}

function fetching(rules: readonly KnownRule[]): KnownRule[] {
  return rules.filter(({ push }) => !push)
}

function placeOf(variables: readonly Variable[]): Place {
  const command = variables.findLast(
    ({ section, subsection, name }) => section === 'core' && !subsection && name === 'sshcommand',
  )
  return command?.value === undefined ? {} : sshPlaceOf(command.value)
}

function planValues(
  file: GitFile,
  entries: readonly Entry[],
  inside: Surroundings,
  around: Surroundings,
  translate: Translate,
): Decisions {
  return together(
    entries.map((entry) => {
      const kind = kindOf(entry)
      if (kind === undefined || !entry.value || (file.role === 'gitmodules' && kind !== 'submodule.url')) return nothing
      const url = readable(entry.value)
      // A submodule is cloned for itself: its superproject's configuration does not hold there.
      const verdict = verdictOn(url, 'git', kind === 'submodule.url' ? around : inside, translate)
      const found = { file: file.file, line: () => lineAt(file.text, entry.span.innerStart), url, kind }
      return decided(verdict, found, (to) => newValue(file.text, entry, asByteText(to)))
    }),
  )
}

const nothing: Decisions = { edits: [], refused: [] }

/** Which variables hold a URL. `branch.*.remote` and `remote.pushDefault` may, in the place of a remote's name. */
function kindOf({ section, subsection, name }: Entry): EditKind | undefined {
  const kinds: Readonly<Record<string, EditKind>> =
    subsection === undefined
      ? { 'remote.pushdefault': 'remote.pushDefault' }
      : {
          'remote.url': 'remote.url',
          'remote.pushurl': 'remote.pushurl',
          'branch.remote': 'branch.remote',
          'branch.pushremote': 'branch.pushRemote',
          'submodule.url': 'submodule.url',
        }
  const key = `${section}.${name}`
  return Object.hasOwn(kinds, key) ? kinds[key] : undefined
}

/** The verdict on what git really uses: by a rule the account may be another, or an abbreviation be CodeCommit. */
function verdictOn(url: string, use: Use, { rules, place }: Surroundings, translate: Translate): Verdict {
  const rule = ruleFor(asByteText(url), rules)
  const plain = translate(url, use, place)
  if (!rule || (plain.verdict === 'none' && (rule.moves || namesOurHost(url, use)))) return plain
  const effective = translate(readable(rewritten(asByteText(url), rule)), use, place)
  return effective.verdict === 'none' ? plain : effective
}

/** A URL that names CodeCommit by itself, whatever ssh_config says, and needs nothing where no verdict falls on it. */
function namesOurHost(text: string, use: Use): boolean {
  const url = parseUrl(text, use)
  return url !== undefined && (url.host === undefined || parseHost(url.host) !== undefined)
}

/** Git reads nothing of such a file: what it holds before the bad line is no setting either. */
function unreadable({ file, text }: GitFile, line: number): Decisions {
  if (!mayNameCodeCommit(text)) return nothing
  const reason = `git cannot read the file: bad config line ${line}`
  return { edits: [], refused: [{ file, line, url: undefined, account: undefined, reason, hint: `correct line ${line}` }] }
}

/** Nothing is edited; what would be is refused. */
function barredBy(bar: Pick<Refused, 'reason' | 'hint'>, { edits, refused }: Decisions): Decisions {
  const barred = edits.map(({ file, line, from: url, account }) => ({ file, line, url, account, ...bar }))
  return { edits: [], refused: [...refused, ...barred] }
}
