import type { World } from '../../../base/world.ts'
import { oneAtATime } from '../../lock/oneAtATime.ts'
import type { Setting } from './daemon.ts'

/**
 * Waits until no other login of this user has a daemon of its own at that address. Returns what gives the turn to the next.
 * @throws AwsfedError `cancelled`
 */
export function turnAtDaemon(world: World, { url }: Setting, signal: AbortSignal): Promise<() => Promise<unknown>> {
  return new Promise((resolve, reject) => {
    const what = `the BrowserMob daemon at ${url}`
    const done = oneAtATime<void>(world, {
      lock: `browsermob-${url}`,
      what,
      asked: { subject: what, means: 0, at: Date.now() },
      report: (status) => {
        if (status.kind === 'waiting-for-other') world.say(`waiting for ${what}: process ${status.pid} has it for its login`)
      },
      signal,
      already: () => undefined,
      work: () =>
        new Promise<void>((end) => {
          resolve(() => {
            end()
            return done
          })
        }),
    })
    done.catch(reject)
  })
}
