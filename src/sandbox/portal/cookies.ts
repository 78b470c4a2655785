import { randomBytes } from 'node:crypto'
import type http from 'node:http'

const hours = 3600

/** Names of AD FS's own cookies: the one ends with the browser, the other is kept when the user ticks "Keep me signed in". */
const sessionCookie = 'MSISAuth'
const keptCookie = 'MSISAuthKept'
export const browserCookie = 'MSISContext'

export interface PortalSession {
  readonly user: string
  readonly expires: number
}

/** Who is signed in at the portal, by cookie. */
export class PortalSessions {
  readonly #sessions = new Map<string, PortalSession>()
  readonly #now: () => Date

  constructor(now: () => Date) {
    this.#now = now
  }

  find(request: http.IncomingMessage): PortalSession | undefined {
    const cookies = cookiesOf(request)
    for (const name of [sessionCookie, keptCookie]) {
      const session = this.#sessions.get(cookies.get(name) ?? '')
      if (session && session.expires > this.#now().getTime()) return session
    }
    return undefined
  }

  /** Opens a session of 8 hours. Returns the Set-Cookie headers. */
  open(user: string, keep: boolean): string[] {
    const id = newId()
    this.#sessions.set(id, { user, expires: this.#now().getTime() + 8 * hours * 1000 })
    const cookies = [setCookie(sessionCookie, id)]
    if (keep) cookies.push(`${setCookie(keptCookie, id)}; Max-Age=${8 * hours}`)
    return cookies
  }

  /** Returns how many sessions it ended. */
  endAll(): number {
    const count = this.#sessions.size
    this.#sessions.clear()
    return count
  }
}

export const newId = (): string => randomBytes(24).toString('base64url')

export function setCookie(name: string, value: string): string {
  return `${name}=${value}; Path=/adfs; Secure; HttpOnly; SameSite=Lax`
}

export function cookiesOf(request: http.IncomingMessage): Map<string, string> {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
  return new Map(pairs.map(([name = '', value = '']) => [name, value]))
}
