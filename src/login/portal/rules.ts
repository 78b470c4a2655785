import { anotherAccount } from './accounts.ts'
import { numberToMatch } from './approval.ts'
import { fieldKey } from './context.ts'
import { factorOf } from './factors.ts'
import { codeBoxes } from './fields.ts'
import type { Choice, Filling, Finding } from './finding.ts'
import { titleOf } from './lists.ts'
import { otherWayOf } from './obstacles.ts'
import type { Match, View } from './view.ts'

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
  /** Selector → what to type there. */
  readonly fill?: Readonly<Record<string, FillRole>>
  /** Boxes to tick where they are shown. */
  readonly check?: readonly string[]
  /** What to press; after `fill`, to send the form; beside `show` or `wait`, what leads to the other factors. */
  readonly click?: string
  /** The things to choose from: what to press, radios, or a select. `pick` is what the one to choose says. */
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

/** What the rules that match want, in their order, each with the rule that it comes from. */
export function ruleFindings(rules: readonly Rule[], view: View): { rule: Rule; finding: Finding }[] {
  return rules.flatMap((rule) => {
    if (!matches(rule, view)) return []
    const finding = findingOf(rule, view)
    return finding ? [{ rule, finding }] : []
  })
}

function matches(rule: Rule, view: View): boolean {
  if (rule.url !== undefined && !view.documents.some(({ url }) => url.includes(rule.url ?? ''))) return false
  const shown = (selector: string) => (view.matches[selector]?.length ?? 0) > 0
  return rule.when.every(shown) && !(rule.unless ?? []).some(shown)
}

function findingOf(rule: Rule, view: View): Finding | undefined {
  const first = (selector: string | undefined): Match | undefined =>
    selector === undefined ? undefined : view.matches[selector]?.[0]
  const checks = (rule.check ?? []).flatMap((selector) => (view.matches[selector] ?? []).map(({ handle }) => handle))
  const why = whyOf(rule)
  if (rule.fill) return formOf(rule, view, checks)
  if (rule.choose) return choiceOf(rule, view, rule.choose)
  if (rule.wait === 'page') return { kind: 'nothing', why }
  if (rule.show !== undefined || rule.wait) {
    const number = first(rule.show)?.text.trim()
    // What such an element holds on other pages, a field or a sentence, is no number to match.
    const short = number !== undefined && /^\w{1,6}$/.test(number) ? number : undefined
    if (!short && !rule.wait) return undefined
    const otherWay = first(rule.click)?.handle ?? otherWayOf(view)?.handle
    return { kind: 'approval', why, number: short ?? numberToMatch(view), otherWay, checks }
  }
  const button = first(rule.click)
  return button && { kind: 'press', why, button: button.handle, checks, patient: false }
}

function whyOf({ name, at }: Rule): string {
  return at === undefined ? `rule ${name}` : `rule ${name} (${at})`
}

function choiceOf(rule: Rule, view: View, { options, about, pick }: NonNullable<Rule['choose']>): Finding | undefined {
  const all = (view.matches[options] ?? []).filter(({ enabled }) => enabled).flatMap((match) => choicesIn(match, view))
  const picked = pick === undefined ? [] : all.filter(({ text }) => text.toLowerCase().includes(pick.toLowerCase()))
  const choices = picked.length > 0 ? picked.slice(0, 1) : all
  if (choices.length === 0) return undefined
  const submit = rule.click === undefined ? undefined : view.matches[rule.click]?.[0]?.handle
  const other = about === 'account' ? anotherAccount(view)?.handle : undefined
  const rest = choices.filter(({ handle }) => handle !== other)
  return { kind: 'choice', why: whyOf(rule), about, title: titleOf(view), choices: rest, other, submit }
}

/** What one found element offers: itself, or the options of a select. */
function choicesIn({ handle, text, label }: Match, view: View): Choice[] {
  const field = view.fields.find((each) => each.handle === handle)
  const choice = (said: string, radio: boolean, option: number | undefined) => ({
    handle,
    text: said,
    factor: factorOf(said),
    radio,
    option,
  })
  if (field?.type === 'select') return field.options.map((said, option) => choice(said, true, option))
  if (field) return [choice(field.label || field.near || text, field.type === 'radio', undefined)]
  // A button that says "Select" is called after its factor for those who do not see it.
  return [choice(factorOf(text) === undefined && factorOf(label) !== undefined ? label : text || label, false, undefined)]
}

function formOf(rule: Rule, view: View, checks: readonly string[]): Finding | undefined {
  const fills = Object.entries(rule.fill ?? {}).flatMap(([selector, role]) => fillOf(view, selector, role))
  const [one] = fills
  if (!one) return undefined
  const submit = rule.click === undefined ? undefined : view.matches[rule.click]?.[0]?.handle
  return { kind: 'form', why: whyOf(rule), document: one.document, fills, checks, submit }
}

/** What to type into the first field that `selector` finds; or into all, where a code has a box for each character. */
function fillOf(view: View, selector: string, role: FillRole): (Filling & { readonly document: number })[] {
  const found = (view.matches[selector] ?? []).map(({ handle }) => view.fields.find((field) => field.handle === handle))
  const fields = found.filter((field) => field?.enabled).filter((field) => field !== undefined)
  const [field] = fields
  if (!field) return []
  const boxes = role === 'otp' ? codeBoxes(fields) : []
  return [
    {
      role,
      handles: (boxes.length > 0 ? boxes : [field]).map(({ handle }) => handle),
      title: field.label || field.placeholder || undefined,
      // As detection names it: the same form is the same, whoever has found it.
      key: fieldKey(role, field),
      filled: field.filled,
      document: field.document,
    },
  ]
}
