import { AwsfedError } from '../../base/errors.ts'
import type { Engine } from './engine.ts'
import { brokenDown, notUnderstood, refused } from './failures.ts'
import { structureOf } from './progress.ts'
import { freshWords, textsOf } from './said.ts'
import type { Refused } from './verdict.ts'
import type { View } from './view.ts'

const second = 1000
/** How long the portal may take to answer a form. */
export const answerLimit = 30 * second
const unknownLimit = 20 * second
/** The same where a person is at hand, who looks at nothing meanwhile. */
const unknownToPersonLimit = 8 * second
const brokenLimit = 5 * second
const idleLimit = 90 * second
const windowLimit = 10 * 60 * second

/** What the last looks at the page have shown. All times are milliseconds of the engine's clock. */
export interface Watch {
  structure: string
  /** Since when the structure is what it is. */
  since: number
  /** Since when there is nothing to do. */
  idleSince: number
  /** When something was done last, or something was known to be under way. */
  busyAt: number
  /** What the page looked like when something was pressed: nothing more is pressed until it looks different. */
  pressed: { readonly look: string; readonly at: number } | undefined
  approval: { readonly since: number; readonly texts: ReadonlySet<string>; number: string | undefined } | undefined
  /** Whether the last look found the portal waiting for an approval. */
  waits: boolean
  traced: string
  announced: string | undefined
  /** A refusal that was seen while the page was still changing: the words of some vanish again. */
  refusal: Refused | undefined
}

export function newWatch(now: number): Watch {
  return {
    structure: '',
    since: now,
    idleSince: now,
    busyAt: now,
    pressed: undefined,
    approval: undefined,
    waits: false,
    traced: '',
    announced: undefined,
    refusal: undefined,
  }
}

/** Notes what `view` looks like; for how many milliseconds it has looked so, 0 while it is new or loading. */
export function stillness(watch: Watch, view: View, now: number): number {
  const structure = structureOf(view)
  if (structure !== watch.structure) {
    watch.structure = structure
    watch.since = now
    watch.idleSince = now
    return 0
  }
  return now - watch.since
}

/** All that can be seen of a page, its words too. */
export function lookOf(view: View): string {
  return `${structureOf(view)} ${[...textsOf(view)].join(' ')}`
}

/**
 * Gives up on a page that stays not understood. A person in a window has more time, and is never told that a page is wrong.
 * @throws AwsfedError `failed`; `refused` where it forbids what was sent
 */
export function giveUpIfIdle(engine: Engine, watch: Watch, view: View | undefined): void {
  const now = engine.now().getTime()
  if (engine.window) {
    if (now - Math.max(watch.since, watch.busyAt) <= windowLimit) return
    throw new AwsfedError('failed', 'nobody has signed in within 10 minutes', { hint: 'run `awsfed login --window` again' })
  }
  const { last } = engine.progress
  const [top] = view?.documents ?? []
  const idle = now - watch.idleSince
  if (view && top && top.status >= 400 && view.fields.length === 0 && idle > brokenLimit) {
    // Unauthorized and Forbidden (RFC 9110) answer what was given; others are of the portal itself.
    const answersLast = last !== undefined && !last.documents.has(top.handle)
    if (answersLast && (top.status === 401 || top.status === 403))
      throw refused(freshWords(view, last.texts) || `HTTP status ${top.status}`, 'unknown')
    throw top.status >= 500 ? brokenDown(view) : notUnderstood('the portal shows an error', view)
  }
  const answering = last !== undefined && now - last.at < answerLimit
  const limit = engine.personNext ? unknownToPersonLimit : unknownLimit
  if ((idle > limit && !answering) || (idle > second && now - watch.busyAt > idleLimit)) {
    throw notUnderstood('the portal shows a page that awsfed does not understand', view)
  }
}
