import { execFile } from 'node:child_process'
import { isOff } from '../base/asking.ts'
import type { World } from '../base/world.ts'

/**
 * Whether git's configuration lets a credential helper ask: `credential.interactive` (git-config(1), since git 2.47; set to
 * false by `git maintenance`). Where it says nothing, or there is no git, it does.
 */
export function gitAllowsAsking(world: World): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(
      'git',
      ['config', '--get', 'credential.interactive'],
      { env: { ...world.env }, timeout: 5000, windowsHide: true },
      // Exit code 1: not set.
      (error, stdout) => resolve(error ? true : !isOff(stdout.trim())),
    )
  })
}
