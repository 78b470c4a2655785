import { readFileSync, statSync } from 'node:fs'
import { codeOf, messageOf } from '../../base/errors.ts'
import { bytesOf } from '../bytes.ts'
import type { Bar } from '../find/fence.ts'
import type { Edit, Refused, Source, Transaction } from '../plan.ts'
import { refusedEdit } from '../refusing.ts'
import { spliced } from '../splice.ts'
import { newMode, type Replacement } from './replace.ts'
import { targetOf } from './target.ts'

/** What is replaced together, with the edits that do it. */
export interface Group extends Pick<Transaction, 'root' | 'unit'> {
  readonly files: readonly PlannedFile[]
}

export interface PlannedFile extends Replacement {
  readonly file: string
  readonly next: Buffer
  /** Whether it holds that already. */
  readonly done: boolean
  readonly mode: number
  readonly edits: readonly Edit[]
}

/**
 * The groups of `transaction` that can begin. Those whose files cannot be written go into `refused`; those that hold what they
 * should, because another run was at them meanwhile, are left out.
 */
export function groupsOf(transaction: Transaction, barOf: (file: string) => Bar | undefined, refused: Refused[]): Group[] {
  const { root, unit, edits, sources } = transaction
  const files = sources.flatMap((source) => plannedFile(transaction, source, barOf) ?? [])
  const barred = files.filter((file) => 'reason' in file)
  const open = files.filter((file) => 'target' in file)
  if (unit === 'all') {
    const [culprit] = barred
    if (culprit) refused.push(...edits.map((edit) => refusal(edit, culprit)))
    return culprit || open.every(({ done }) => done) ? [] : [{ root, unit, files: open.filter(({ done }) => !done) }]
  }
  for (const culprit of barred) refused.push(...culprit.edits.map((edit) => refusal(edit, culprit)))
  return open.filter(({ done }) => !done).map((file) => ({ root, unit, files: [file] }))
}

/** What is at fault: a file, and why. */
export interface Culprit extends Bar {
  readonly file: string
}

/** That `edit` is not done because of `culprit`, which may be another file than its own. */
export function refusal(edit: Edit, { file, reason, hint }: Culprit): Refused {
  return refusedEdit(edit, { reason: file === edit.file ? reason : `${file}: ${reason}`, hint })
}

/**
 * Whether `edit` is of a file that `git config` writes too, and under its lock: a repository's, or, with a bridge, git's
 * global one, which is no repository's.
 */
export function isGitSetting({ kind }: Edit, gitDir: string | undefined): boolean {
  return gitDir === undefined ? kind === 'url.insteadOf' : kind !== 'remotes'
}

const changedSince: Bar = { reason: 'it has changed since the scan', hint: 'run awsfed migrate again' }

type Barred = Culprit & Pick<PlannedFile, 'edits'>

function plannedFile(
  { edits: all, gitDir }: Transaction,
  source: Source,
  barOf: (file: string) => Bar | undefined,
): PlannedFile | Barred | undefined {
  const { file, text } = source
  const edits = all.filter((edit) => edit.file === file)
  if (edits.length === 0) return undefined
  const next = bytesOf(spliced(text, edits))
  try {
    const { target, absent } = targetOf(source)
    const bar = barOf(target)
    if (bar) return { file, edits, ...bar }
    const locked = edits.every((edit) => isGitSetting(edit, gitDir))
    const planned = { file, target, locked, next, edits }
    if (absent) return { ...planned, old: undefined, mode: newMode(), done: false }
    const old = bytesOf(text)
    const current = readFileSync(target)
    const done = current.equals(next)
    if (!done && !current.equals(old)) return { file, edits, ...changedSince }
    return { ...planned, old, mode: statSync(target).mode & 0o7777, done }
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return { file, edits, reason: `it cannot be read any more: ${messageOf(error)}`, hint: changedSince.hint }
  }
}
