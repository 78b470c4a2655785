import { AwsfedError } from '../base/errors.ts'

/** What a login that a person or a signal has ended fails with. */
export function cancelled(cause?: unknown): AwsfedError {
  if (cause instanceof AwsfedError && cause.kind === 'cancelled') return cause
  return new AwsfedError('cancelled', 'the login was cancelled', { hint: 'run the command again when you want to log in', cause })
}

/** @throws AwsfedError `cancelled` when `signal` has aborted */
export function endIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal.reason)
}
