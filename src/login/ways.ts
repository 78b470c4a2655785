import type { Portal } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
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

/** @throws AwsfedError `failed` when `portal` names a browser or capture that this version has not got */
export function checkSupported(portal: Portal): void {
  const wrong = (key: string, value: string, instead: string) =>
    new AwsfedError('failed', `[portal.${portal.name}] ${key} = "${value}" is not supported yet`, {
      hint: `write ${key} = ${instead}, or remove that line`,
    })
  if (portal.capture !== undefined && portal.capture !== 'devtools' && portal.capture !== 'browsermob')
    throw wrong('capture', portal.capture, '"devtools"')
  if (portal.browser === 'firefox') throw wrong('browser', portal.browser, '"chromium", "chrome" or "edge"')
}
