import { AwsfedError, messageOf } from '../../base/errors.ts'

/** A person who closes the window cancels the login; a browser without one that ends has failed. */
export function endedEarly(headless: boolean): AwsfedError {
  if (!headless) return new AwsfedError('cancelled', 'the browser window was closed before the portal had signed in')
  return new AwsfedError('failed', 'the browser ended before the portal had signed in', {
    hint: 'try again; `awsfed login --window` shows what happens, AWSFED_DEBUG=1 traces it',
  })
}

/** The browser is there, and does not answer to its protocol. */
export function unanswered(protocol: string, error: unknown): AwsfedError {
  return new AwsfedError('failed', `the browser's ${protocol} does not answer: ${messageOf(error)}`, {
    hint: 'try again; if it stays, remove browser_args from the [portal], or set browser to another one',
    cause: error,
  })
}
