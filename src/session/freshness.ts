import type { Session } from './cache.ts'

export type Freshness = 'fresh' | 'stale' | 'lapsed'

const minute = 60_000

/** Milliseconds until `session` ends; negative when it has. */
export function timeLeft(session: Session, now: Date): number {
  return Date.parse(session.expiration) - now.getTime()
}

/** Lapsed: less than 5 minutes left. Stale: less than 20. */
export function freshness(session: Session, now: Date): Freshness {
  const left = timeLeft(session, now)
  if (left < 5 * minute) return 'lapsed'
  return left < 20 * minute ? 'stale' : 'fresh'
}
