import { lstatSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { codeOf, messageOf } from '../../base/errors.ts'
import type { Bar } from '../find/fence.ts'
import type { Source } from '../plan.ts'
import { isImmutable, lockedBar, refusalOfWriting, unwritableBar } from './failures.ts'
import { isOwnLock, namesBeside, tokenIn } from './names.ts'
import { targetOf } from './target.ts'

/** Why the file of `source` cannot be replaced, as far as that can be told beforehand. */
export function obstacle(source: Source, locked: boolean, barOf: (file: string) => Bar | undefined): Bar | undefined {
  try {
    const { target, absent } = targetOf(source)
    const bar = barOf(target)
    if (bar) return bar
    if (!absent && !statSync(target).isFile()) return { reason: 'it is no regular file', hint: 'look at it' }
    if (locked && lstatSync(`${target}.lock`, { throwIfNoEntry: false })) return left(target) ?? lockedBar(target)
    const folder = path.dirname(target)
    const unwritable = refusalOfWriting(folder) !== undefined || (!absent && isKept(target, folder))
    return unwritable || (!absent && isImmutable(target)) ? unwritableBar(target) : undefined
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return { reason: `it cannot be read any more: ${messageOf(error)}`, hint: 'run awsfed migrate again' }
  }
}

/** That the lock of `target` is a killed run's. */
function left(target: string): Bar | undefined {
  const tokens = readdirSync(path.dirname(target)).flatMap((name) => tokenIn(name) ?? [])
  const token = tokens.find((one) => isOwnLock(namesBeside(target, one)))
  if (token === undefined) return undefined
  const id = token.replace(/-undo$/, '')
  return { reason: `locked: a run of awsfed that was killed left ${target}.lock`, hint: `awsfed migrate --undo ${id}` }
}

/** In a folder like /tmp (sticky) only the owners of file and folder may replace a file. */
function isKept(target: string, folder: string): boolean {
  const { mode, uid } = statSync(folder)
  const user = process.getuid?.() ?? 0
  return (mode & 0o1000) !== 0 && ![uid, statSync(target).uid, 0].includes(user)
}
