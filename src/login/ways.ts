import type { Means } from './answering.ts'
import type { LoginRequest } from './request.ts'

/** A way to an assertion. */
export interface Way {
  /**
   * - `http`: plain requests with the portal's cookies
   * - `headless`: a browser without a window
   * - `window`: one in which a person signs in
   */
  readonly name: 'http' | 'headless' | 'window'
  /** What answers the portal's pages there. */
  readonly means: Means
}

const http: Way = { name: 'http', means: 'cookies' }
const byCookies: Way = { name: 'headless', means: 'cookies' }
const byAnswers: Way = { name: 'headless', means: 'answers' }
const window: Way = { name: 'window', means: 'window' }

/** The ways that `request` allows, in the order in which they are tried: each only if the one before needs what it has not got. */
export function waysFor({ asking, cookiesOnly, remember, windowAtOnce }: LoginRequest): readonly [Way, ...Way[]] {
  if (cookiesOnly) return [http, byCookies]
  // In a window the password would be typed where nobody but the portal sees it.
  if (remember) return [byAnswers]
  switch (asking) {
    case 'never':
    case 'terminal':
      return [http, byAnswers]
    case 'auto':
      return [http, byAnswers, window]
    case 'window':
      // What a password command has answered without a window the portal would want once more in it.
      return windowAtOnce ? [window] : [http, byCookies, window]
  }
}
