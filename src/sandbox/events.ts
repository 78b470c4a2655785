import { AwsfedError } from '../base/errors.ts'

/** One request that a server of the sandbox answered, and why so. Holds no secret. */
export interface SandboxEvent {
  readonly number: number
  /** ISO 8601, by the sandbox's clock. */
  readonly at: string
  readonly server: 'portal' | 'sts' | 'codecommit' | 'proxy'
  /** Portal: what came of it (`password refused`); STS: the operation; CodeCommit: the service; proxy: the host. */
  readonly what: string
  /** The HTTP status that was answered. */
  readonly status: number
  readonly user?: string
  readonly keyId?: string
  readonly role?: string
  /** `REGION/NAME` */
  readonly repository?: string
  readonly reason?: string
}

export type NewEvent = Omit<SandboxEvent, 'number' | 'at'>
export type Recorder = (event: NewEvent) => void

export class EventLog {
  readonly events: SandboxEvent[] = []
  readonly #now: () => Date
  readonly #listeners = new Set<(event: SandboxEvent) => void>()

  constructor(now: () => Date) {
    this.#now = now
  }

  readonly record: Recorder = (event) => {
    const full: SandboxEvent = { number: this.events.length, at: this.#now().toISOString(), ...event }
    this.events.push(full)
    for (const listener of [...this.#listeners]) listener(full)
  }

  /** Calls `listener` with every later event. Returns what ends that. */
  listen(listener: (event: SandboxEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The first event, of those that are there or are still to come, for which `predicate` is true. */
  waitFor(predicate: (event: SandboxEvent) => boolean, milliseconds = 60_000): Promise<SandboxEvent> {
    const there = this.events.find(predicate)
    if (there) return Promise.resolve(there)
    return new Promise((resolve, reject) => {
      const end = this.listen((event) => {
        if (!predicate(event)) return
        end()
        clearTimeout(timer)
        resolve(event)
      })
      const timer = setTimeout(() => {
        end()
        reject(
          new AwsfedError('failed', `the sandbox saw no such request within ${milliseconds} ms`, {
            hint: `it saw ${this.events.length} requests; the last: ${lineOfEvent(this.events.at(-1))}`,
          }),
        )
      }, milliseconds)
    })
  }
}

/** `12:03:04 portal     200 password refused jane@corp.example` */
export function lineOfEvent(event: SandboxEvent | undefined): string {
  if (!event) return 'none'
  const about = [event.repository, event.role, event.user, event.keyId].filter((word) => word !== undefined)
  // This machine's time, as in all else that awsfed tells.
  const time = new Date(event.at).toTimeString().slice(0, 8)
  const words = [time, event.server.padEnd(10), event.status, event.what, ...about].join(' ')
  return event.reason === undefined ? words : `${words}: ${event.reason}`
}
