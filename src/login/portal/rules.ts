import { numberToMatch } from './approval.ts'
import { factorOf } from './factors.ts'
import type { Finding } from './finding.ts'
import { fieldKey } from './forms.ts'
import { titleOf } from './lists.ts'
import type { Match, View } from './view.ts'

/**
 * One line of a recipe's table. At each look at the page the first rule that matches fires, at most `max` times. All selectors are
 * CSS, find through frames and open shadow roots, and count only what a person can see; of a list (`#a, #b`) the first that is shown.
 */
export interface Rule {
  /** For the trace. */
  readonly name: string
  /** What must be shown: all of these. */
  readonly when: readonly string[]
  /** What must not be shown: none of these. */
  readonly unless?: readonly string[]
  /** What the address must contain. */
  readonly url?: string
  /** Selector → what to type there. */
  readonly fill?: Readonly<Record<string, 'username' | 'password' | 'otp'>>
  /** Boxes to tick where they are shown. */
  readonly check?: readonly string[]
  /** What to press; after `fill`, to send the form. */
  readonly click?: string
  /** The things to choose from. */
  readonly choose?: { readonly options: string; readonly about: 'factor' | 'account' | 'provider' }
  /** The portal waits for an approval on another device; what shows the number to match there. */
  readonly show?: string
  /** The portal waits for an approval on another device, with no number. */
  readonly wait?: 'approval'
  /** Where the portal says that something was wrong. */
  readonly error?: string
  /** How often the rule may fire; 1 by default. Waiting is not counted. */
  readonly max?: number
}

/** Rules that know one portal's pages. */
export interface Recipe {
  readonly name: string
  readonly rules: readonly Rule[]
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
  const why = `rule ${rule.name}`
  if (rule.fill) return formOf(rule, view, checks)
  if (rule.show !== undefined || rule.wait) {
    const number = first(rule.show)?.text.trim()
    // What such an element holds on other pages, a field or a sentence, is no number to match.
    const short = number !== undefined && /^\w{1,6}$/.test(number) ? number : undefined
    if (!short && !rule.wait) return undefined
    return { kind: 'approval', why, number: short ?? numberToMatch(view), otherWay: undefined, checks }
  }
  if (rule.choose) {
    const { options, about } = rule.choose
    const choices = (view.matches[options] ?? []).map(({ handle, text, label }) => ({
      handle,
      text: text || label,
      factor: factorOf(text || label),
      radio: false,
      option: undefined,
    }))
    return { kind: 'choice', why, about, title: titleOf(view), choices, submit: first(rule.click)?.handle }
  }
  const button = first(rule.click)
  return button && { kind: 'press', why, button: button.handle, checks, patient: false }
}

function formOf(rule: Rule, view: View, checks: readonly string[]): Finding | undefined {
  const fills = Object.entries(rule.fill ?? {}).flatMap(([selector, role]) => {
    const match = view.matches[selector]?.find(({ enabled }) => enabled)
    const field = view.fields.find(({ handle }) => handle === match?.handle)
    if (!match || !field) return []
    return [
      {
        role,
        handles: [match.handle],
        title: field.label || field.placeholder || undefined,
        key: fieldKey(role, field),
        filled: field.filled,
        document: field.document,
      },
    ]
  })
  const [one] = fills
  if (!one) return undefined
  const submit = rule.click === undefined ? undefined : view.matches[rule.click]?.[0]?.handle
  return { kind: 'form', why: `rule ${rule.name}`, document: one.document, fills, checks, submit }
}
