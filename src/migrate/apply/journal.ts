import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { AwsfedError, codeOf, messageOf } from '../../base/errors.ts'
import { readIfThere, syncFolder, writeWhole } from '../../base/files.ts'
import type { World } from '../../base/world.ts'
import type { ByteText } from '../bytes.ts'
import type { Edit, Transaction } from '../plan.ts'

/** What a run writes, taken down before its first write: enough to undo it, wherever it was ended. */
export interface Journal {
  readonly version: 1
  /** `20261126-204500-1f3a`: when, in UTC, and a digest of what. */
  readonly id: string
  /** ISO 8601. */
  readonly created: string
  /** As they were given. */
  readonly folders: readonly string[]
  readonly groups: readonly JournalGroup[]
}

export interface JournalGroup extends Pick<Transaction, 'root' | 'unit'> {
  readonly files: readonly JournalFile[]
}

export interface JournalFile {
  readonly file: string
  /** Its real path when the run began. */
  readonly target: string
  /** Whether it is written under git's lock. */
  readonly locked: boolean
  /** Whether it was not there before: it is removed again when nothing is left in it. */
  readonly absent: boolean
  readonly mode: number
  /** SHA-256 of the whole file, hexadecimal. */
  readonly oldHash: string
  readonly newHash: string
  readonly edits: readonly JournalEdit[]
}

/**
 * What stands in the place of what was there: whole words (see word.ts), so that a URL that a person has changed since is
 * told from the one that was written. `start` is a byte offset in the old file; edits are ordered by it.
 */
export interface JournalEdit extends Pick<Edit, 'start' | 'old' | 'new' | 'line' | 'from' | 'to' | 'kind'> {
  /** What stands around the new bytes in the new file. */
  readonly before: ByteText
  readonly after: ByteText
  /** How often the old word stands in the old file, and the new one in the new file: also where nothing was changed. */
  readonly stands: { readonly old: number; readonly new: number }
}

/** How a run ended; there is none of a run that was killed. */
interface Ending {
  /** The targets that have their new content. */
  readonly written: readonly string[]
}

/** How the last undo of a run ended. */
interface Undoing {
  readonly at: string
  /** Whether every file has its old content again. */
  readonly whole: boolean
}

/** A journal with what came of it. */
export interface Recorded {
  readonly journal: Journal
  readonly ending: Ending | undefined
  readonly undoing: Undoing | undefined
}

export function hashOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex')
}

/**
 * Writes the journal of a run that is about to begin; when this returns it is on the disk.
 * @throws AwsfedError `failed` when it cannot be written: then the run may not begin
 */
export function writeJournal(world: World, content: Pick<Journal, 'folders' | 'groups'>): Journal {
  const root = rootOf(world)
  const created = world.now().toISOString()
  const [day, time] = created.slice(0, 19).replaceAll(/[-:]/g, '').split('T')
  const text = JSON.stringify(content)
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 })
    for (let attempt = 0; ; attempt += 1) {
      const id = `${day}-${time}-${hashOf(`${attempt}${text}`).slice(0, 4)}`
      if (!madeFolder(path.join(root, id))) continue
      const journal: Journal = { version: 1, id, created, ...content }
      write(root, id, 'journal', journal)
      for (const folder of [root, path.dirname(root)]) syncFolder(folder)
      return journal
    }
  } catch (error) {
    throw new AwsfedError('failed', `cannot write a journal in ${root}, so nothing was changed: ${messageOf(error)}`, {
      hint: 'check that the folder is yours and that the disk is not full; AWSFED_HOME names another place',
      cause: error,
    })
  }
}

/** Takes down how a run ended. */
export function writeEnding(world: World, id: string, ending: Ending): void {
  write(rootOf(world), id, 'ending', ending)
}

/** Takes down how an undo ended. */
export function writeUndoing(world: World, id: string, undoing: Undoing): void {
  write(rootOf(world), id, 'undoing', undoing)
}

/** Removes the journal of a run that has changed nothing. */
export function removeJournal(world: World, id: string): void {
  rmSync(path.join(rootOf(world), id), { recursive: true, force: true })
}

/** Removes what runs left that were killed before their journals were whole, so before they began. Only for the one run. */
export function removeUnbegun(world: World): void {
  const root = rootOf(world)
  for (const id of idsIn(root)) if (!existsSync(fileOf(root, id, 'journal'))) removeJournal(world, id)
}

/** All journals, the oldest first. @throws AwsfedError `failed` when one cannot be read */
export function journals(world: World): Recorded[] {
  const all = idsIn(rootOf(world)).flatMap((id) => recorded(world, id) ?? [])
  return all.sort((a, b) => (a.journal.created < b.journal.created ? -1 : 1))
}

/** The journal `id`; undefined where there is none. @throws AwsfedError `failed` when it cannot be read */
export function recorded(world: World, id: string): Recorded | undefined {
  const root = rootOf(world)
  const journal = /^[\w-]+$/.test(id) ? read<Journal>(root, id, 'journal') : undefined
  if (!journal) return undefined
  if (journal.version === 1) return { journal, ending: read(root, id, 'ending'), undoing: read(root, id, 'undoing') }
  throw new AwsfedError('failed', `the journal ${id} is of a later version of awsfed`, { hint: 'npm install --global awsfed' })
}

function rootOf({ paths }: Pick<World, 'paths'>): string {
  return path.join(paths.state, 'migrations')
}

function idsIn(root: string): string[] {
  try {
    return readdirSync(root)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw new AwsfedError('failed', `cannot read ${root}: ${messageOf(error)}`, { hint: 'see who owns it', cause: error })
  }
}

function madeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

type Part = 'journal' | 'ending' | 'undoing'

function fileOf(root: string, id: string, part: Part): string {
  return path.join(root, id, `${part}.json`)
}

function write(root: string, id: string, part: Part, value: unknown): void {
  writeWhole(fileOf(root, id, part), `${JSON.stringify(value)}\n`)
  syncFolder(path.join(root, id))
}

function read<T>(root: string, id: string, part: Part): T | undefined {
  const file = fileOf(root, id, part)
  const text = readIfThere(file)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new AwsfedError('failed', `${file} cannot be read: ${messageOf(error)}`, {
      hint: `move ${path.dirname(file)} away`,
      cause: error,
    })
  }
}
