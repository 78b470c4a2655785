import { type Asking, askingOf } from '../base/asking.ts'
import type { Config, Profile } from '../base/config.ts'
import { messageOf } from '../base/errors.ts'
import { lineOf } from '../login/status.ts'
import { readSession, type Session } from '../session/cache.ts'
import { timeLeft } from '../session/freshness.ts'
import type { Context } from './context.ts'

const minute = 60_000
/** botocore renews when fewer are left, and refuses credentials with fewer than 10. */
const enough = 15 * minute
/** A session that is younger was renewed just now: with `duration = "15m"` it never has more than enough. */
const young = 5 * minute

/**
 * The session to hand to a program: the cached one, renewed silently first when fewer than 15 minutes are left. A silent
 * renewal that fails leaves what is still valid; with nothing valid it is a login as the environment allows.
 * @throws AwsfedError of the login
 */
export async function currentSession(
  context: Pick<Context, 'world' | 'signal'>,
  config: Config,
  profile: Profile,
): Promise<Session> {
  const { world, signal } = context
  const now = world.now()
  const cached = readSession(world.paths, profile, world.trace)
  const left = cached ? timeLeft(cached, now) : 0
  const age = cached ? now.getTime() - Date.parse(cached.issued) : 0
  if (cached && left > 0 && (left >= enough || age < young)) return cached

  const { ensureSession } = await import('../login/index.ts')
  const login = (asking: Asking, quiet: boolean) =>
    ensureSession(world, config, profile, {
      asking,
      atLeast: enough,
      report: (status) => (quiet ? world.trace : world.say)(lineOf(status)),
      signal,
    })
  if (!cached || left <= 0) return login(askingOf(world.env), false)
  try {
    return await login('never', true)
  } catch (error) {
    if (signal.aborted || timeLeft(cached, world.now()) <= 0) throw error
    // Whatever it was: the program that asked can go on with what is left.
    world.trace(`renewal: ${messageOf(error)}; what is left is still valid`)
    return cached
  }
}
