import { createHash, timingSafeEqual } from 'node:crypto'
import { generateSecret, generateSync, verifySync } from 'otplib'

/** After so many wrong answers without a sign-in between them the account is locked. */
const attemptsAllowed = 5

/** The one user of the sandbox's portal. */
export class Account {
  readonly user: string
  /** Base32. */
  readonly totpSecret: string
  readonly #now: () => Date
  readonly #oneUse: boolean
  #password: string
  #failures = 0
  #lastStep: number | undefined
  #expired = false

  /** `oneUse`: a code that was accepted is not accepted again (RFC 6238, 5.2). */
  constructor(user: string, password: string, now: () => Date, oneUse: boolean) {
    this.user = user
    this.totpSecret = generateSecret()
    this.#password = password
    this.#now = now
    this.#oneUse = oneUse
  }

  get locked(): boolean {
    return this.#failures >= attemptsAllowed
  }

  get passwordExpired(): boolean {
    return this.#expired
  }

  lock(): void {
    this.#failures = attemptsAllowed
  }

  unlock(): void {
    this.#failures = 0
  }

  expirePassword(): void {
    this.#expired = true
  }

  changePassword(password: string): void {
    this.#password = password
    this.#expired = false
  }

  /** Whether these are the user's; a wrong password counts towards the lock, and a locked account is never right. */
  checkPassword(user: string, password: string): boolean {
    // As AD FS: user names in any case. Another name is another account: it does not lock this one.
    if (user.trim().toLowerCase() !== this.user.toLowerCase()) return false
    return this.#count(same(password, this.#password))
  }

  /** Whether `code` is the user's now, one step of 30 seconds early or late allowed. */
  checkCode(code: string): boolean {
    const token = code.replaceAll(' ', '')
    if (!/^\d{6}$/.test(token)) return this.#count(false)
    const result = verifySync({
      secret: this.totpSecret,
      token,
      epoch: Math.floor(this.#now().getTime() / 1000),
      epochTolerance: 30,
      ...(this.#oneUse && this.#lastStep !== undefined ? { afterTimeStep: this.#lastStep } : {}),
    })
    if (result.valid && 'timeStep' in result) this.#lastStep = result.timeStep
    return this.#count(result.valid)
  }

  /** All that was asked is answered. Not before: a right password must not clear the wrong codes that follow it each time. */
  signedIn(): void {
    this.#failures = 0
  }

  /** The code that the user's authenticator app shows now. */
  code(): string {
    return generateSync({ secret: this.totpSecret, epoch: Math.floor(this.#now().getTime() / 1000) })
  }

  #count(right: boolean): boolean {
    if (this.locked) return false
    if (!right) this.#failures += 1
    return right
  }
}

function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
