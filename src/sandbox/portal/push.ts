import { randomBytes, randomInt } from 'node:crypto'

type State = 'waiting' | 'approved' | 'denied'

/** A sign-in that waits for the user's approval on the phone. */
export class Push {
  readonly id = randomBytes(16).toString('hex')
  /** The number to match: two digits. */
  readonly number: string
  /** What the phone offers: the number among two others. */
  readonly choices: readonly string[]
  #state: State = 'waiting'
  readonly #waiters = new Set<() => void>()

  constructor() {
    const numbers = new Set<string>()
    while (numbers.size < 3) numbers.add(String(randomInt(10, 100)))
    this.choices = [...numbers].sort()
    this.number = this.choices[randomInt(3)] ?? '42'
  }

  get state(): State {
    return this.#state
  }

  answer(state: 'approved' | 'denied'): void {
    if (this.#state !== 'waiting') return
    this.#state = state
    for (const waiter of [...this.#waiters]) waiter()
  }

  /** The state once it is no longer `waiting`, or `waiting` after so many milliseconds or when `signal` aborts. */
  settled(milliseconds: number, signal: AbortSignal): Promise<State> {
    if (this.#state !== 'waiting' || signal.aborted) return Promise.resolve(this.#state)
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        this.#waiters.delete(end)
        resolve(this.#state)
      }
      const timer = setTimeout(end, milliseconds)
      signal.addEventListener('abort', end)
      this.#waiters.add(end)
    })
  }
}
