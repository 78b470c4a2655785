import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { CredentialStore, Issued } from '../credentials.ts'
import { timeOf } from '../sts/sigv4.ts'

/** What a request is for, as the signature covers it. */
export interface Target {
  /** Without port, in lower case. */
  readonly host: string
  readonly region: string
  /** `/v1/repos/NAME` */
  readonly path: string
}

export interface Refusal {
  /** 401 asks git for credentials; 403 is CodeCommit's answer to credentials that are no good. */
  readonly status: 401 | 403
  readonly reason: string
  readonly keyId?: string
}

const fifteenMinutes = 15 * 60_000

/**
 * Who sends this `Authorization` header: the user is `KEYID%TOKEN`, the password `YYYYMMDDTHHMMSSZ` and the signature of
 * the request line and the host, good for 15 minutes. Written apart from what signs in awsfed.
 */
export function gitCallerOf(
  authorization: string | undefined,
  target: Target,
  store: CredentialStore,
  now: Date,
): Issued | Refusal {
  if (authorization === undefined) return { status: 401, reason: 'no credentials' }
  const basic = basicOf(authorization)
  if (!basic) return { status: 401, reason: 'no Basic credentials' }
  const at = basic.user.indexOf('%')
  const keyId = at < 0 ? basic.user : basic.user.slice(0, at)
  const token = at < 0 ? '' : basic.user.slice(at + 1)
  const issued = store.find(keyId)
  // An id that the sandbox did not issue may be anything, a secret too: it stays out of the log.
  if (!issued) return { status: 403, reason: 'unknown access key' }
  const refuse = (reason: string): Refusal => ({ status: 403, reason, keyId })
  if (!same(token, issued.sessionToken)) return refuse('session token does not belong to the access key')

  const password = /^(\d{8}T\d{6})Z([0-9a-f]{64})$/.exec(basic.password)
  const [, timestamp = '', signature = ''] = password ?? []
  const signed = timeOf(`${timestamp}Z`)
  if (signed === undefined) return refuse('password is no timestamp and signature')
  if (!same(signature, signatureOf(timestamp, target, issued.secretAccessKey))) return refuse('wrong signature')
  if (now.getTime() - signed > fifteenMinutes) return refuse('signature older than 15 minutes')
  if (signed - now.getTime() > fifteenMinutes) return refuse('signature from the future')
  if (issued.expires <= now.getTime()) return refuse('session expired')
  return issued
}

/** The timestamp in the string to sign has no `Z`; the payload is not hashed. */
function signatureOf(timestamp: string, target: Target, secret: string): string {
  const request = `GIT\n${target.path}\n\nhost:${target.host}\n\nhost\n`
  const date = timestamp.slice(0, 8)
  const scope = `${date}/${target.region}/codecommit/aws4_request`
  const hash = createHash('sha256').update(request).digest('hex')
  let key: string | Buffer = `AWS4${secret}`
  for (const word of [date, target.region, 'codecommit', 'aws4_request']) key = createHmac('sha256', key).update(word).digest()
  return createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash}`).digest('hex')
}

/** RFC 7617. */
function basicOf(authorization: string): { user: string; password: string } | undefined {
  const [scheme, value] = authorization.split(' ')
  if (scheme?.toLowerCase() !== 'basic' || value === undefined) return undefined
  const text = Buffer.from(value, 'base64').toString('utf8')
  const at = text.indexOf(':')
  return at <= 0 ? undefined : { user: text.slice(0, at), password: text.slice(at + 1) }
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
