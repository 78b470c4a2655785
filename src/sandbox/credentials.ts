import { createHash, randomBytes, randomInt } from 'node:crypto'
import { accountOf, nameOfRole, type SandboxRole } from './cloud.ts'

/** Temporary credentials that the sandbox's STS has issued. */
export interface Issued {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly role: SandboxRole
  readonly account: string
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
  readonly arn: string
  /** `AROA…:SESSION` */
  readonly userId: string
  /** Milliseconds since the epoch. */
  expires: number
}

export class CredentialStore {
  readonly #issued = new Map<string, Issued>()

  issue(role: SandboxRole, sessionName: string, expires: number): Issued {
    const account = accountOf(role.arn)
    const issued: Issued = {
      accessKeyId: `ASIA${randomText(16, base32)}`,
      secretAccessKey: randomText(40, base64),
      sessionToken: newToken(),
      role,
      account,
      arn: `arn:aws:sts::${account}:assumed-role/${nameOfRole(role.arn)}/${sessionName}`,
      userId: `${roleIdOf(role.arn)}:${sessionName}`,
      expires,
    }
    this.#issued.set(issued.accessKeyId, issued)
    return issued
  }

  find(accessKeyId: string): Issued | undefined {
    return this.#issued.get(accessKeyId)
  }

  /** Ends all that were issued so far. Returns how many. */
  expireAll(at: number): number {
    for (const issued of this.#issued.values()) issued.expires = Math.min(issued.expires, at)
    return this.#issued.size
  }
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
}

/** As long as AWS's, with every character that needs care in a URL, an INI file or a shell. */
function newToken(): string {
  for (;;) {
    const token = `IQoJb3JpZ2luX2Vj${randomBytes(700).toString('base64')}`
    if (token.includes('+') && token.includes('/') && token.endsWith('=')) return token
  }
}

/** The stable id that IAM gives a role. */
function roleIdOf(arn: string): string {
  const digest = createHash('sha256').update(arn).digest()
  return `AROA${Array.from(digest.subarray(0, 17), (byte) => base32[byte % 32]).join('')}`
}
