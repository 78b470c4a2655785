import { existsSync, rmSync } from 'node:fs'
import { AwsfedError } from '../base/errors.ts'
import { counted } from '../base/text.ts'
import type { World } from '../base/world.ts'
import { type Entry, type GitConfig, gitConfig } from '../git/config.ts'
import { globalConfigFile } from '../git/globalConfigFile.ts'
import { rewriteUnderLock } from '../git/lockedFile.ts'
import { codecommitUrls } from './codecommitUrls.ts'
import { removed, sectionFor, updated } from './credentialSections.ts'
import { gitWarnings } from './gitWarnings.ts'
import { type Helper, helperValue, isOurs } from './helperValue.ts'
import { helperKey, httpPathKey, overriding } from './overriding.ts'
import { type FileRecord, readRecord, writeRecord } from './record.ts'
import { appended } from './sectionText.ts'
import {
  hasUserSections,
  includeKey,
  includeSection,
  includeValue,
  userSectionsFile,
  withoutInclude,
  writeUserSections,
} from './userSections.ts'

/** One thing that has to hold of git's configuration, and how the text of the file is changed so that it does. */
interface Step {
  /** The section, as its header stands in the file. */
  readonly title: string
  /** Whether a section of ours is there, right or not. */
  readonly there: (entries: readonly Entry[]) => boolean
  readonly check: (entries: readonly Entry[]) => boolean
  readonly fix: (text: string, entries: readonly Entry[]) => string
  /** What a person can do where the fix does not help. */
  readonly hint: string
}

export interface Outcome {
  /** What was done, or would be, for a person to read. */
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
}

export interface Options {
  readonly dryRun: boolean
  readonly helper: Helper
  /** The names that may be the user of a URL. */
  readonly profiles: readonly string[]
}

/** What git's global configuration has to hold for `helper` to be asked for CodeCommit: one step for each form of its hosts. */
function gitSteps(helper: string): Step[] {
  return codecommitUrls.map((url) => ({
    title: `[credential "${url}"]`,
    there: (entries) => asksUs(entries, url),
    check: (entries) => isSetUp(entries, url, helper),
    // What git is to heed last has to stand last: then all of them are moved, and stay together.
    fix: (text, entries) =>
      (overriding(entries).length === 0 ? updated(text, url, helper) : undefined) ??
      appended(removed(text, url), sectionFor(url, helper)),
    hint: `correct [credential "${url}"] by hand: git config --global --edit`,
  }))
}

/** That git reads what lets profiles be users of URLs. */
function includeStep(value: string): Step {
  return {
    title: `[include] path = ${value}`,
    there: (entries) => includes(entries, value),
    check: (entries) => includes(entries, value),
    fix: (text) => appended(text, includeSection(value)),
    hint: `add an [include] with path = ${value} by hand: git config --global --edit`,
  }
}

function includes(entries: readonly Entry[], value: string): boolean {
  return entries.some((entry) => entry.key === includeKey && entry.value === value)
}

/**
 * Has git ask awsfed for CodeCommit. Run again it changes nothing, or what is out of date (another Node).
 * @throws AwsfedError `failed` when git is missing or too old, or its configuration cannot be read or written
 */
export async function setupGit(world: World, { dryRun, helper, profiles }: Options): Promise<Outcome> {
  const git = gitConfig(world)
  await wantWildcards(git)
  const file = globalConfigFile(world)
  const include = includeValue(userSectionsFile(world.paths), world.platform)
  const steps = [...gitSteps(helperValue(helper, world.platform)), ...(profiles.length > 0 ? [includeStep(include)] : [])]
  const before = await entriesIn(git, file)
  const open = steps.filter(({ check }) => !check(before))
  const outdated = profiles.length > 0 && !hasUserSections(world.paths, profiles)
  const users = outdated ? [`profiles that URLs may name${dryRun ? ' would be' : ''}: ${profiles.join(', ')}`] : []
  if (outdated && !dryRun) writeUserSections(world.paths, profiles)
  if (open.length === 0 && !outdated) {
    return { lines: [`nothing to do: git asks awsfed for CodeCommit (${file})`], warnings: gitWarnings(await git.allEntries()) }
  }
  const updates = open.filter(({ there }) => there(before)).length
  const counts = [
    ...(open.length > updates ? [`added ${counted(open.length - updates, 'section')}`] : []),
    ...(updates > 0 ? [`updated ${counted(updates, 'section')}`] : []),
  ].join(', ')
  if (open.length === 0) return { lines: users, warnings: gitWarnings(await git.allEntries()) }
  if (dryRun) {
    const titles = open.map(({ title }) => title)
    return { lines: [...users, ...wouldBe(file, counts, titles)], warnings: [] }
  }
  await rewriteUnderLock(
    file,
    (text) => {
      const earlier = before.some(({ value }) => isOurs(value)) ? readRecord(world.paths, file) : undefined
      writeRecord(world.paths, file, recordOf(text, include, earlier))
      return open.reduce((result, { fix }) => fix(result, before), text ?? '')
    },
    async (candidate) => {
      const after = await git.entriesOf(candidate)
      const failed = steps.find(({ check }) => !check(after))
      if (failed) throw notDone(file, failed.hint)
      wantSameOthers(await entriesIn(git, file), after, file, include)
    },
  )
  const all = await git.allEntries()
  const seen = steps.every(({ check }) => check(all))
  return {
    lines: [
      `${file}: ${counts}`,
      ...users,
      `git asks awsfed for CodeCommit now, under Node ${helper.node}`,
      'next: awsfed login',
    ],
    warnings:
      seen || gitWarnings(all).length > 0
        ? gitWarnings(all)
        : [`git does not read ${file}, or overrides it: git config --show-origin --list`],
  }
}

