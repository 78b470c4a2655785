import type { Factor, Portal } from '../../base/config.ts'
import type { Answers } from '../answers.ts'
import type { Report } from '../status.ts'
import { detect } from './detect.ts'
import type { History } from './fields.ts'
import type { Finding } from './finding.ts'
import type { Page } from './page.ts'
import type { Progress } from './progress.ts'
import { ruleFindings } from './ruleFindings.ts'
import { type Rule, ruleKey } from './rules.ts'
import type { View } from './view.ts'

/** What a sign-in is given. */
export interface SignIn {
  readonly portal: Portal
  /** Of the portal's recipe. */
  readonly rules: readonly Rule[]
  readonly answers: Answers
  readonly report: Report
  readonly trace: (line: string) => void
  readonly now: () => Date
  /** Settles when the assertion has been caught. */
  readonly captured: Promise<unknown>
  readonly signal: AbortSignal
  /** Told what a page is taken to want, before that is dealt with. */
  readonly considered?: ((view: View, wanted: Wanted) => void) | undefined
  /** A person sees the browser and may do anything in it. */
  readonly window: boolean
  /** Where this does not get on a window is opened for a person. */
  readonly personNext?: boolean | undefined
  /** The page to begin at, where another try has stopped; the portal's own where it is undefined or cannot be shown again. */
  readonly at?: string | undefined
}

/** Everything that the parts of the engine share: what they were given, and how far the sign-in is. */
export interface Engine extends SignIn {
  readonly page: Page
  readonly selectors: readonly string[]
  readonly progress: Progress
  /** Aborted when the sign-in is over, for whatever reason: nothing is done after that. */
  readonly over: AbortSignal
  history: History
  /** What has failed once, and is not chosen again by itself: a push that nobody answered. */
  avoided: Factor | undefined
  /** The last code that was sent. */
  sentCode: string | undefined
  user: string | undefined
  password: string | undefined
  /** A code that was asked for and not sent, because the page had moved on meanwhile. */
  unusedCode: string | undefined
  /** The user named in the last status. */
  reported: { readonly user: string | undefined } | undefined
  at: string | undefined
  /** Whether any page of the portal has been seen. */
  arrived: boolean
  /** Forms that are left to the person in the window. */
  readonly left: Set<string>
}

/** A finding, with the rule that it comes from, if one has matched. */
export interface Wanted {
  readonly finding: Finding
  readonly rule: Rule | undefined
}

/** What `view` wants: first what rules match, then what detection finds. */
export function wantedOf(engine: Engine, view: View): readonly Wanted[] {
  const detected = detect(view, engine.history)
  // What the browser says of itself, and what only a person may decide, no rule overrules.
  const [first] = detected
  const plain = detected.map((finding) => ({ finding, rule: undefined }))
  if (first.kind === 'unreachable' || first.kind === 'interrupt') return plain
  const rules = stillOpen(engine, ruleFindings(engine.rules, view))
  return first.kind === 'press' && first.first ? [...plain.slice(0, 1), ...rules, ...plain.slice(1)] : [...rules, ...plain]
}

/** Whether a rule has fired as often as it may. */
export function isSpent({ progress }: Engine, rule: Rule): boolean {
  return (progress.fired.get(ruleKey(rule)) ?? 0) >= (rule.max ?? 1)
}

/** Where several rules fill in the same fields, for one step after the other, it is the turn of one that may still fire. */
function stillOpen<Found extends { rule: Rule; finding: Finding }>(engine: Engine, found: readonly Found[]): readonly Found[] {
  const open = found.filter(({ rule, finding }) => finding.kind !== 'form' || !isSpent(engine, rule))
  return open.some(({ finding }) => finding.kind === 'form') ? open : found
}
