import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { linkTarget } from '../../git/linkTarget.ts'
import type { Source } from '../plan.ts'

/** What is written for a file. */
export interface Target {
  /** Its real path. */
  readonly target: string
  /** Whether it is yet to be made: git's global configuration, where a bridge is the first that stands in it. */
  readonly absent: boolean
}

/** @throws the system's error for a file that was there and is gone, or whose folder is not there */
export function targetOf({ file, text }: Source): Target {
  if (text !== '' || statSync(file, { throwIfNoEntry: false })) return { target: realpathSync.native(file), absent: false }
  const end = linkTarget(file)
  return { target: path.join(realpathSync.native(path.dirname(end)), path.basename(end)), absent: true }
}
