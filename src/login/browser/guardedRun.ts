import { messageOf } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import { startGuardian } from './guardian.ts'
import { createRun, endRun, type Run, reapBrowsers, removeRun } from './runs.ts'

/** A run whose browser goes when this process goes, in whatever way. */
interface GuardedRun extends Run {
  /**
   * Ends what is left of the run, and removes its files. Never rejects; may be called again.
   * @param clean the browser has ended as it was asked to, all of its processes with it
   */
  end(clean: boolean): Promise<void>
}

/** Begins a run, once the leftovers of killed ones are gone; `profiles` is where a confined browser needs its folder. */
export async function guardedRun(world: World, profiles: string | undefined): Promise<GuardedRun> {
  await reapBrowsers(world)
  const run = createRun(world, profiles)
  const guardian = startGuardian(world, run)
  return {
    ...run,
    async end(clean) {
      try {
        // Asking Windows for its processes takes a second: not after an end in order.
        if (clean && world.platform === 'win32') removeRun(world.env, run)
        else await endRun(world, run)
        await guardian.dismiss()
      } catch (error) {
        world.trace(`browser: ${run.folder} stays: ${messageOf(error)}`)
      }
    },
  }
}
