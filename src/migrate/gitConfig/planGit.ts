import { asByteText, type ByteText, lineAt, readable } from '../bytes.ts'
import { barredBy, type Decisions, decided, nothing, together } from '../decided.ts'
import type { Bar } from '../find/fence.ts'
import type { EditKind } from '../plan.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import type { Translate } from '../url/translate.ts'
import { type Entry, parseConfig } from './parse.ts'
import { planRemotesFile } from './remotesFile.ts'
import { placeOf, type Surroundings, surroundingsOf, type Variable, verdictOn, verdictOnPush } from './surroundings.ts'
import { planSections, rulesIn } from './urlSections.ts'
import { newValue } from './write.ts'

/** One file of a git directory, or `.gitmodules` of its working tree. */
export interface GitFile {
  readonly file: string
  readonly text: ByteText
  /** `config` also for `config.worktree` and included files; `remotes` and `branches` for the files in those folders. */
  readonly role: 'config' | 'gitmodules' | 'remotes' | 'branches'
  /** Why it may not be written, where it may not: whatever would change in it is refused. */
  readonly barred: Bar | undefined
  /** Whether it is another repository's too, and edited as that one's: here it is only heeded. */
  readonly shared?: boolean | undefined
}

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
  const around = surroundingsOf(ambient)
  const place = placeOf([...ambient, ...own.flatMap(({ entries }) => entries)])
  const ownRules = own.flatMap(({ file, entries }) => rulesIn(file, entries, place, translate))
  const inside: Surroundings = { rules: [...around.rules, ...ownRules], place }
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

function planValues(
  file: GitFile,
  entries: readonly Entry[],
  inside: Surroundings,
  around: Surroundings,
  translate: Translate,
): Decisions {
  // Then no pushInsteadOf holds for its urls (git-config(1)).
  const withPushurl = new Set(
    entries.flatMap(({ section, subsection, name }) => (section === 'remote' && name === 'pushurl' ? [subsection] : [])),
  )
  return together(
    entries.map((entry) => {
      const kind = kindOf(entry)
      if (kind === undefined || !entry.value || (file.role === 'gitmodules' && kind !== 'submodule.url')) return nothing
      const url = readable(entry.value)
      // A submodule is cloned for itself: its superproject's configuration does not hold there.
      const fetched = verdictOn(url, 'git', kind === 'submodule.url' ? around : inside, translate)
      const pushed = fetched.verdict === 'none' && kind === 'remote.url' && !withPushurl.has(entry.subsection)
      const verdict = pushed ? verdictOnPush(url, inside, translate) : fetched
      const found = { file: file.file, line: () => lineAt(file.text, entry.span.innerStart), url, kind }
      return decided(verdict, found, (to) => newValue(file.text, entry, asByteText(to)))
    }),
  )
}

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

/** Git reads nothing of such a file: what it holds before the bad line is no setting either. */
function unreadable({ file, text }: GitFile, line: number): Decisions {
  if (!mayNameCodeCommit(text)) return nothing
  const reason = `git cannot read the file: bad config line ${line}`
  return { edits: [], refused: [{ file, line, url: undefined, account: undefined, reason, hint: `correct line ${line}` }] }
}
