import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import { AwsfedError, codeOf, messageOf } from '../../base/errors.ts'
import { posixWord } from '../../base/shellLines.ts'
import type { Bar } from '../find/fence.ts'

/** Why `target` could not be replaced, for a person. */
export function failureOf(error: unknown, target: string): AwsfedError {
  if (error instanceof AwsfedError) return error
  const { reason, hint } = barOfCode(codeOf(error), target) ?? { reason: messageOf(error), hint: 'see to that, then try again' }
  return new AwsfedError('failed', reason, { hint, cause: error })
}

function barOfCode(code: string | undefined, target: string): Bar | undefined {
  if (code === 'EEXIST') return lockedBar(target)
  if (code === 'ENOENT') return { reason: 'it is gone', hint: 'try again' }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return unwritableBar(target)
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return { reason: 'there is no room left on the disk', hint: 'make room, then try again' }
  return undefined
}

export function lockedBar(target: string): Bar {
  return { reason: `locked: ${target}.lock is there`, hint: `remove ${target}.lock if no git runs, then try again` }
}

/** By the file itself, or else by its folder: whoever may write that may replace what is in it. */
export function unwritableBar(target: string): Bar {
  const folder = path.dirname(target)
  if (refusalOfWriting(folder) === undefined && isImmutable(target)) {
    const [reason, command] = immutable[process.platform] ?? ['it is immutable', 'chattr -i']
    return { reason, hint: `${command} ${posixWord(target)} lets it be changed; then run awsfed migrate again` }
  }
  return { reason: `its folder cannot be written: ${folder}`, hint: 'see who owns that folder and its mode, then try again' }
}

const immutable: Partial<Record<NodeJS.Platform, readonly [reason: string, command: string]>> = {
  darwin: ['it is immutable', 'chflags nouchg'],
  win32: ['it is read-only', 'attrib -r'],
}

/** What the mode of a file forbids (EACCES) is no obstacle to replace it. */
export function isImmutable(file: string): boolean {
  return refusalOfWriting(file) === 'EPERM'
}

/** The code of the system's error by which it refuses. */
export function refusalOfWriting(place: string): string | undefined {
  try {
    accessSync(place, constants.W_OK)
    return undefined
  } catch (error) {
    return codeOf(error) ?? messageOf(error)
  }
}
