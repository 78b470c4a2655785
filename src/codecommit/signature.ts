import { SignatureV4 } from '@aws-sdk/signature-v4'
import { Sha256, sha256 } from '../base/sha256.ts'
import type { CodeCommitHost } from './host.ts'

/** The keys that sign. A session token is no part of the signature: it travels in the user name. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** How long CodeCommit takes a password, in milliseconds. */
export const passwordLife = 15 * 60_000

type HashConstructor = NonNullable<ConstructorParameters<typeof SignatureV4>[0]['sha256']>

/** SHA-256, or its HMAC with a key, in the form that the signer asks for. */
class SignerHash {
  readonly #hash

  constructor(key?: Uint8Array | string) {
    this.#hash = new Sha256(typeof key === 'string' ? Buffer.from(key) : key)
  }

  update(data: Uint8Array): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

/**
 * CodeCommit's password for one repository at the time `now`: `YYYYMMDDTHHMMSSZ` and 64 hexadecimal digits, as the AWS
 * CLI's `codecommit credential-helper` makes it.
 *
 * The string to sign has the time without its `Z`, and the request has no hash of a body; so the signer gets the finished
 * string, not a request. The host is signed in lower case, as the AWS SDKs sign it, and without the port, as the AWS CLI
 * does and as https leaves it out of the Host header.
 */
export async function passwordFor(host: CodeCommitHost, repository: string, keys: Keys, now: Date): Promise<string> {
  const signer = new SignatureV4({
    service: 'codecommit',
    region: host.region,
    credentials: { accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey },
    sha256: SignerHash as unknown as HashConstructor,
  })
  // 2017-12-24T11:53:20.123Z → 20171224T115320
  const time = now.toISOString().slice(0, 19).replace(/[-:]/g, '')
  const scope = `${time.slice(0, 8)}/${host.region}/codecommit/aws4_request`
  const canonicalRequest = `GIT\n/v1/repos/${repository}\n\nhost:${host.name}\n\nhost\n`
  const digest = Buffer.from(sha256(Buffer.from(canonicalRequest))).toString('hex')
  const signature = await signer.sign(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${digest}`, { signingDate: now })
  return `${time}Z${signature}`
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
