import { newId } from './cookies.ts'
import type { Push } from './push.ts'

/** How far one sign-in is: which form its browser was shown last. */
type Stage = 'password' | 'update-password' | 'choice' | 'code' | 'push'

/** One sign-in, from its first page to the assertion. Its `context` in the form is AD FS's guard against forged posts. */
export interface Flow {
  readonly context: string
  /** The value of the browser's cookie: a form counts only from the browser that it was shown to. */
  readonly browser: string
  stage: Stage
  user: string
  keep: boolean
  push: Push | undefined
}

/** More sign-ins than this at once are nobody's: the oldest is forgotten. */
const most = 1000

export class Flows {
  readonly #flows = new Map<string, Flow>()

  begin(browser: string): Flow {
    const flow: Flow = { context: newId(), browser, stage: 'password', user: '', keep: false, push: undefined }
    this.#flows.set(flow.context, flow)
    const [oldest] = this.#flows.keys()
    if (this.#flows.size > most && oldest !== undefined) this.#flows.delete(oldest)
    return flow
  }

  find(context: string, browser: string | undefined): Flow | undefined {
    const flow = this.#flows.get(context)
    return flow?.browser === browser ? flow : undefined
  }

  end(flow: Flow): void {
    this.#flows.delete(flow.context)
  }

  /** Pushes that wait for an answer, oldest first. */
  waiting(): Push[] {
    return [...this.#flows.values()].flatMap((flow) => (flow.push?.state === 'waiting' ? [flow.push] : []))
  }
}
