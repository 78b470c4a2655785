import type { Portal } from '../base/config.ts'
import { AwsfedError, messageOf } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import type { Captured } from '../session/captured.ts'
import type { Answering } from './answering.ts'
import { endIfCancelled } from './cancelled.ts'
import { type Jar, readJar, writeJar } from './cookies.ts'
import { hasDisplay, lackOfDisplay } from './display.ts'
import type { Report } from './status.ts'
import type { Way } from './ways.ts'

/** What a login at a portal is given. */
interface PortalLogin {
  /** To be tried one after the other. */
  readonly ways: readonly [Way, ...Way[]]
  readonly answers: Answering
  readonly report: Report
  readonly signal: AbortSignal | undefined
  /** Whether the portal is to see somebody whom it does not know yet. */
  readonly withoutCookies: boolean
  /** What a person is to run where there is a desktop: `awsfed login -p dev --window`. */
  readonly windowCommand: string
  /** What can be done while the portal is waited for. */
  readonly meanwhile?: () => void
}

/** A try of one way: with the cookies of the one before, and where that one stopped. */
export interface Try {
  readonly way: Way
  readonly jar: Jar
  /** The page to begin at; the portal's own where it is undefined. */
  readonly at: string | undefined
  /** Why the way before did not do; undefined for the first. */
  readonly why: string | undefined
  /** Whether a window comes next. */
  readonly personNext: boolean
}

/** What came of a try. `ended` resolves when nothing of it is left. */
export type Outcome =
  | { readonly kind: 'caught'; readonly captured: Captured; readonly jar: Jar | undefined; readonly ended: Promise<void> }
  /** It needs something that it has not got. */
  | {
      readonly kind: 'stopped'
      readonly why: string
      readonly error: AwsfedError | undefined
      readonly jar: Jar
      readonly at: string | undefined
    }

/**
 * Signs in at `portal` by the first of the ways that gets there, hands the assertion to `use`, and keeps the portal's cookies, so
 * that the next login needs no password. A browser is closed while `use` is at work; nothing of it is left when this ends.
 * @throws AwsfedError of the browser, the portal's engine, the answers or `use`; `cancelled`
 */
export async function withAssertion<T>(
  world: World,
  portal: Portal,
  login: PortalLogin,
  use: (captured: Captured, way: Way['name']) => Promise<T>,
): Promise<T> {
  let before: Extract<Outcome, { kind: 'stopped' }> | undefined
  for (const [index, way] of login.ways.entries()) {
    if (before) world.trace(`login: on to ${way.name}: ${before.why}`)
    if (way.name === 'window' && !hasDisplay(world)) throw noDisplay(world, login, before?.error)
    const first = login.withoutCookies ? { cookies: [], userAgent: undefined } : readJar(world.paths, portal.name, world)
    const { jar = first, at, why } = before ?? {}
    const personNext = login.ways[index + 1]?.name === 'window' && hasDisplay(world)
    login.answers.begin(way.means, before?.error)
    const outcome = await tried(world, portal, login, { way, jar, at, why, personNext })
    if (outcome.kind === 'stopped') {
      before = outcome
      continue
    }
    world.trace(`login: the assertion is there, by ${way.name}`)
    const { captured, ended } = outcome
    world.redactor.conceal(captured.samlResponse)
    login.report({ kind: 'captured' })
    // Before anything is done with the assertion: also where AWS refuses it, the portal has let the user in.
    if (outcome.jar) keep(world, portal, outcome.jar)
    try {
      return await use(captured, way.name)
    } finally {
      await ended
    }
  }
  throw before?.error ?? new AwsfedError('login-needed', `a login is needed: ${before?.why}`, { hint: 'run `awsfed login`' })
}

async function tried(world: World, portal: Portal, login: PortalLogin, attempt: Try): Promise<Outcome> {
  endIfCancelled(login.signal)
  if (attempt.way.name === 'http') {
    const { assertionByHttp } = await import('./http/http.ts')
    const ending = assertionByHttp(world, portal, attempt.jar, login.signal)
    login.meanwhile?.()
    const end = await ending
    return end.kind === 'caught' ? { ...end, ended: Promise.resolve() } : { ...end, error: undefined, at: undefined }
  }
  // Only now: it is the larger part, and a login by plain requests is over before it would be loaded.
  const { assertionByBrowser } = await import('./browserLogin.ts')
  return assertionByBrowser(world, portal, login, attempt)
}

function keep(world: World, portal: Portal, jar: Jar): void {
  try {
    writeJar(world.paths, portal.name, jar)
  } catch (error) {
    // Without cookies the next login asks again; this one goes on.
    world.trace(`cookies are not kept: ${messageOf(error)}`)
  }
}

/** There is no display for the window that is now needed. `stopped` is why it is. */
function noDisplay(world: World, { windowCommand }: PortalLogin, stopped: AwsfedError | undefined): AwsfedError {
  const hint = `run \`${windowCommand}\` where there is a desktop, or through \`ssh -X\``
  if (!stopped) return new AwsfedError('failed', `cannot open a window: ${lackOfDisplay(world)}`, { hint })
  const message = `${stopped.message}; and no window can be opened: ${lackOfDisplay(world)}`
  // What is asked for on the terminal needs no desktop.
  return new AwsfedError(stopped.kind, message, { hint: stopped.kind === 'login-needed' ? stopped.hint : hint, cause: stopped })
}
