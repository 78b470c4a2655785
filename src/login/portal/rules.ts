import type { View } from './view.ts'

/**
 * One line of a recipe's table. At each look at the page the first rule that matches fires, at most `max` times. All selectors are
 * CSS, find through frames and open shadow roots, and count only what a person can see; of a list (`#a, #b`) the first that is shown.
 */
export interface Rule {
  /** For the trace: `adfs: name and password`. */
  readonly name: string
  /** Where it is written, `corp.toml:12`; undefined where it is built in. */
  readonly at?: string | undefined
  /** What must be shown: all of these. */
  readonly when: readonly string[]
  /** What must not be shown: none of these. */
  readonly unless?: readonly string[]
  /** What the address of the page, or of a frame in it, must contain. */
  readonly url?: string
  /** Selector → what to type there: what a person answers, or a text that is the same for everybody. */
  readonly fill?: Readonly<Record<string, FillRole | FixedText>>
  /** Boxes to tick where they are shown. */
  readonly check?: readonly string[]
  /** What to press; after `fill`, to send the form; beside `show` or `wait`, what leads to the other factors. */
  readonly click?: string
  /** The things to choose from: what to press, radios, or a select; beside `fill`, in the same form. `pick`: what the one says. */
  readonly choose?: { readonly options: string; readonly about: ChoiceAbout; readonly pick?: string }
  /** The portal waits for an approval on another device; what shows the number to match there. */
  readonly show?: string
  /** The portal waits for an approval on another device, with no number; or the page goes on by itself. */
  readonly wait?: Wait
  /** Where the portal says that something was wrong. */
  readonly error?: string
  /** How often the rule may fire; 1 by default. Waiting is not counted. */
  readonly max?: number
}

export const fillRoles = ['username', 'password', 'otp'] as const
export type FillRole = (typeof fillRoles)[number]
export interface FixedText {
  readonly text: string
}
export const choiceAbouts = ['factor', 'account', 'provider'] as const
type ChoiceAbout = (typeof choiceAbouts)[number]
export const waits = ['approval', 'page'] as const
type Wait = (typeof waits)[number]

/** Tells a rule from all others: names may be given twice. */
export function ruleKey({ name, at }: Rule): string {
  return `${name} ${at ?? ''}`
}

/** All selectors that a scan must look for, so that `rules` can be judged by it. */
export function selectorsOf(rules: readonly Rule[]): string[] {
  const all = rules.flatMap((rule) => [
    ...rule.when,
    ...(rule.unless ?? []),
    ...Object.keys(rule.fill ?? {}),
    ...(rule.check ?? []),
    ...[rule.click, rule.choose?.options, rule.show, rule.error].filter((selector) => selector !== undefined),
  ])
  return [...new Set(all)]
}

/** The texts that the rules know to be errors. */
export function errorsOf(rules: readonly Rule[], view: View): string[] {
  return rules.flatMap(({ error }) => (error ? (view.matches[error] ?? []).map(({ text }) => text).filter(Boolean) : []))
}
