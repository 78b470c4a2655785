import { type Cookie, cookieOf } from '../cookies.ts'

/** BiDi writes in small letters what the devtools protocol begins with a capital. */
const sameSites = { Strict: 'strict', Lax: 'lax', None: 'none' } as const

/**
 * Reads a cookie of `storage.getCookies` (WebDriver BiDi, network.Cookie); undefined when it is none. Its partition is not
 * told, and in our Firefox it has none: see its preferences.
 */
export function cookieOfBidi(value: unknown): Cookie | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { value: content, expiry, sameSite, ...rest } = value as Readonly<Record<string, unknown>>
  const word = Object.entries(sameSites).find(([, bidi]) => bidi === sameSite)?.[0]
  return cookieOf({ ...rest, value: textOf(content), expires: expiry, sameSite: word })
}

/** A cookie for `storage.setCookie` (WebDriver BiDi, storage.PartialCookie). */
export function bidiCookie({ name, value, domain, path, expires, secure, httpOnly, sameSite }: Cookie): object {
  return {
    name,
    value: { type: 'string', value },
    domain,
    path,
    ...(expires === undefined ? {} : { expiry: Math.floor(expires) }),
    ...(secure === undefined ? {} : { secure }),
    ...(httpOnly === undefined ? {} : { httpOnly }),
    ...(sameSite === undefined ? {} : { sameSite: sameSites[sameSite] }),
  }
}

/** Firefox gives each byte of a value as a character, and takes characters, of which it writes UTF-8. */
function textOf(bytes: unknown): string | undefined {
  if (typeof bytes !== 'object' || bytes === null) return undefined
  const { type, value } = bytes as { type?: unknown; value?: unknown }
  if (typeof value !== 'string') return undefined
  const text = Buffer.from(value, type === 'base64' ? 'base64' : 'latin1').toString('utf8')
  return text.includes('\ufffd') ? value : text
}