/** Takes away exactly what `setupGit` added. @throws AwsfedError as `setupGit` */
export async function undoGit(world: World, { dryRun }: Options): Promise<Outcome> {
  const git = gitConfig(world)
  const file = globalConfigFile(world)
  const before = await entriesIn(git, file)
  const include = includeValue(userSectionsFile(world.paths), world.platform)
  const urls = codecommitUrls.filter((url) => asksUs(before, url))
  const titles = [
    ...urls.map((url) => `[credential "${url}"]`),
    ...(includes(before, include) ? [`[include] path = ${include}`] : []),
  ]
  if (titles.length === 0) return { lines: [`nothing to undo: git does not ask awsfed (${file})`], warnings: [] }
  const counts = `removed ${counted(titles.length, 'section')}`
  if (dryRun) return { lines: wouldBe(file, counts, titles), warnings: [] }
  const record = readRecord(world.paths, file)
  await rewriteUnderLock(
    file,
    (text = '') => {
      const left = withoutOurs(text, include)
      if (left === '' && record?.created) return undefined
      // The line end that was missing, unless somebody has written behind it since.
      return record?.newline && text.startsWith(left) ? left.replace(/\n$/, '') : left
    },
    async (candidate) => {
      const after = await git.entriesOf(candidate)
      const rest = codecommitUrls.find((url) => asksUs(after, url))
      if (rest) throw notDone(file, `remove [credential "${rest}"] by hand: git config --global --edit`)
      if (includes(after, include)) throw notDone(file, `remove path = ${include} by hand: git config --global --edit`)
      wantSameOthers(await entriesIn(git, file), after, file, include)
    },
  )
  rmSync(userSectionsFile(world.paths), { force: true })
  writeRecord(world.paths, file, undefined)
  return { lines: [`${file}: ${counts}`], warnings: [] }
}

function withoutOurs(text: string, include: string): string {
  return withoutInclude(codecommitUrls.reduce(removed, text), include)
}

/** What undo has to know of `text`, which is about to be written to; `earlier` is the record of it where ours stands in it. */
function recordOf(text: string | undefined, include: string, earlier: FileRecord | undefined): FileRecord {
  if (text === undefined) return { created: true, newline: false }
  const endsWithOurs = text.startsWith(withoutOurs(text, include))
  return {
    created: earlier?.created ?? false,
    newline: (endsWithOurs && earlier?.newline) || !/(^|\n)$/.test(text),
  }
}

/** Whether git asks awsfed for CodeCommit, wherever that is configured. @throws AwsfedError `failed` when git cannot be asked */
export async function asksAwsfed(world: World): Promise<boolean> {
  const entries = await gitConfig(world).allEntries()
  return codecommitUrls.every((url) => asksUs(entries, url))
}

/** What a dry run says: the same as the real one, conditionally, and which sections. */
function wouldBe(file: string, counts: string, titles: readonly string[]): string[] {
  return [`${file}: would have ${counts}`, ...titles.map((title) => `  ${title}`), 'nothing was changed']
}

/** Whether `entries` have git ask awsfed, of whichever Node, for `url`. */
function asksUs(entries: readonly Entry[], url: string): boolean {
  return entries.some(({ key, value }) => key === helperKey(url) && isOurs(value))
}

function isSetUp(entries: readonly Entry[], url: string, helper: string): boolean {
  const helpers = entries.filter(({ key }) => key === helperKey(url)).map(({ value }) => value)
  const at = helpers.findLastIndex(isOurs)
  const httpPath = entries.findLast(({ key }) => key === httpPathKey(url))?.value
  return (
    at > 0 &&
    helpers[at] === helper &&
    helpers[at - 1] === '' &&
    /^(true|yes|on|1)$/i.test(httpPath ?? '') &&
    overriding(entries).length === 0
  )
}

async function entriesIn(git: GitConfig, file: string): Promise<Entry[]> {
  return existsSync(file) ? git.entriesOf(file) : []
}

/** Only what concerns CodeCommit's credentials may differ: all else has to read as before. */
function wantSameOthers(before: readonly Entry[], after: readonly Entry[], file: string, include: string): void {
  const ours = new Set(codecommitUrls.flatMap((url) => [helperKey(url), httpPathKey(url)]))
  const isOther = ({ key, value }: Entry) => !ours.has(key) && !(key === includeKey && value === include)
  const others = (entries: readonly Entry[]) => JSON.stringify(entries.filter(isOther))
  if (others(before) !== others(after)) throw notDone(file, 'look at the end of the file: git config --global --edit')
}

async function wantWildcards(git: GitConfig): Promise<void> {
  const [major, minor] = await git.version()
  if (major > 2 || (major === 2 && minor >= 26)) return
  throw new AwsfedError('failed', `git ${major}.${minor} is too old: it knows no wildcards in credential.<url>`, {
    hint: 'install git 2.26 or later',
  })
}

function notDone(file: string, hint: string): AwsfedError {
  return new AwsfedError('failed', `${file} would not read as it should, so it is left as it was`, { hint })
}
