import type { Asking } from '../base/asking.ts'
import type { World } from '../base/world.ts'
import { hasDisplay } from './display.ts'
import type { Asked } from './lock/oneAtATime.ts'
import type { Report } from './status.ts'
import { hasTerminal } from './terminal.ts'

/** How a session is asked for. */
export interface LoginRequest {
  readonly asking: Asking
  /** Log in even where the cached session would do. */
  readonly force?: boolean | undefined
  /** With `window`: no silent way is tried before, as for who wants to see what happens. */
  readonly windowAtOnce?: boolean | undefined
  /** Milliseconds that the session must have left; 5 minutes where nothing is said, less than which counts as lapsed. */
  readonly atLeast?: number | undefined
  /** Background renewal: cookies or nothing. No command of the configuration is run, nobody is asked. */
  readonly cookiesOnly?: boolean | undefined
  /** Ask for the password, and keep it in the keyring once it has proven right. */
  readonly remember?: boolean | undefined
  readonly report: Report
  readonly signal?: AbortSignal | undefined
  /**
   * When it was asked for, in milliseconds of the epoch: a login of another process that failed after that is this one's
   * failure too. The start of this process where nothing is said, but at most a minute ago.
   */
  readonly asked?: number | undefined
}

/** What a login may use, weakest first: one that may use more does not take the failure of one that may use less. */
const means = { cookies: 0, commands: 1, approval: 2, terminal: 3, window: 4, all: 5 } as const

/** The means of `request`, as the lock's `Asked.means`, where there is a terminal, a display, or not. */
export function meansOf(request: LoginRequest, there: { terminal: boolean; display: boolean }): number {
  if (request.cookiesOnly) return means.cookies
  if (request.asking === 'never') return means.commands
  const terminal = there.terminal && request.asking !== 'window'
  const window = there.display && request.asking !== 'terminal'
  if (terminal && window) return means.all
  return window ? means.window : terminal ? means.terminal : means.approval
}

/** When `request` was asked for, as the lock's `Asked.at`. */
export function askedAt(request: LoginRequest): number {
  return request.asked ?? Math.max(performance.timeOrigin, Date.now() - 60_000)
}

/** `request` as the lock knows it; `subject` names what is asked for. */
export function askedBy(world: World, request: LoginRequest, subject: string): Asked {
  const there = { terminal: hasTerminal(world.platform), display: hasDisplay(world) }
  return { subject, means: meansOf(request, there), at: askedAt(request) }
}
