import type { Writable } from 'node:stream'
import type { BaseContext } from 'clipanion'
import type { World } from '../base/world.ts'

/** What takes over the signals of this process while it is in place. */
export type SignalHandler = (name: NodeJS.Signals) => void

/** What every command is given: the one door to the world, and where to print. */
export interface Context extends BaseContext {
  readonly world: World
  readonly stdout: Writable
  readonly stderr: Writable
  /** Whether stdout takes colours: a terminal, and NO_COLOR (https://no-color.org) is not set. */
  readonly colour: boolean
  /** Aborted by SIGINT, SIGTERM and SIGHUP, with an AwsfedError `cancelled` as its reason. */
  readonly signal: AbortSignal
  /** The absolute path of `git-credential-awsfed`, for git's configuration. */
  readonly helperProgram: string
  /** Gives the signals to `handler` instead of `signal`, until the function that is returned is called. */
  readonly takeSignals: (handler: SignalHandler) => () => void
}
