import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { codeOf } from '../../base/errors.ts'
import type { Bar } from '../find/fence.ts'
import { lockedBar } from './failures.ts'

/** What git keeps in a git directory while it is at something that a person has to finish (wt-status.c of git). */
const signs: Readonly<Record<string, string>> = {
  'rebase-merge': 'rebased',
  'rebase-apply': 'rebased',
  MERGE_HEAD: 'merged',
  CHERRY_PICK_HEAD: 'cherry-picked into',
  REVERT_HEAD: 'reverted in',
  // Between two of several picks or reverts.
  sequencer: 'picked into or reverted in',
  BISECT_LOG: 'bisected',
}

/** That somebody is at work in `gitDir`, or in one of its linked worktrees: in the midst of a rebase or the like, or writing. */
export function busyBar(gitDir: string): Bar | undefined {
  const worktrees = path.join(gitDir, 'worktrees')
  for (const folder of [gitDir, ...namesIn(worktrees).map((name) => path.join(worktrees, name))]) {
    const names = namesIn(folder)
    const sign = names.find((name) => Object.hasOwn(signs, name))
    if (sign !== undefined) {
      return {
        reason: `the repository is being ${signs[sign]} just now`,
        hint: 'see git status; when that is finished, run awsfed migrate again',
      }
    }
    // It stands while a commit waits for its editor, too.
    if (names.includes('index.lock')) return lockedBar(path.join(folder, 'index'))
  }
  return undefined
}

/** The git directory of the working tree that `folder` lies in, if it lies in one. */
export function gitDirAbove(folder: string): string | undefined {
  const entry = path.join(folder, '.git')
  const target = pointed(entry)
  if (target !== undefined) return path.resolve(folder, target)
  if (namesIn(entry).includes('HEAD')) return entry
  const parent = path.dirname(folder)
  return parent === folder ? undefined : gitDirAbove(parent)
}

/** Where a `.git` file leads (gitrepository-layout(5)). */
function pointed(entry: string): string | undefined {
  try {
    return /^gitdir: *([^\r\n]+)/.exec(readFileSync(entry, 'utf8'))?.[1]
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return undefined
  }
}

/** Nothing where there is no folder, or one that cannot be read: then nothing is known of it. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return []
  }
}
