import { setImmediate as turn } from 'node:timers/promises'
import { AwsfedError, messageOf } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import { fenceAround } from '../find/fence.ts'
import type { Edit, Refused } from '../plan.ts'
import { type Group, groupsOf, refusal } from './groups.ts'
import type { GuardedPlan } from './guard.ts'
import { removeJournal, removeUnbegun, writeEnding, writeJournal } from './journal.ts'
import { journaled } from './journaled.ts'
import { oneRun } from './oneRun.ts'
import { type Failure, replaceTogether } from './replace.ts'

/** How far a run or an undo is. */
export type Progress =
  | { readonly kind: 'waiting'; readonly pid: number }
  | { readonly kind: 'done'; readonly done: number; readonly of: number }

export interface Options {
  readonly progress?: (progress: Progress) => void
  /** Ends the work between two files, or two manifests with their locks. */
  readonly signal?: AbortSignal | undefined
}

/** What a run did. */
export interface Applied {
  /** In the plan's order. */
  readonly changed: readonly Edit[]
  /** What was refused or skipped now, beside what the plan refuses. */
  readonly refused: readonly Refused[]
  /** The id to undo it by; undefined where nothing was changed. */
  readonly journal: string | undefined
}

/**
 * Does the edits of `plan`, which `guard` has passed. Its journal is on the disk before the first write.
 * @throws AwsfedError `failed` when the journal cannot be written: nothing is changed then; `cancelled` when the signal
 *   aborts: what was done until then is in the journal
 */
export async function apply(world: World, plan: GuardedPlan, { progress = () => {}, signal }: Options = {}): Promise<Applied> {
  if (plan.transactions.every(({ edits }) => edits.length === 0)) return { changed: [], refused: [], journal: undefined }
  const waiting = (pid: number) => progress({ kind: 'waiting', pid })
  return oneRun(world, 'awsfed migrate', signal, waiting, async () => {
    removeUnbegun(world)
    const refused: Refused[] = []
    const barOf = fenceAround(plan.folders)
    const groups = plan.transactions.flatMap((transaction) => groupsOf(transaction, barOf, refused))
    if (groups.length === 0) return { changed: [], refused, journal: undefined }
    const { id } = writeJournal(world, { folders: plan.folders, groups: groups.map(journaled) })
    const changed = new Set<Edit>()
    const written: string[] = []
    for (const [done, group] of groups.entries()) {
      progress({ kind: 'done', done, of: groups.length })
      await turn()
      if (signal?.aborted) break
      const failure = replaceTogether(group.files, id)
      if (failure) refused.push(...refusalsOf(group, failure))
      else for (const edit of group.files.flatMap(({ edits }) => edits)) changed.add(edit)
      written.push(...(failure?.left ?? group.files.map(({ target }) => target)))
    }
    close(world, id, written)
    const journal = written.length > 0 ? id : undefined
    if (signal?.aborted) throw cancelled(journal)
    progress({ kind: 'done', done: groups.length, of: groups.length })
    return { changed: plan.transactions.flatMap(({ edits }) => edits.filter((edit) => changed.has(edit))), refused, journal }
  })
}

function refusalsOf({ files }: Group, { target, error: { message, hint = '' }, left }: Failure): Refused[] {
  const file = files.find((one) => one.target === target)?.file ?? target
  const half = left.length > 0 ? `; written all the same: ${left.join(', ')}` : ''
  return files.flatMap(({ edits }) => edits.map((edit) => refusal(edit, { file, reason: message + half, hint })))
}

/** Takes down how the run ended. Where that fails, the journal is that of a run that was killed, and as good to undo by. */
function close(world: World, id: string, written: readonly string[]): void {
  try {
    if (written.length === 0) removeJournal(world, id)
    else writeEnding(world, id, { written })
  } catch (error) {
    world.trace(`migrate: ${messageOf(error)}`)
  }
}

function cancelled(journal: string | undefined): AwsfedError {
  if (journal === undefined) return new AwsfedError('cancelled', 'cancelled before anything was changed')
  return new AwsfedError('cancelled', 'cancelled; what was done until then stays', {
    hint: `awsfed migrate --undo ${journal} takes it back; awsfed migrate goes on`,
  })
}
