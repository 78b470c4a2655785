import type { Portal } from '../../base/config.ts'
import { AwsfedError } from '../../base/errors.ts'
import type { Machine } from '../browser/candidates.ts'
import { hasChromium } from '../browser/find.ts'
import { installedFirefox, namesFirefox } from '../browser/firefox/find.ts'

/** What each way of catching the assertion in a browser works with. */
const kinds = { devtools: 'chromium', browsermob: 'chromium', bidi: 'firefox' } as const
type BrowserCapture = keyof typeof kinds
type Choice = Pick<Portal, 'name' | 'browser' | 'browserBinary' | 'driverBinary' | 'capture'>

/**
 * How the assertion is caught in the browser of `portal`: as its configuration says, else as its browser has it. Where it names
 * neither, Firefox is taken only if there is no other. Pure: `exists` tells whether a path is a program.
 * @throws AwsfedError as `checkCapture`
 */
export function captureOf(portal: Choice, machine: Machine, exists: (file: string) => boolean): BrowserCapture {
  checkCapture(portal)
  if (portal.capture !== undefined) return portal.capture
  const kind = namedKind(portal)
  if (kind !== undefined) return kind === 'firefox' ? 'bidi' : 'devtools'
  return !hasChromium(machine, exists) && installedFirefox(machine, exists) ? 'bidi' : 'devtools'
}

/** @throws AwsfedError `failed` when `capture` and the browser of `portal` do not go together */
export function checkCapture(portal: Choice): void {
  const { capture } = portal
  const kind = namedKind(portal)
  if (capture === undefined || kind === undefined || kinds[capture] === kind) return
  const [others, fitting] = kind === 'firefox' ? ['chromium, chrome or edge', 'bidi'] : ['firefox', 'devtools']
  const what = portal.browser === undefined ? `browser_binary = "${portal.browserBinary}"` : `browser = "${portal.browser}"`
  throw new AwsfedError('failed', `[portal.${portal.name}] capture = "${capture}" does not work with ${what}`, {
    hint: `remove capture, which is then "${fitting}", or set browser to ${others}`,
  })
}

function namedKind(portal: Choice): 'chromium' | 'firefox' | undefined {
  if (namesFirefox(portal)) return 'firefox'
  return (portal.browser ?? portal.browserBinary ?? portal.driverBinary) ? 'chromium' : undefined
}
