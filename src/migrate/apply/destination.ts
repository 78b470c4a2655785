import { parseHost } from '../../codecommit/host.ts'
import { partsOf } from '../../git/config.ts'
import { type Rule, rewritten, ruleFor, rulesOf } from '../gitConfig/insteadOf.ts'
import { parseUrl } from '../url/parse.ts'
import type { Setting } from './setting.ts'

/** A rule for URLs, and the setting that it is. */
export interface PlacedRule extends Rule {
  /** Its place among the settings. */
  readonly index: number
  readonly setting: Setting
}

/** A URL that would lead elsewhere than was planned. */
export interface Astray {
  /** Where git goes now, and where it would go. */
  readonly was: string
  readonly is: string
  readonly push: boolean
  /** The rule that does it: one that holds for the new URL, or one that held for the old one. */
  readonly rule: PlacedRule
  readonly holds: 'new' | 'old'
}

export function placedRules(settings: readonly Setting[]): PlacedRule[] {
  return settings.flatMap((setting, index) => {
    const { key, value } = setting
    return rulesOf([{ ...partsOf(key), value }]).map((rule) => ({ ...rule, index, setting }))
  })
}

/** The rules before and after, and where each of the former is among the settings after. */
export interface Rules {
  readonly before: readonly PlacedRule[]
  readonly after: readonly PlacedRule[]
  readonly placeOf: (index: number) => number | undefined
}

/** The rules of settings that nothing changes. */
export function lasting(settings: readonly Setting[]): Rules {
  const rules = placedRules(settings)
  return { before: rules, after: rules, placeOf: (index) => index }
}

/**
 * Whether git would go elsewhere than was planned when `before` becomes `after`, or stays: to `after` itself where it is
 * edited, else to where it goes now, by a rule that is edited to that one's new base.
 */
export function astray(before: string, after: string, push: boolean, rules: Rules): Astray | undefined {
  const was = destination(before, push, rules.before)
  const is = destination(after, push, rules.after)
  if (is.url === wanted(before, after, push, was, rules)) return undefined
  const rule = is.rule ?? was.rule
  return rule && { was: was.url, is: is.url, push, rule, holds: is.rule ? 'new' : 'old' }
}

interface Destination {
  readonly url: string
  readonly rule: PlacedRule | undefined
}

/** Where git goes for `url` (alias_url and alias_all_urls in its remote.c). A pushurl is no `push` in this sense. */
function destination(url: string, push: boolean, rules: readonly PlacedRule[]): Destination {
  const fetching = () =>
    ruleFor(
      url,
      rules.filter((rule) => !rule.push),
    )
  const rule = push
    ? (ruleFor(
        url,
        rules.filter((one) => one.push),
      ) ?? fetching())
    : fetching()
  return { url: rule ? rewritten(url, rule) : url, rule }
}

function wanted(before: string, after: string, push: boolean, was: Destination, rules: Rules): string {
  const { rule } = was
  if (!rule) return after
  const same = rules.after.find(({ index }) => index === rules.placeOf(rule.index)) ?? rule
  // Where pushes go by a rule of their own, that is not what the plan moves.
  if (before === after || (push && rule.push)) return rewritten(before, { ...same, pattern: rule.pattern })
  return isSameRepository(was.url, after) ? after : was.url
}

/** A rule may be an abbreviation, an alias, or have moved the URL already; a mirror it may not be. */
function isSameRepository(was: string, after: string): boolean {
  const [now, then] = [parseUrl(was, 'git'), parseUrl(after, 'git')]
  if (!now || !then || now.path !== then.path) return false
  const hosts = [now, then].flatMap(({ host }) => parseHost(host ?? '')?.name ?? [])
  return new Set(hosts).size < 2 && (now.form !== then.form || now.account === then.account)
}
