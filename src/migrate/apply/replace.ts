import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { AwsfedError, codeOf } from '../../base/errors.ts'
import { syncFolder } from '../../base/files.ts'
import { failureOf } from './failures.ts'
import { isOwnLock, type Names, namesBeside } from './names.ts'

/** New content for a file, which may be made or removed by it. */
export interface Replacement {
  /** The real path: no link leads to it. */
  readonly target: string
  /** Whether git writes the file too, and only under its lock. */
  readonly locked: boolean
  /** Undefined where there is no file. */
  readonly old: Buffer | undefined
  readonly next: Buffer | undefined
}

/** What came of some replacements: nothing is said of success. */
export interface Failure {
  readonly target: string
  readonly error: AwsfedError
  /** What has its new content all the same, because it could not be put back. */
  readonly left: readonly string[]
}

/**
 * Gives files their new content: all of them or none, each at once and whole, synced before and after. Mode, owner and
 * what links to a file stay. Wherever this is ended, each file has its old or its new content, and `sweep` with the same
 * token removes what else is there.
 *
 * The new content is written beside the file. With git's protocol the lock is a second name (a hard link) of it, so that it
 * is made exclusively, is whole from the first moment, and can be told from any other program's.
 */
export function replaceTogether(replacements: readonly Replacement[], token: string): Failure | undefined {
  const all = replacements.map((replacement) => ({ ...replacement, names: namesBeside(replacement.target, token) }))
  const back: { target: string; step: () => void }[] = []
  let current = ''
  const each = (act: (one: Step) => void, undo?: (one: Step) => void) => {
    for (const one of all) {
      current = one.target
      if (undo) back.push({ target: '', step: () => undo(one) })
      act(one)
    }
  }
  try {
    each(prepare, ({ names }) => rmSync(names.fresh, { force: true }))
    each(lock, ({ names }) => isOwnLock(names) && rmSync(names.lock, { force: true }))
    each(wantUnchanged)
    each(keep, ({ names }) => rmSync(names.backup, { force: true }))
    each((one) => {
      take(one)
      back.push({ target: one.target, step: () => putBack(one) })
    })
    each(({ target }) => syncFolder(path.dirname(target)))
  } catch (error) {
    return { target: current, error: failureOf(error, current), left: undone(back) }
  }
  for (const { next, names } of all) {
    if (next === undefined && isOwnLock(names)) rmSync(names.lock)
    for (const file of [names.fresh, names.backup]) rmSync(file, { force: true })
  }
  return undefined
}

const retry = { hint: 'try again' }

type Step = Replacement & { readonly names: Names }

function prepare(step: Step): void {
  const { target, old, next, names } = step
  const before = old && statSync(target)
  wantInPlace(step)
  const descriptor = openSync(names.fresh, 'wx', 0o600)
  try {
    // Goes on after a short write.
    writeFileSync(descriptor, next ?? lockOnly)
    if (before) own(descriptor, before)
    fchmodSync(descriptor, before ? before.mode & 0o7777 : newMode())
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  wantInPlace(step)
}

/** What a lock holds under which a file is only removed. */
const lockOnly = Buffer.from('awsfed\n')

/** That of a file that git makes. */
export function newMode(): number {
  return 0o666 & ~process.umask()
}

/** The owner stays where this user may give files away; the group where he is in it. */
function own(descriptor: number, { uid, gid }: Stats): void {
  for (const owner of [uid, process.getuid?.() ?? uid]) {
    try {
      fchownSync(descriptor, owner, gid)
      return
    } catch (error) {
      if (codeOf(error) !== 'EPERM') throw error
    }
  }
}

/** A folder on the way may have become a link since: then this would be another place. */
function wantInPlace({ target, old }: Pick<Step, 'target' | 'old'>): void {
  const place = old === undefined ? path.dirname(target) : target
  if (realpathSync.native(place) === place) return
  throw new AwsfedError('failed', 'it has been moved just now', retry)
}

function lock({ locked, next, names }: Step): void {
  if (!locked) return
  linked(names.fresh, names.lock, () => {
    copyFileSync(names.fresh, names.lock, constants.COPYFILE_EXCL)
    chmodSync(names.lock, statSync(names.fresh).mode & 0o7777)
    syncFile(names.lock)
  })
  if (!isSame(names.lock, next ?? lockOnly)) throw new AwsfedError('failed', 'its lock was written by another program', retry)
}

/** Under the lock: what git has written since may not be lost. */
function wantUnchanged({ target, old }: Step): void {
  if (!isSame(target, old)) throw new AwsfedError('failed', 'it has changed since the scan', retry)
}

function isSame(file: string, content: Buffer | undefined): boolean {
  if (content === undefined) return lstatSync(file, { throwIfNoEntry: false }) === undefined
  return readFileSync(file).equals(content)
}

/** Nothing needs room on the disk any more from here on, not even the way back. */
function keep({ target, old, names }: Step): void {
  if (old === undefined) return
  linked(target, names.backup, () => {
    copyFileSync(target, names.backup, constants.COPYFILE_EXCL)
    syncFile(names.backup)
  })
}

function take(step: Step): void {
  const { target, locked, next, names } = step
  wantInPlace(step)
  if (next === undefined) rmSync(target)
  else renameSync(locked ? names.lock : names.fresh, target)
}

function putBack({ target, locked, old, next, names }: Step): void {
  if (locked && next) {
    const kept = old ? names.backup : names.fresh
    linked(kept, names.lock, () => copyFileSync(kept, names.lock, constants.COPYFILE_EXCL))
  }
  if (!isSame(target, next)) throw new Error(`${target} has changed`)
  if (old === undefined) rmSync(target)
  else renameSync(locked && next ? names.lock : names.backup, target)
  syncFolder(path.dirname(target))
}

/** Goes the way back; the targets that did not. */
function undone(back: readonly { target: string; step: () => void }[]): string[] {
  return [...back].reverse().flatMap(({ target, step }) => {
    try {
      step()
      return []
    } catch {
      // The failure that led here is what is told; the journal knows what else there is to do.
      return target === '' ? [] : [target]
    }
  })
}

/** What file systems without hard links say (FAT, some network shares), and Linux of a file of somebody else's. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR', 'EINVAL'])

function linked(from: string, to: string, copied: () => void): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!noLinks.has(codeOf(error) ?? '')) throw error
    copied()
  }
}

function syncFile(file: string): void {
  const descriptor = openSync(file, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
