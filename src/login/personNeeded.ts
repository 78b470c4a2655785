import { AwsfedError } from '../base/errors.ts'

/**
 * What only a person can do, in a window of the browser: a passkey, a captcha, terms to accept, a page that is not understood.
 * Never the portal's no to a password: that would be tried again.
 */
export class PersonNeeded extends AwsfedError {
  readonly personNeeded = true

  /** `AwsfedError` goes by its name, which this class shares. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof AwsfedError && 'personNeeded' in value
  }
}
