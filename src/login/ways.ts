import type { Portal } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import type { LoginRequest } from './request.ts'

/** A way to an assertion. */
export interface Way {
  /** As `Session.via` names it; a login in which a person was asked on the terminal is `terminal` instead. */
  readonly name: 'headless' | 'window'
  readonly headless: boolean
  /** What must be there for it: `window` a person at a screen. */
  readonly needs: 'nothing' | 'window'
}

/** All ways, the quietest first. */
const ways: readonly Way[] = [
  { name: 'headless', headless: true, needs: 'nothing' },
  { name: 'window', headless: false, needs: 'window' },
]

/** The way that `request` asks for: a window only where it names one. */
export function wayFor(request: LoginRequest): Way {
  const needs = request.asking === 'window' && !request.cookiesOnly ? 'window' : 'nothing'
  const way = ways.find((candidate) => candidate.needs === needs)
  if (!way) throw new RangeError(`no way for ${needs}`)
  return way
}

/** @throws AwsfedError `failed` when `portal` names a browser or capture that this version has not got */
export function checkSupported(portal: Portal): void {
  const wrong = (key: string, value: string, instead: string) =>
    new AwsfedError('failed', `[portal.${portal.name}] ${key} = "${value}" is not supported yet`, {
      hint: `write ${key} = ${instead}, or remove that line`,
    })
  if (portal.capture !== undefined && portal.capture !== 'devtools') throw wrong('capture', portal.capture, '"devtools"')
  if (portal.browser === 'firefox') throw wrong('browser', portal.browser, '"chromium", "chrome" or "edge"')
}
