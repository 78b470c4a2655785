import type { Entry } from './parse.ts'

/** `url.BASE.insteadOf = PATTERN`: a URL that begins with the pattern is used with the base in its place (git-config(1)). */
export interface Rule {
  readonly base: string
  readonly pattern: string
  /** `pushInsteadOf`: for pushes only, and only where the remote has no pushurl. */
  readonly push: boolean
}

/** The rules among `entries`, in git's order. */
export function rulesOf(entries: readonly Pick<Entry, 'section' | 'subsection' | 'name' | 'value'>[]): Rule[] {
  return entries.flatMap(({ section, subsection, name, value }) =>
    section === 'url' && subsection !== undefined && value && (name === 'insteadof' || name === 'pushinsteadof')
      ? [{ base: subsection, pattern: value, push: name === 'pushinsteadof' }]
      : [],
  )
}

/**
 * The rule of `rules`, all of one kind, that git applies to `url`: the longest pattern, among equals the one whose base was
 * met first, be it with another pattern (alias_url in git's remote.c). Rules are never chained.
 */
export function ruleFor<R extends Rule>(url: string, rules: readonly R[]): R | undefined {
  let best: R | undefined
  for (const base of new Set(rules.map((rule) => rule.base))) {
    for (const rule of rules) {
      const fits = rule.base === base && url.startsWith(rule.pattern)
      if (fits && rule.pattern.length > (best?.pattern.length ?? 0)) best = rule
    }
  }
  return best
}

/** What git makes of `url` by `rule`. */
export function rewritten(url: string, rule: Rule): string {
  return rule.base + url.slice(rule.pattern.length)
}
