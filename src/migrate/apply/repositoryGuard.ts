import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { AwsfedError } from '../../base/errors.ts'
import { printable } from '../../base/text.ts'
import type { World } from '../../base/world.ts'
import { type GitConfig, gitConfig, partsOf } from '../../git/config.ts'
import { type ByteText, bytesOf } from '../bytes.ts'
import type { Bar } from '../find/fence.ts'
import type { Edit, Transaction } from '../plan.ts'
import { spliced } from '../splice.ts'
import { astrayBar, changedBar } from './bars.ts'
import { type Astray, astray, lasting, placedRules, type Rules } from './destination.ts'
import type { Listing } from './listedTogether.ts'
import { changes, places, planned, type Setting, settingsFrom } from './setting.ts'
import { type StandIn, writeStandIn } from './standIn.ts'
import { type ChangingTexts, type Texts, textsOf } from './texts.ts'
import { viewsOf } from './views.ts'

/**
 * Why the edits of a repository's configuration may not be done, if so. What git makes of it then, in each of its worktrees,
 * has to be what it makes of it now with the edits in it, and nothing else; and each URL has to lead where the plan says.
 * Git itself tells, from copies in `folder`: no file of the repository is written, and nothing of it is run.
 * @param ambient what holds outside of repositories
 */
export async function repositoryBar(
  world: World,
  transaction: Transaction,
  ambient: readonly Setting[],
  folder: string,
): Promise<Bar | undefined> {
  const { gitDir } = transaction
  if (gitDir === undefined) return undefined
  const git = gitConfig(world)
  const texts = textsOf(transaction)
  const { byFile } = texts
  const listed = new Set<string>()
  return refusing(async () => {
    for (const view of viewsOf(gitDir)) {
      const list = async (some: Texts) => settingsIn(git, view, writeStandIn(folder, gitDir, view, some, world.home))
      const listing = { before: await list(texts.before), after: await list(texts.after) }
      const bar = settingsBar(listing, transaction, texts, ambient, world.home)
      if (bar) return bar
      for (const [file, own] of byFile) if (isSeen(file, own, listing.before)) listed.add(file)
    }
    for (const [file, own] of byFile) {
      if (listed.has(file)) continue
      const list = (some: Texts) => settingsOf(git, folder, file, some.get(file) ?? '')
      const before = await list(texts.before)
      const wanted = before.map((setting) => planned(setting, own))
      if (!isSeen(file, own, before) || !places(wanted, await list(texts.after))) return misread(file)
    }
    return undefined
  })
}

/** The same of a repository that was listed together with others, whose settings are all that there is to know of it. */
export function listedBar(
  { home }: Pick<World, 'home'>,
  transaction: Transaction,
  ambient: readonly Setting[],
  listing: Listing,
): Bar | undefined {
  const texts = textsOf(transaction)
  const bar = settingsBar(listing, transaction, texts, ambient, home)
  if (bar) return bar
  const unseen = [...texts.byFile].find(([file, own]) => !isSeen(file, own, listing.before))
  return unseen && misread(unseen[0])
}

/** That what git reads after is not what it reads before with the edits in it, or leads elsewhere. */
function settingsBar(
  { before, after }: Listing,
  { edits }: Transaction,
  { byFile }: ChangingTexts,
  ambient: readonly Setting[],
  home: string,
): Bar | undefined {
  const wanted = before.map((setting) => planned(setting, byFile.get(setting.file) ?? []))
  const found = places(wanted, after)
  if (!found) return changedBar(wanted, after, edits, home)
  const stray = straying(before, after, found, edits, ambient)
  return stray && astrayBar(stray)
}

/** What git says against it is a reason to refuse. */
async function refusing(work: () => Promise<Bar | undefined>): Promise<Bar | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AwsfedError) return { reason: printable(error.message), hint: error.hint ?? '' }
    throw error
  }
}

async function settingsIn(git: GitConfig, view: string, { folder, copies }: StandIn): Promise<Setting[]> {
  return settingsFrom(await naming(copies, () => git.entriesIn({ gitDir: view, commonDir: folder })), copies)
}

/**
 * Why the rules of a bridge may not be added, if so: git has to read what it reads now of the file, and they behind it.
 * @param folder for copies, as in `repositoryBar`
 */
export async function bridgeBar(world: World, { edits, sources }: Transaction, folder: string): Promise<Bar | undefined> {
  const git = gitConfig(world)
  return refusing(async () => {
    for (const { file, text } of sources) {
      const own = edits.filter((edit) => edit.file === file)
      const before = await settingsOf(git, folder, file, text)
      const added = own.map(({ from, to }) => ({ key: `url.${to}.insteadof`, value: from, file }))
      if (!places([...before, ...added], await settingsOf(git, folder, file, spliced(text, own)))) return misread(file)
    }
    return undefined
  })
}

/** What git reads in one file by itself. */
async function settingsOf(git: GitConfig, folder: string, file: string, text: ByteText): Promise<Setting[]> {
  const copy = path.join(folder, 'alone')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(copy, bytesOf(text), { mode: 0o600 })
  const entries = await naming(new Map([[copy, file]]), () => git.entriesOf(copy))
  return entries.map(({ key, value }) => ({ key, value, file }))
}

/** Where git names a copy in what it says against it, the file is meant. */
async function naming<T>(copies: StandIn['copies'], ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof AwsfedError)) throw error
    const message = [...copies].reduce((text, [copy, file]) => text.replaceAll(copy, file), error.message)
    throw new AwsfedError(error.kind, message, { hint: error.hint, cause: error })
  }
}

/** Whether git sees each of the edits of `file`: none of them is in what it takes for a comment, for example. */
function isSeen(file: string, edits: readonly Edit[], settings: readonly Setting[]): boolean {
  return edits.every((edit) => settings.some((setting) => setting.file === file && changes(edit, setting)))
}

function misread(file: string): Bar {
  return { reason: `git would not read ${file} as planned`, hint: 'change that URL by hand' }
}

/**
 * The first URL of the repository that would lead elsewhere than was planned.
 * @param found where each setting of `before` is in `after`
 */
function straying(
  before: readonly Setting[],
  after: readonly Setting[],
  found: readonly number[],
  edits: readonly Edit[],
  ambient: readonly Setting[],
): Astray | undefined {
  const rules: Rules = { before: placedRules(before), after: placedRules(after), placeOf: (index) => found[index] }
  const around = lasting(ambient)
  const pushed = new Set(before.flatMap(({ key }) => (/^remote\..*\.pushurl$/s.test(key) ? [partsOf(key).subsection] : [])))
  const remotes = before.flatMap(({ key, value }, index) => {
    const { section, subsection, name } = partsOf(key)
    if (section !== 'remote' || subsection === undefined || !/^(push)?url$/.test(name)) return []
    const to = after[found[index] ?? -1]?.value ?? value
    const fetch = astray(value, to, false, rules)
    return [fetch ?? (name === 'url' && !pushed.has(subsection) ? astray(value, to, true, rules) : undefined)]
  })
  const others = edits.map(({ kind, from, to }) => {
    // A submodule is cloned for itself: what its superproject has does not hold there.
    if (kind === 'submodule.url') return astray(from, to, false, around)
    if (kind.startsWith('url.') || kind.endsWith('url')) return undefined
    return astray(from, to, false, rules) ?? astray(from, to, true, rules)
  })
  return [...remotes, ...others].find((one) => one !== undefined)
}
