import { setTimeout as delay } from 'node:timers/promises'
import { AwsfedError } from '../../base/errors.ts'
import { act, heed } from './act.ts'
import { type Engine, type SignIn, wantedOf } from './engine.ts'
import { notASelector } from './failures.ts'
import type { Page } from './page.ts'
import { selectorsOf } from './rules.ts'
import type { Scan, View } from './view.ts'
import { giveUpIfIdle, newWatch, stillness, type Watch } from './watch.ts'

/** Between two looks at the page, milliseconds: a number to match is on the terminal well within a second. */
const pace = 150
/** A page that is still loading after so long is taken as it is. */
const loadingLimit = 3000

/**
 * Signs in at the portal: opens it and fills in whatever pages it shows, until `captured` settles.
 * @throws AwsfedError `refused` with the portal's own words; `login-needed` when an answer may not be asked for; `failed` for pages
 * that it does not understand, for a portal that cannot be reached and when a limit is over; `cancelled` when `signal` is aborted
 */
export async function signIn(page: Page, given: SignIn): Promise<void> {
  const over = new AbortController()
  const engine: Engine = {
    ...given,
    page,
    selectors: selectorsOf(given.rules),
    progress: { sent: new Map(), asked: new Map(), fired: new Map(), last: undefined },
    over: over.signal,
    history: { usernameGiven: false, passwordGiven: false, visited: [given.portal.url] },
    avoided: undefined,
    sentCode: undefined,
    user: undefined,
    password: undefined,
    unusedCode: undefined,
    reported: undefined,
    arrived: false,
    at: given.at,
    left: new Set(),
  }
  let abort: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(cancelled(given.signal))
    if (given.signal.aborted) abort()
    else given.signal.addEventListener('abort', abort, { once: true })
  })
  const work = drive(engine)
  // Once the race is decided, what the browser was still asked for may fail: that is no news.
  work.catch(() => {})
  aborted.catch(() => {})
  try {
    await Promise.race([given.captured.then(settled, settled), aborted, work])
  } finally {
    over.abort()
    if (abort) given.signal.removeEventListener('abort', abort)
  }
}

/** That it settles is what counts: whoever waits for the assertion learns how. */
function settled(): void {}

function cancelled(signal: AbortSignal): AwsfedError {
  return signal.reason instanceof AwsfedError
    ? signal.reason
    : new AwsfedError('cancelled', 'the sign-in was cancelled', { hint: 'run `awsfed login`' })
}

async function drive(engine: Engine): Promise<void> {
  const watch = newWatch(engine.now().getTime())
  await engine.page.open(engine.at ?? engine.portal.url)
  while (!engine.over.aborted) {
    const scan = await engine.page.scan(engine.selectors)
    if (engine.over.aborted) return
    if (scan) await step(engine, watch, scan)
    else giveUpIfIdle(engine, watch, undefined)
    await delay(pace, undefined, { signal: engine.over })
  }
}

async function step(engine: Engine, watch: Watch, scan: Scan): Promise<void> {
  if (scan.alert) heed(engine, scan.alert)
  // The newest window that wants something: a popup to sign in with, else what opened it.
  const seen = scan.views.map((view) => ({ view, wanted: wantedOf(engine, view) }))
  const [invalid] = scan.views.flatMap((view) => view.invalid)
  if (invalid !== undefined) throw notASelector(engine.rules, invalid)
  const at = seen.find(({ wanted }) => wanted[0]?.finding.kind !== 'nothing') ?? seen[0]
  if (!at) return
  const still = stillness(watch, at.view, engine.now().getTime())
  const loading = at.view.documents.some((document) => document.loading)
  // To tell a person what to approve needs no page that stands still: it may count down, and load for ever.
  const waits = at.wanted[0]?.finding.kind === 'approval'
  const awaited = waits && watch.waits
  watch.waits = waits
  if (!awaited && (still === 0 || (loading && still < loadingLimit))) return
  noteVisited(engine, at.view)
  const begunThere = engine.at !== undefined
  engine.at = undefined
  if (begunThere && isBroken(at.view)) {
    // Many pages are the answer to a form, and not to be opened again.
    engine.trace('portal: the page cannot be shown again, back to the first')
    return engine.page.open(engine.portal.url)
  }
  engine.arrived ||= at.view.documents[0]?.networkError === undefined && /^https?:/.test(at.view.documents[0]?.url ?? '')
  await act(engine, watch, at.view, at.wanted, loading ? 0 : still)
}

function isBroken({ documents: [top] }: View): boolean {
  return top !== undefined && (top.status >= 400 || top.networkError !== undefined)
}

/** Where this sign-in has come by: the sites that may be sent what is asked for. */
function noteVisited(engine: Engine, view: View): void {
  const { visited = [] } = engine.history
  const fresh = view.documents.slice(0, 1).flatMap(({ url }) => (visited.includes(url) ? [] : [url]))
  if (fresh.length > 0) engine.history = { ...engine.history, visited: [...visited, ...fresh] }
}
