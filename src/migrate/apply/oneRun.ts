import type { World } from '../../base/world.ts'
import { oneAtATime } from '../../login/lock/oneAtATime.ts'

/**
 * Does `work` when no other run or undo of this user is at it; waits for that one, and tells of it. The lock is the login's,
 * which ends with its owner, by SIGKILL too.
 */
export function oneRun<T>(
  world: World,
  what: string,
  signal: AbortSignal | undefined,
  waiting: (pid: number) => void,
  work: () => Promise<T>,
): Promise<T> {
  return oneAtATime(world, {
    lock: 'migrate',
    what,
    // Each run is a subject of its own: another's failure is none of its.
    asked: { subject: `${what} ${process.pid} ${process.hrtime.bigint()}`, means: 0, at: Date.now() },
    report: (status) => status.kind === 'waiting-for-other' && waiting(status.pid),
    signal,
    already: () => undefined,
    work,
  })
}
