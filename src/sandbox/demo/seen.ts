import type { SandboxEvent } from '../events.ts'

/** What the servers saw, counted. */
export class Seen {
  readonly events: readonly SandboxEvent[]

  constructor(events: readonly SandboxEvent[]) {
    this.events = events
  }

  /** Sign-ins at the portal for which a password was typed. */
  get passwordSignIns(): number {
    return this.#issued((reason) => reason !== 'portal cookie')
  }

  /** Sign-ins at the portal by cookie alone. */
  get silentSignIns(): number {
    return this.#issued((reason) => reason === 'portal cookie')
  }

  /** Wrong answers and locked doors at the portal. */
  get portalRefusals(): number {
    return this.#of('portal').filter(({ what }) => /refused|locked|denied|expired/.test(what)).length
  }

  /** Calls of an STS operation that were answered. */
  sts(operation: string): SandboxEvent[] {
    return this.#of('sts').filter(({ what, status }) => what === operation && status === 200)
  }

  get stsRefusals(): SandboxEvent[] {
    return this.#of('sts').filter(({ status }) => status !== 200)
  }

  /** git's requests that were answered with `status`, of one service or of both. */
  git(status: number, service = ''): SandboxEvent[] {
    return this.#of('codecommit').filter((event) => event.status === status && event.what.includes(service))
  }

  get gitRefusals(): number {
    return this.#of('codecommit').filter(({ status }) => status !== 200 && status !== 401).length
  }

  /** Nobody had to sign in, and STS was not asked. */
  get quiet(): boolean {
    return this.#of('portal').length === 0 && this.#of('sts').length === 0
  }

  #issued(how: (reason: string | undefined) => boolean): number {
    return this.#of('portal').filter(({ what, reason }) => what === 'assertion issued' && how(reason)).length
  }

  #of(server: SandboxEvent['server']): SandboxEvent[] {
    return this.events.filter((event) => event.server === server)
  }
}
