import { hmac, sha256 } from '../base/sha256.ts'
import type { CodeCommitHost } from './host.ts'

/** The keys that sign. A session token is no part of the signature: it travels in the user name. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** How long CodeCommit takes a password, in milliseconds. */
export const passwordLife = 15 * 60_000

/**
 * CodeCommit's password for one repository at the time `now`: `YYYYMMDDTHHMMSSZ` and 64 hexadecimal digits, as the AWS
 * CLI's `codecommit credential-helper` makes it.
 *
 * It is Signature Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html) of
 * a request with the method GIT, no query and no hash of a body, and with the time in the string to sign without its `Z`.
 * The host is signed in lower case, as the AWS SDKs sign it, and without the port, as the AWS CLI does and as https leaves
 * it out of the Host header.
 */
export function passwordFor(host: CodeCommitHost, repository: string, keys: Keys, now: Date): string {
  // 2017-12-24T11:53:20.123Z → 20171224T115320
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '')
  const scope = [time.slice(0, 8), host.region, 'codecommit', 'aws4_request']
  const canonicalRequest = `GIT\n/v1/repos/${repository}\n\nhost:${host.name}\n\nhost\n`
  const digest = sha256(Buffer.from(canonicalRequest)).toString('hex')
  let key: Uint8Array = Buffer.from(`AWS4${keys.secretAccessKey}`)
  for (const part of scope) key = hmac(key, Buffer.from(part))
  const signature = hmac(key, Buffer.from(`AWS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n${digest}`))
  return `${time}Z${signature.toString('hex')}`
}

/** The user name that goes with the password: `AKID`, or `AKID%TOKEN` with the keys of a session. */
export function usernameFor(keys: Keys): string {
  return keys.sessionToken ? `${keys.accessKeyId}%${keys.sessionToken}` : keys.accessKeyId
}

/** When `password` was made, or undefined when it is none of CodeCommit's. */
export function timeOfPassword(password: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z[0-9a-f]{64}$/.exec(password)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time.getTime()) ? undefined : time
}
