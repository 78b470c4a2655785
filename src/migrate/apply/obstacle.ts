import { accessSync, constants, lstatSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { codeOf, messageOf } from '../../base/errors.ts'
import type { Bar } from '../find/fence.ts'
import type { Source } from '../plan.ts'
import { isOwnLock, namesBeside, tokenIn } from './names.ts'
import { lockedBar, unwritableBar } from './replace.ts'
import { targetOf } from './target.ts'

/** Why the file of `source` cannot be replaced, as far as that can be told beforehand. */
export function obstacle(source: Source, locked: boolean, barOf: (file: string) => Bar | undefined): Bar | undefined {
  try {
    const { target, absent } = targetOf(source)
    const bar = barOf(target)
    if (bar) return bar
    if (!absent && !statSync(target).isFile()) return { reason: 'it is no regular file', hint: 'look at it' }
    if (locked && lstatSync(`${target}.lock`, { throwIfNoEntry: false })) return left(target) ?? lockedBar(target)
    return isWritable(path.dirname(target)) ? undefined : unwritableBar(path.dirname(target))
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

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
