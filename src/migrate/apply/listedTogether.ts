import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { AwsfedError } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import { gitConfig } from '../../git/config.ts'
import { type ByteText, bytesOf } from '../bytes.ts'
import { realOf } from '../find/gitDir.ts'
import type { Transaction } from '../plan.ts'
import { type Setting, settingsFrom } from './setting.ts'
import { textsOf } from './texts.ts'
import { viewsOf } from './views.ts'

/** What git reads in a repository, outside of it too, now and when it is edited. */
export interface Listing {
  readonly before: readonly Setting[]
  readonly after: readonly Setting[]
}

/** While repositories are looked at. */
export interface Looking {
  readonly progress?: (done: number, of: number) => void
  readonly signal?: AbortSignal
}

/** So many repositories at once; where git cannot read one of them all are asked about by themselves. */
const batch = 250

/**
 * What git reads in those of `transactions` whose configuration is one file that depends on nothing, and which nothing
 * depends on: git lists many such files in one process, where a process for each takes a thousand times as long. Only
 * where conditions of the user's decide by the repository's place, git is asked once for each what holds there.
 * @param ambient what holds outside of repositories
 * @param folder for copies
 */
export async function listedTogether(
  world: Pick<World, 'env'>,
  transactions: readonly Transaction[],
  ambient: readonly Setting[],
  folder: string,
  { progress, signal }: Looking,
): Promise<ReadonlyMap<Transaction, Listing>> {
  const listings = new Map<Transaction, Listing>()
  const conditional = ambient.some(({ key }) => key.startsWith('includeif.'))
  const limit = pLimit(os.availableParallelism())
  const plain = transactions.flatMap((transaction) => plainFile(transaction) ?? [])
  for (let at = 0; at < plain.length; at += batch) {
    const some = plain.slice(at, at + batch)
    const settings = await settingsOf(
      world,
      some.flatMap(({ before, after }) => [before, after]),
      folder,
    )
    if (!settings) continue
    await limit.map(some, async ({ transaction, gitDir, file }, index) => {
      signal?.throwIfAborted()
      const around = conditional ? await settingsAround(world, gitDir) : ambient
      if (!around) return
      const own = (at: number) => settings[2 * index + at]?.map((entry) => ({ ...entry, file })) ?? []
      listings.set(transaction, { before: [...around, ...own(0)], after: [...around, ...own(1)] })
      progress?.(listings.size, transactions.length)
    })
  }
  return listings
}

/** What holds in a repository from outside of it; undefined where its own URLs decide over that, or git cannot read it. */
async function settingsAround(world: Pick<World, 'env'>, gitDir: string): Promise<Setting[] | undefined> {
  try {
    const entries = await gitConfig(world).entriesAround(gitDir)
    if (entries.some(({ key }) => key.startsWith('includeif.hasconfig:'))) return undefined
    return settingsFrom(entries)
  } catch (error) {
    if (error instanceof AwsfedError) return undefined
    throw error
  }
}

interface PlainFile {
  readonly transaction: Transaction
  readonly gitDir: string
  /** Its real path. */
  readonly file: string
  readonly before: ByteText
  readonly after: ByteText
}

/** The one file that is to be known of a repository; undefined where there is more to it. */
function plainFile(transaction: Transaction): PlainFile | undefined {
  const { gitDir } = transaction
  if (gitDir === undefined || viewsOf(gitDir).length > 1) return undefined
  const file = realOf(path.join(gitDir, 'config'))
  const texts = textsOf(transaction)
  const [before, after] = [texts.before.get(file), texts.after.get(file)]
  if (before === undefined || after === undefined || texts.before.size > 1) return undefined
  // Either brings in other files.
  if (/\[(include|extensions)/i.test(before)) return undefined
  return { transaction, gitDir, file, before, after }
}

/** What git reads in each of `texts`, by their order; undefined where it cannot read all of them. */
async function settingsOf(
  world: Pick<World, 'env'>,
  texts: readonly ByteText[],
  folder: string,
): Promise<readonly (readonly Omit<Setting, 'file'>[])[] | undefined> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  // The copies are named by their numbers, which git says as the origins of what it reads.
  for (const [index, text] of texts.entries()) writeFileSync(path.join(folder, String(index)), bytesOf(text), { mode: 0o600 })
  const list = path.join(folder, 'list')
  writeFileSync(list, `[include]\n${texts.map((_, index) => `path = ${index}\n`).join('')}`, { mode: 0o600 })
  const settings = texts.map((): Omit<Setting, 'file'>[] => [])
  try {
    for (const { key, value, origin } of await gitConfig(world).entriesWithIncluded(list)) {
      settings[Number(/\d+$/.exec(origin ?? '')?.[0])]?.push({ key, value })
    }
    return settings
  } catch (error) {
    if (error instanceof AwsfedError) return undefined
    throw error
  }
}
