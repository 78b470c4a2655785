import { type HttpCookies, siteOf } from './cookieJar.ts'
import { encoded, type Step } from './nextStep.ts'
import { type Answer, type Connections, encodings, request } from './request.ts'

/** The page that leads to a step; a redirect is led to by the page before it. */
export interface From {
  readonly url: URL
  /** Its `Referrer-Policy`. */
  readonly policy: string | undefined
}

/** What requests have of the browser whose cookies they bring. */
export interface Visitor {
  readonly userAgent: string
  readonly cookies: HttpCookies
  readonly connections: Connections
  readonly signal: AbortSignal
}

/**
 * Takes one step: sends the request that a browser would send when its window goes there, and keeps the cookies of the answer.
 * `from` undefined: the user goes there himself.
 * @throws Error as `request`
 */
export async function take(visitor: Visitor, { method, url: address, entries }: Step, from: From | undefined): Promise<Answer> {
  const url = new URL(address)
  url.hash = ''
  const cookie = visitor.cookies.header({ url, method, from: from?.url })
  const referer = from && refererTo(url, from)
  const headers = {
    'User-Agent': visitor.userAgent,
    Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language': `${Intl.DateTimeFormat().resolvedOptions().locale},en;q=0.5`,
    'Accept-Encoding': encodings,
    'Upgrade-Insecure-Requests': '1',
    ...(referer === undefined ? {} : { Referer: referer }),
    ...(cookie === undefined ? {} : { Cookie: cookie }),
    // Portals that guard against forged posts look at it (fetch.spec.whatwg.org, "Append a request Origin header").
    ...(method === 'POST' && from ? { Origin: from.policy === 'no-referrer' ? 'null' : from.url.origin } : {}),
    ...(method === 'POST' ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
  }
  const body = method === 'POST' ? encoded(entries) : undefined
  const answer = await request(url, { method, headers, body }, visitor)
  visitor.cookies.take(url, answer.headers['set-cookie'] ?? [])
  return answer
}

/** What of the page's address goes along: at most what its policy and browsers' usual one allow (w3.org/TR/referrer-policy). */
function refererTo(url: URL, { url: page, policy }: From): string | undefined {
  const whole = `${page.origin}${page.pathname}${page.search}`
  if (page.origin === url.origin)
    return policy === 'no-referrer' ? undefined : /^(strict-)?origin$/.test(policy ?? '') ? `${page.origin}/` : whole
  if (policy === 'no-referrer' || policy === 'same-origin' || (page.protocol === 'https:' && url.protocol === 'http:'))
    return undefined
  return `${page.origin}/`
}

/** Whether a step from `from` stays on its site. */
export function staysOnSite(from: From | undefined, url: URL): boolean {
  return from === undefined || siteOf(from.url) === siteOf(url)
}
