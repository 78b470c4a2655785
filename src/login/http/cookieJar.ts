import { CookieJar, cookieCompare, getPublicSuffix, MemoryCookieStore, Cookie as ToughCookie } from 'tough-cookie'
import type { Cookie } from '../cookies.ts'

/** A request as far as its cookies go. */
interface Visit {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  /** The page that leads there; undefined where the user does. */
  readonly from: URL | undefined
}

/** The cookies of a login, sent and taken as a browser would for pages in a window of their own (RFC 6265bis). */
export interface HttpCookies {
  /** The `Cookie` header for a request; undefined where there is none. */
  header(visit: Visit): string | undefined
  /** Takes the `Set-Cookie` headers of an answer from `url`. What is against the rules is left out. */
  take(url: URL, headers: readonly string[]): void
  /** All cookies as they are now. */
  all(): Promise<Cookie[]>
}

type PartitionKey = NonNullable<Cookie['partitionKey']>

/** Cookies of one partition (CHIPS), or those of none. */
interface Part {
  readonly key: PartitionKey | undefined
  readonly jar: CookieJar
  readonly store: MemoryCookieStore
}

export function httpCookies(cookies: readonly Cookie[]): HttpCookies {
  const parts = new Map<string, Part>()
  /** What came from a browser goes back as it was, with what only browsers know of it. */
  const originals = new WeakMap<ToughCookie, Cookie>()
  const partOf = (key: PartitionKey | undefined): Part => {
    const name = key ? `${key.topLevelSite} ${key.hasCrossSiteAncestor}` : ''
    const known = parts.get(name)
    if (known) return known
    const store = new MemoryCookieStore()
    const part = { key, store, jar: new CookieJar(store, { looseMode: true }) }
    parts.set(name, part)
    return part
  }
  for (const cookie of cookies) {
    const tough = toughCookieOf(cookie)
    originals.set(tough, cookie)
    // Not by the jar, which would judge anew what the browser has taken.
    partOf(cookie.partitionKey).store.putCookie(tough, () => {})
  }

  return {
    header({ url, method, from }) {
      const sameSiteContext = from === undefined || siteOf(url) === siteOf(from) ? 'strict' : method === 'GET' ? 'lax' : 'none'
      const sent = [undefined, partitionOf(url)].flatMap((key) => partOf(key).jar.getCookiesSync(url.href, { sameSiteContext }))
      return (
        sent
          .sort(cookieCompare)
          .map((cookie) => cookie.cookieString())
          .join('; ') || undefined
      )
    },
    take(url, headers) {
      for (const header of headers) {
        const partitioned = /;\s*partitioned\s*(;|$)/i.test(header)
        partOf(partitioned ? partitionOf(url) : undefined).jar.setCookieSync(header, url.href, { ignoreError: true })
      }
    },
    async all() {
      const lists = await Promise.all(
        [...parts.values()].map(async ({ key, store }) => {
          const kept = (await store.getAllCookies()).filter((cookie) => cookie.TTL() > 0)
          return kept.map((cookie) => originals.get(cookie) ?? cookieOfTough(cookie, key))
        }),
      )
      return lists.flat()
    },
  }
}

/** Scheme and registrable domain: what SameSite and partitions go by ("schemeful same-site"). */
export function siteOf({ protocol, hostname }: URL): string {
  const domain = getPublicSuffix(hostname, { allowSpecialUseDomain: true, ignoreError: true })
  return `${protocol}//${domain ?? hostname}`
}

/** Of a page in a window of its own: its own site. */
function partitionOf(url: URL): PartitionKey {
  return { topLevelSite: siteOf(url), hasCrossSiteAncestor: false }
}

function toughCookieOf({ name, value, domain, path, expires, secure, httpOnly, sameSite }: Cookie): ToughCookie {
  return new ToughCookie({
    key: name,
    value,
    domain: domain.replace(/^\./, '').toLowerCase(),
    hostOnly: !domain.startsWith('.'),
    path,
    expires: expires === undefined ? 'Infinity' : new Date(expires * 1000),
    secure: secure === true,
    httpOnly: httpOnly === true,
    creation: new Date(),
    ...(sameSite ? { sameSite: sameSite.toLowerCase() } : {}),
  })
}

const sameSites = { strict: 'Strict', lax: 'Lax', none: 'None' } as const

function cookieOfTough(cookie: ToughCookie, partitionKey: PartitionKey | undefined): Cookie {
  // Counted from when it was set: by itself tough-cookie counts Max-Age from the last use.
  const ends = cookie.expiryTime(cookie.creation instanceof Date ? cookie.creation : undefined)
  const sameSite = sameSites[cookie.sameSite as keyof typeof sameSites]
  return {
    name: cookie.key,
    value: cookie.value,
    domain: cookie.hostOnly ? (cookie.domain ?? '') : `.${cookie.domain ?? ''}`,
    path: cookie.path ?? '/',
    ...(ends === undefined || ends === Number.POSITIVE_INFINITY ? {} : { expires: ends / 1000 }),
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    ...(sameSite ? { sameSite } : {}),
    ...(partitionKey ? { partitionKey } : {}),
  }
}
