import os from 'node:os'
import path from 'node:path'
import type { World } from '../../base/world.ts'
import { gitConfig } from '../../git/config.ts'
import { type Bar, fenceAround } from '../find/fence.ts'
import type { Edit, Plan, Transaction } from '../plan.ts'
import { withoutEdits } from '../refusing.ts'
import { astrayBar } from './bars.ts'
import { busyBar, gitDirAbove } from './busy.ts'
import { astray, lasting } from './destination.ts'
import { type Culprit, isGitSetting, refusal } from './groups.ts'
import { type Listing, type Looking, listedTogether } from './listedTogether.ts'
import { obstacle } from './obstacle.ts'
import { bridgeBar, listedBar, repositoryBar } from './repositoryGuard.ts'
import { type Setting, settingsFrom } from './setting.ts'
import { inWorkFolder } from './workFolder.ts'

/** A plan whose edits may be done. Whole transactions may be left out of it, single edits not. */
export interface GuardedPlan extends Plan {
  /** What was given to `guard`: nothing outside of it is written. */
  readonly folders: readonly string[]
}

/**
 * Refuses, of `plan`, what cannot be written or may not: what lies outside of `folders` (absolute), is locked, read-only or
 * being rebased; and repositories of which git would make anything else than planned. Nothing is written but copies in a
 * temporary folder. It comes last, after whatever else takes edits away.
 * @throws AwsfedError `failed` when git cannot be run, or there is no room for the copies; the signal's reason when that aborts
 */
export async function guard(world: World, plan: Plan, folders: readonly string[], looking: Looking = {}): Promise<GuardedPlan> {
  const wanting = plan.transactions.filter(({ edits }) => edits.length > 0)
  if (wanting.length === 0) return { ...plan, folders }
  const ambient = settingsFrom(await gitConfig(world).allEntries())
  return inWorkFolder(async (folder) => {
    const barOf = fenceAround(folders)
    const opened = wanting.map((transaction) => unobstructed(transaction, barOf))
    const listings = await listedTogether(world, opened, ambient, path.join(folder, 'all'), looking)
    const guarded = new Map<Transaction, Transaction>()
    // Each asks git a few times, which takes milliseconds of another processor.
    const lanes = Array.from({ length: os.availableParallelism() }, (_, lane) => path.join(folder, String(lane)))
    const queue = wanting.entries()
    await Promise.all(
      lanes.map(async (lane) => {
        for (const [index, transaction] of queue) {
          looking.signal?.throwIfAborted()
          const open = opened[index] ?? transaction
          const bar = open.edits.length > 0 && (await barFor(world, open, ambient, listings.get(open), lane))
          guarded.set(transaction, bar ? withoutAll(open, bar) : open)
          looking.progress?.(guarded.size, wanting.length)
        }
      }),
    )
    return { ...plan, folders, transactions: plan.transactions.map((transaction) => guarded.get(transaction) ?? transaction) }
  })
}

/** What of `transaction` can be written. */
function unobstructed(transaction: Transaction, barOf: (file: string) => Bar | undefined): Transaction {
  const { root, gitDir } = transaction
  const place = gitDir ?? gitDirAbove(root)
  const busy = place === undefined ? undefined : busyBar(place)
  return busy ? withoutAll(transaction, busy) : withoutObstructed(transaction, barOf)
}

async function barFor(
  world: World,
  transaction: Transaction,
  ambient: readonly Setting[],
  listing: Listing | undefined,
  lane: string,
): Promise<Bar | undefined> {
  const { gitDir, edits } = transaction
  if (listing) return listedBar(world, transaction, ambient, listing)
  if (gitDir !== undefined) return repositoryBar(world, transaction, ambient, lane)
  return edits.some((edit) => isGitSetting(edit, gitDir))
    ? bridgeBar(world, transaction, lane)
    : manifestBar(transaction, ambient)
}

function withoutObstructed(transaction: Transaction, barOf: (file: string) => Bar | undefined): Transaction {
  const { gitDir, unit, sources } = transaction
  let left = transaction
  for (const source of sources) {
    const { file } = source
    const own = left.edits.filter((edit) => edit.file === file)
    if (own.length === 0) continue
    const bar = obstacle(
      source,
      own.some((edit) => isGitSetting(edit, gitDir)),
      barOf,
    )
    if (bar && unit === 'all') return without(left, left.edits, { file, ...bar })
    if (bar) left = without(left, own, { file, ...bar })
  }
  return left
}

/**
 * A rule of the user's that undoes it would send the package manager back to where it went before. One that takes off the
 * `.git` that yarn 2 and newer want is none such.
 */
function manifestBar({ edits }: Transaction, ambient: readonly Setting[]): Bar | undefined {
  const rules = lasting(ambient)
  for (const { remote } of edits) {
    const found = remote && astray(remote.from, remote.to, false, rules)
    if (found && `${found.is}.git` !== remote.to) return astrayBar(found)
  }
  return undefined
}

/** For a reason that is the whole transaction's. */
function withoutAll(transaction: Transaction, bar: Bar): Transaction {
  return without(transaction, transaction.edits, bar)
}

function without(transaction: Transaction, edits: readonly Edit[], culprit: Bar & Partial<Culprit>): Transaction {
  return withoutEdits(transaction, edits, (edit) => refusal(edit, { file: edit.file, ...culprit }))
}
