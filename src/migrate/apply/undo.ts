import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { AwsfedError, codeOf, messageOf } from '../../base/errors.ts'
import { syncFolder } from '../../base/files.ts'
import type { World } from '../../base/world.ts'
import { bytesOf, byteText } from '../bytes.ts'
import type { Bar } from '../find/fence.ts'
import type { Refused } from '../plan.ts'
import type { Options } from './apply.ts'
import {
  type Journal,
  type JournalEdit,
  type JournalFile,
  type JournalGroup,
  journals,
  type Recorded,
  recorded,
  writeUndoing,
} from './journal.ts'
import { namesBeside, sweep } from './names.ts'
import { oneRun } from './oneRun.ts'
import { replaceTogether } from './replace.ts'
import { restored } from './restored.ts'

/** A run that can be, or has been, undone. */
export interface Summary {
  readonly id: string
  readonly created: Date
  readonly folders: readonly string[]
  /** The files that it wrote; of a run that was killed those that it was to write. */
  readonly files: readonly string[]
  /** `killed`: it was ended before it was done. `undone in part`: some of its files were refused. */
  readonly state: 'done' | 'killed' | 'undone' | 'undone in part'
}

/** What an undo did. */
export interface Undone {
  readonly journal: string
  /** The files that hold again what they held before. */
  readonly restored: readonly string[]
  readonly refused: readonly Refused[]
  /** Lock and temporary files that were left behind. */
  readonly removed: readonly string[]
}

/** The runs of this user that have a journal, the latest first. @throws AwsfedError `failed` when one cannot be read */
export function listJournals(world: World): Summary[] {
  return journals(world).map(summaryOf).reverse()
}

/**
 * The run that `undo` with the same `id` would undo.
 * @throws AwsfedError `failed` when there is none
 */
export function journalToUndo(world: World, id?: string): Summary {
  return summaryOf(chosen(world, id))
}

/**
 * Gives the files of a run back what they held, byte for byte, and removes what a killed run or undo left beside them. A
 * file that has changed since gets its old bytes where the new ones stand; where they do not it is refused. Can be run again,
 * wherever it was ended.
 * @param id of the run; the latest that is not undone by default
 * @throws AwsfedError `failed` when there is no such run; `cancelled` when the signal aborts
 */
export async function undo(world: World, id?: string, { progress = () => {}, signal }: Options = {}): Promise<Undone> {
  const waiting = (pid: number) => progress({ kind: 'waiting', pid })
  return oneRun(world, 'awsfed migrate --undo', signal, waiting, async () => {
    const { journal, ending } = chosen(world, id)
    const removed = journal.groups.flatMap(({ files }) => files.flatMap(({ target }) => leftovers(target, journal)))
    const done: string[] = []
    const refused: Refused[] = []
    for (const [index, { unit, files }] of journal.groups.entries()) {
      progress({ kind: 'done', done: index, of: journal.groups.length })
      await turn()
      if (signal?.aborted) {
        throw new AwsfedError('cancelled', 'cancelled; what was restored until then stays', {
          hint: `awsfed migrate --undo ${journal.id} goes on`,
        })
      }
      const written = files.filter(({ target }) => ending?.written.includes(target) ?? true)
      const outcome = restore(written, unit, journal)
      done.push(...outcome.restored)
      refused.push(...outcome.refused)
    }
    progress({ kind: 'done', done: journal.groups.length, of: journal.groups.length })
    writeUndoing(world, journal.id, { at: world.now().toISOString(), whole: refused.length === 0 })
    return { journal: journal.id, restored: done, refused, removed }
  })
}

function chosen(world: World, id: string | undefined): Recorded {
  const found = id === undefined ? journals(world).findLast(({ undoing }) => !undoing?.whole) : recorded(world, id)
  if (found) return found
  throw new AwsfedError('failed', id === undefined ? 'there is no run to undo' : `there is no journal ${id}`, {
    hint: 'awsfed migrate --list shows what there is',
  })
}

function summaryOf({ journal, ending, undoing }: Recorded): Summary {
  const all = journal.groups.flatMap(({ files }) => files)
  const files = all.filter(({ target }) => ending?.written.includes(target) ?? true).map(({ file }) => file)
  const state = undoing ? (undoing.whole ? 'undone' : 'undone in part') : ending ? 'done' : 'killed'
  return { id: journal.id, created: new Date(journal.created), folders: journal.folders, files, state }
}

const undoToken = (id: string) => `${id}-undo`

function leftovers(target: string, { id }: Journal): string[] {
  const folder = path.dirname(target)
  if (!isInPlace(folder)) return []
  const gone = [id, undoToken(id)].flatMap((token) => sweep(namesBeside(target, token)))
  if (gone.length > 0) syncFolder(folder)
  return gone
}

/** What is not there, or is reached by a link now, is another place than was written. */
function isInPlace(place: string): boolean {
  try {
    return realpathSync.native(place) === place
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return false
  }
}

type Outcome = Pick<Undone, 'restored' | 'refused'>

/** Restores the files of a group: those of a manifest and its lock together or not at all, for they have to agree. */
function restore(files: readonly JournalFile[], unit: JournalGroup['unit'], { id }: Journal): Outcome {
  const looked = files.map(lookAt)
  const refused = looked.flatMap((one) => one.refused)
  const changed = looked.flatMap(({ file, old, next }) => (isSame(old, next) ? [] : [{ ...file, old, next }]))
  const [lost] = refused
  if (unit === 'all' && lost) {
    const others = changed.filter(({ file }) => refused.every((one) => one.file !== file))
    return {
      restored: [],
      refused: [...refused, ...others.map((file) => refusal(file, { ...lost, reason: `${lost.file}: ${lost.reason}` }))],
    }
  }
  const failure = replaceTogether(changed, undoToken(id))
  if (!failure) return { restored: changed.map(({ file }) => file), refused }
  const { message: reason, hint = '' } = failure.error
  return { restored: [], refused: [...refused, ...changed.map((file) => refusal(file, { reason, hint }))] }
}

/** What a file holds and what it is to hold; the same where nothing can or need be done. */
interface Looked {
  readonly file: JournalFile
  readonly old: Buffer | undefined
  readonly next: Buffer | undefined
  readonly refused: readonly Refused[]
}

function lookAt(file: JournalFile): Looked {
  if (file.absent && !lstatSync(file.target, { throwIfNoEntry: false })) {
    return { file, old: undefined, next: undefined, refused: [] }
  }
  const old = contentOf(file.target)
  if ('reason' in old) return { file, old: undefined, next: undefined, refused: [refusal(file, old)] }
  const { text, lost } = restored(byteText(old), file)
  const next = file.absent && text === '' ? undefined : bytesOf(text)
  return { file, old, next, refused: lost.map((edit) => refusal(file, changedToo(edit), edit)) }
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other)
}

function changedToo({ from }: JournalEdit): Bar {
  return {
    reason: 'it has changed since: what awsfed wrote does not stand there any more',
    hint: `change it by hand: it was ${from}`,
  }
}

function contentOf(target: string): Buffer | Bar {
  try {
    if (!isInPlace(target)) throw new Error('it has been moved or removed since')
    if (!lstatSync(target).isFile()) throw new Error('it is no regular file any more')
    return readFileSync(target)
  } catch (error) {
    return { reason: messageOf(error), hint: 'put it back where it was, then run awsfed migrate --undo again' }
  }
}

function refusal({ file, edits }: JournalFile, bar: Bar, edit = edits[0]): Refused {
  return { file, line: edit?.line ?? 1, url: edit?.to, account: undefined, reason: bar.reason, hint: bar.hint }
}
