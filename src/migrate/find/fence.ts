import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { Refused } from '../plan.ts'

/** Why a file may not be written. */
export type Bar = Pick<Refused, 'reason' | 'hint'>

/**
 * Keeps a run inside the folders that were given: the function tells why the file of a real path may not be written, and
 * undefined when it lies in them. The real path counts, whatever led to it: a symbolic link, a `.git` file, a commondir,
 * core.worktree, an include.
 */
export function fenceAround(folders: readonly string[]): (real: string) => Bar | undefined {
  const starts = folders.map((folder) => {
    const real = realpathSync.native(folder)
    return real.endsWith(path.sep) ? real : real + path.sep
  })
  return (place) => {
    if (starts.some((start) => place.startsWith(start))) return undefined
    const git = place.search(/[\\/]\.git[\\/]/)
    const folder = git > 0 ? place.slice(0, git) : path.dirname(place)
    return { reason: `it lies outside the given folders: ${place}`, hint: `give that folder too: ${folder}` }
  }
}
