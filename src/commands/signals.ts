import { AwsfedError } from '../base/errors.ts'
import type { SignalHandler } from './context.ts'

/** What ends a command from outside, with the exit code that shells give it: 128 + the signal's number. */
const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const satisfies Partial<Record<NodeJS.Signals, number>>
type Ending = keyof typeof endings

export interface Signals {
  /** Aborted by the first of them, with an AwsfedError `cancelled`. */
  readonly signal: AbortSignal
  /** The one that came first, if one came. */
  readonly caught: () => { readonly name: Ending; readonly exitCode: number } | undefined
  /** Gives them to `handler` instead, until the function that is returned is called. */
  readonly take: (handler: SignalHandler) => () => void
}

/**
 * Turns the first signal into an abort, so that a command can end what it started (a browser, a server); a second one
 * ends this process at once.
 */
export function catchSignals(process: NodeJS.Process): Signals {
  const controller = new AbortController()
  let caught: Ending | undefined
  let taken: SignalHandler | undefined

  for (const name of Object.keys(endings) as Ending[]) {
    process.on(name, () => {
      if (taken) return taken(name)
      if (caught) process.exit(endings[name])
      caught = name
      controller.abort(new AwsfedError('cancelled', `cancelled by ${name}`))
    })
  }
  return {
    signal: controller.signal,
    caught: () => caught && { name: caught, exitCode: endings[caught] },
    take(handler) {
      taken = handler
      return () => {
        taken = undefined
      }
    },
  }
}
