import type { Session } from './cache.ts'

/** What may be shown of a session, in the order of `awsfed login --json`. */
export type Summary = Pick<Session, 'profile' | 'arn' | 'account' | 'expiration' | 'via'>

/** Who a session is and until when, without its secrets. */
export function summaryOf({ profile, arn, account, expiration, via }: Session): Summary {
  return { profile, arn, account, expiration, via }
}
