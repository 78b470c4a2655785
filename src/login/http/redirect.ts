import type { Step } from './nextStep.ts'
import type { Answer } from './request.ts'

/** The step that an answer to `step` redirects to (fetch.spec.whatwg.org, "HTTP-redirect fetch"); undefined where it does not. */
export function redirectOf({ status, headers: { location } }: Answer, { url, method, entries }: Step): Step | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  // Node reads headers as Latin-1; browsers as UTF-8.
  const address = Buffer.from(location, 'latin1').toString('utf8')
  if (!URL.canParse(address, url)) return undefined
  const next = { url: new URL(address, url).href, why: `redirect ${status}` }
  const keeps = status === 307 || status === 308
  return keeps ? { ...next, method, entries } : { ...next, method: 'GET', entries: [] }
}
