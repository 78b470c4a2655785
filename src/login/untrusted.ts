import { AwsfedError } from '../base/errors.ts'

/** The browser does not trust the certificate of a page. It may be good all the same, by what awsfed trusts and it does not. */
export class Untrusted extends AwsfedError {
  /** The page. */
  readonly url: string

  constructor(url: string, message: string, hint: string) {
    super('failed', message, { hint })
    this.url = url
  }

  /** `AwsfedError` goes by its name, which this class shares. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof AwsfedError && 'url' in value
  }
}
