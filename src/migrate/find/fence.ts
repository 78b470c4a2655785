import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { Refused } from '../plan.ts'

/** Why a file may not be written. */
export type Bar = Pick<Refused, 'reason' | 'hint'>

/**
 * Keeps a run inside the folders that were given: the function tells why `file` may not be written, and undefined when it
 * lies in them. By its real path, whatever led to it: a symbolic link, a `.git` file, a commondir, core.worktree, an include.
 */
export function fenceAround(folders: readonly string[]): (file: string) => Bar | undefined {
  const real = folders.map((folder) => realpathSync.native(folder))
  return (file) => {
    const place = realpathSync.native(file)
    if (real.some((folder) => place === folder || place.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep))) {
      return undefined
    }
    const git = place.search(/[\\/]\.git[\\/]/)
    const folder = git > 0 ? place.slice(0, git) : path.dirname(place)
    return { reason: `it lies outside the given folders: ${place}`, hint: `give that folder too: ${folder}` }
  }
}
