import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Portal } from '../../../base/config.ts'
import { AwsfedError, messageOf } from '../../../base/errors.ts'
import type { World } from '../../../base/world.ts'
import { type Connection, connect } from '../connection.ts'
import { abortedBy } from '../failures.ts'
import { isProgram } from '../find.ts'
import { guardedRun } from '../guardedRun.ts'
import { trustAuthorities } from './authorities.ts'
import { checkVersion, notStarted } from './failures.ts'
import { findFirefox } from './find.ts'
import { preferencesOf, userJs } from './preferences.ts'
import { type RunningFirefox, startFirefox } from './start.ts'

/** A Firefox of one login, with a fresh profile. */
export interface OpenFirefox {
  /** Its session of WebDriver BiDi. */
  readonly bidi: Connection
  /** What it calls itself. */
  readonly userAgent: string | undefined
  readonly profile: string
  readonly headless: boolean
  /** Ends it, all of its processes, and removes the profile. Never rejects; may be called again. */
  close(): Promise<void>
}

const quitLimit = 3_000

/**
 * Opens the Firefox of `portal`, once the leftovers of killed runs are gone. Abort `signal` to end it; it also ends when this
 * process ends, in whatever way.
 * @throws AwsfedError `failed` when there is no Firefox, when it is too old or does not start; `cancelled`, or the signal's own
 * reason, when aborted
 */
export async function openFirefox(
  world: World,
  portal: Portal,
  { headless, signal }: { headless: boolean; signal: AbortSignal },
): Promise<OpenFirefox> {
  if (signal.aborted) throw abortedBy(signal)
  const { binary, profiles } = findFirefox(portal, world, isProgram)
  const run = await guardedRun(world, profiles)
  const { folder } = run
  let running: RunningFirefox | undefined
  try {
    writeFileSync(path.join(folder, 'user.js'), userJs(preferencesOf(portal, { env: world.env, headless, folder })))
    trustAuthorities(world, folder)
    running = await startFirefox(world, portal, { binary, folder, headless, signal })
    const { bidi, userAgent } = await sessionOf(running, signal, world.platform)
    let closing: Promise<void> | undefined
    const close = () => {
      closing ??= quit(running as RunningFirefox, bidi, world).then(run.end)
      return closing
    }
    signal.addEventListener('abort', () => void close(), { once: true })
    if (signal.aborted) {
      await close()
      throw abortedBy(signal)
    }
    return { bidi, userAgent, profile: folder, headless, close }
  } catch (error) {
    running?.kill()
    await running?.ended
    await run.end(false)
    if (error instanceof AwsfedError) throw error
    throw notStarted(portal, binary, { what: 'does not do what it is told', said: messageOf(error), headless, world })
  }
}

/** A session in which message boxes are left alone: whoever drives the pages sees to them. */
async function sessionOf(
  { url, ended }: RunningFirefox,
  signal: AbortSignal,
  platform: NodeJS.Platform,
): Promise<Pick<OpenFirefox, 'bidi' | 'userAgent'>> {
  const bidi = await connect(`${url}/session`)
  let onAbort: (() => void) | undefined
  const stopped = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortedBy(signal))
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    ended.then(() => reject(new Error('it ended')))
  })
  try {
    const capabilities = { alwaysMatch: { unhandledPromptBehavior: { default: 'ignore' } } }
    const session = await Promise.race([bidi.send('session.new', { capabilities }), stopped])
    const { browserVersion, userAgent } = (session.capabilities ?? {}) as { browserVersion?: unknown; userAgent?: unknown }
    checkVersion(String(browserVersion), platform)
    return { bidi, userAgent: typeof userAgent === 'string' ? userAgent : undefined }
  } catch (error) {
    bidi.close()
    throw error
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort)
    stopped.catch(() => {}) // the race has told it
  }
}

/** Asks Firefox to end, for a moment, then ends it. Returns whether it did as asked. */
async function quit(running: RunningFirefox, bidi: Connection, { trace }: Pick<World, 'trace'>): Promise<boolean> {
  const over = new AbortController()
  const patience = delay(quitLimit, false, { signal: over.signal }).catch(() => false)
  // A page that asks whether it may be left is not waited for.
  bidi.send('browser.close').catch((error: unknown) => trace(`browser: quit: ${messageOf(error)}`))
  const clean = await Promise.race([running.ended.then(() => true), patience])
  over.abort()
  running.kill()
  await running.ended
  bidi.close()
  return clean
}
