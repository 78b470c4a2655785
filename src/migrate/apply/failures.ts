import path from 'node:path'
import { AwsfedError, codeOf, messageOf } from '../../base/errors.ts'
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
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return unwritableBar(path.dirname(target))
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return { reason: 'there is no room left on the disk', hint: 'make room, then try again' }
  return undefined
}

export function lockedBar(target: string): Bar {
  return { reason: `locked: ${target}.lock is there`, hint: `remove ${target}.lock if no git runs, then try again` }
}

export function unwritableBar(folder: string): Bar {
  return { reason: `its folder cannot be written: ${folder}`, hint: 'see who owns that folder and its mode, then try again' }
}
