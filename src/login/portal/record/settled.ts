import type { RecordedRule } from './recording.ts'

/**
 * Puts the rules in an order in which none takes the page of another: those that fill most first, those that only press last,
 * and not where something is to be filled in before the same button is pressed. One whose button has no name of its own might
 * be on any page: it is for those on which no other rule has anything to do.
 */
export function settled(rules: readonly RecordedRule[]): RecordedRule[] {
  const fills = (rule: RecordedRule) => Object.keys(rule.fill ?? {})
  const named = (selector: string | undefined) => selector !== undefined && /#|\[(?!type)/.test(selector)
  return [...rules]
    .sort((a, b) => fills(b).length - fills(a).length)
    .map((rule) => {
      const { fill, choose, click } = rule
      if (fill || choose || click === undefined) return rule
      const others = named(click)
        ? rules.filter((other) => other.click === click).flatMap(fills)
        : rules.flatMap((other) => [...fills(other), ...(other.click !== undefined && named(other.click) ? [other.click] : [])])
      return others.length > 0 ? { ...rule, unless: [...new Set(others)] } : rule
    })
}
