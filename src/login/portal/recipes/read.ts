import { nearestOf } from '../../../base/nearest.ts'
import { readToml } from '../../../base/toml.ts'
import { choiceAbouts, type FillRole, type FixedText, fillRoles, type Rule, waits } from '../rules.ts'
import type { Place, Problem, Way } from './problem.ts'
import { selectorProblem } from './selectorProblem.ts'

/** What a recipe's text holds: its rules, or what is wrong in it. */
export type Reading =
  | { readonly kind: 'rules'; readonly rules: readonly Rule[]; readonly ways: readonly Way[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'syntax'; readonly place: Place; readonly what: string }

const ruleKeys = ['name', 'when', 'unless', 'url', 'fill', 'check', 'click', 'choose', 'show', 'wait', 'error', 'max']
/** What a rule does. A rule with `error` alone only knows where the portal says no. */
const deeds = ['fill', 'click', 'choose', 'show', 'wait', 'error'] as const
/** What cannot stand together in one rule: it does one thing. */
const apart: readonly [string, readonly string[]][] = [
  ['fill', ['show', 'wait']],
  ['choose', ['show', 'wait']],
]
const mostOften = 10

/**
 * Reads the rules of a recipe (TOML, as recipes/schema.json says). Pure: files and places are others' matter.
 * @param recipe its name, for the names of the rules
 */
export function readRecipe(text: string, recipe: string): Reading {
  const toml = readToml(text)
  if (toml.document === undefined) return { kind: 'syntax', place: toml, what: toml.what }
  const { document } = toml
  const problems: Problem[] = []
  unknownKeys(document, ['rule'], 'a recipe', [], problems)
  const { rule: list = [] } = document
  const rules: Rule[] = []
  const ways: Way[] = []
  if (!Array.isArray(list) || !list.every(isTable)) {
    problems.push({ way: ['rule'], what: 'rule must be written as [[rule]]' })
  } else if (list.length === 0) {
    if (problems.length === 0) problems.push({ way: [], what: 'there is no [[rule]] in it' })
  } else {
    for (const [index, table] of list.entries()) {
      ways.push(['rule', index])
      rules.push(new RuleReader(table, ['rule', index], problems).rule(recipe))
    }
  }
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'rules', rules, ways }
}

/** Reads one `[[rule]]` key by key, and notes what is wrong instead of stopping at it. */
class RuleReader {
  readonly #table: Readonly<Record<string, unknown>>
  readonly #way: Way
  readonly #problems: Problem[]

  constructor(table: Readonly<Record<string, unknown>>, way: Way, problems: Problem[]) {
    this.#table = table
    this.#way = way
    this.#problems = problems
  }

  rule(recipe: string): Rule {
    unknownKeys(this.#table, ruleKeys, 'a rule', this.#way, this.#problems)
    this.#checkDeeds()
    const name = this.#text('name')
    const url = this.#text('url')
    const unless = this.#selectors('unless')
    const check = this.#selectors('check')
    const fill = this.#fill()
    const click = this.#selector('click')
    const choose = this.#choose()
    const show = this.#selector('show')
    const wait = this.#oneOf('wait', waits)
    const error = this.#selector('error')
    const max = this.#max()
    // Without `when` what the rule acts on must be shown.
    const acted = [...Object.keys(fill ?? {}), ...(wait || show ? [] : [click]), choose?.options, show]
    const when = 'when' in this.#table ? this.#selectors('when') : acted.filter((selector) => selector !== undefined)
    if (wait !== undefined && when.length === 0 && url === undefined && !('when' in this.#table)) {
      this.#wrong(['wait'], 'wait needs when or url: else the rule would wait on every page')
    }
    return {
      name: `${recipe}: ${name ?? `rule ${Number(this.#way.at(-1)) + 1}`}`,
      when,
      ...(unless.length > 0 && { unless }),
      ...(url !== undefined && { url }),
      ...(fill && { fill }),
      ...(check.length > 0 && { check }),
      ...(click !== undefined && { click }),
      ...(choose && { choose }),
      ...(show !== undefined && { show }),
      ...(wait !== undefined && { wait }),
      ...(error !== undefined && { error }),
      ...(max !== undefined && { max }),
    }
  }

  /** That the rule does something, and one thing only. */
  #checkDeeds(): void {
    const done = deeds.filter((key) => key in this.#table)
    if (done.length === 0) this.#wrong([], `the rule does nothing: give it ${deeds.join(', ')}`)
    for (const [key, others] of apart) {
      for (const other of others) {
        if (key in this.#table && other in this.#table) this.#wrong([other], `${other} cannot stand beside ${key} in one rule`)
      }
    }
    const acts = done.filter((key) => key !== 'error')
    if ('check' in this.#table && (acts.length === 0 || (acts.includes('choose') && !acts.includes('fill')))) {
      this.#wrong(['check'], 'check needs fill, click, show or wait in the same rule, and beside choose it needs fill')
    }
  }

  #wrong(way: Way, what: string): void {
    this.#problems.push({ way: [...this.#way, ...way], what })
  }

  #text(key: string, value = this.#table[key], way: Way = [key]): string | undefined {
    if (value === undefined) return undefined
    if (typeof value === 'string' && value.trim() !== '') return value
    this.#wrong(way, `${key} must be a text that is not empty`)
    return undefined
  }

  #selector(key: string, value = this.#table[key], way: Way = [key]): string | undefined {
    const selector = this.#text(key, value, way)
    if (selector === undefined) return undefined
    const wrong = selectorProblem(selector)
    if (wrong) this.#wrong(way, `"${selector}" is not a CSS selector: ${wrong}`)
    return selector
  }

  /** One selector, or a list of them. */
  #selectors(key: string): string[] {
    const value = this.#table[key]
    if (value === undefined) return []
    if (!Array.isArray(value)) return [this.#selector(key)].filter((selector) => selector !== undefined)
    if (value.length === 0) this.#wrong([key], `${key} must not be an empty list`)
    return value.map((item, index) => this.#selector(key, item, [key, index])).filter((selector) => selector !== undefined)
  }

  #oneOf<T extends string>(key: string, words: readonly T[], value = this.#table[key], way: Way = [key]): T | undefined {
    if (value === undefined) return undefined
    const word = words.find((candidate) => candidate === value)
    if (word === undefined) {
      const near = typeof value === 'string' ? nearestOf(value, words) : undefined
      const but = typeof value === 'string' ? `, not "${value}"` : ''
      this.#wrong(way, `${key} may be ${words.join(', ')}${but}${near ? `; did you mean ${near}?` : ''}`)
    }
    return word
  }

  #fill(): Rule['fill'] {
    const value = this.#table.fill
    if (value === undefined) return undefined
    if (!isTable(value) || Object.keys(value).length === 0) {
      this.#wrong(['fill'], `fill must be a table of selectors, such as { "#name" = "username" }`)
      return undefined
    }
    const fills = Object.entries(value).map(([selector, role]) => {
      const wrong = selectorProblem(selector)
      if (wrong) this.#wrong(['fill', selector], `"${selector}" is not a CSS selector: ${wrong}`)
      return [selector, this.#filling(selector, role)] as const
    })
    return Object.fromEntries(fills.filter((fill): fill is [string, FillRole | FixedText] => fill[1] !== undefined))
  }

  /** `"username"`, or `{ text = "ACME" }`. */
  #filling(selector: string, value: unknown): FillRole | FixedText | undefined {
    const key = `fill."${selector}"`
    const way = ['fill', selector]
    if (!isTable(value)) return this.#oneOf(key, fillRoles, value, way)
    unknownKeys(value, ['text'], key, [...this.#way, ...way], this.#problems)
    if (!('text' in value)) this.#wrong(way, `${key} has no text`)
    const text = this.#text('text', value.text, [...way, 'text'])
    return text === undefined ? undefined : { text }
  }

  #choose(): Rule['choose'] {
    const value = this.#table.choose
    if (value === undefined) return undefined
    if (!isTable(value)) {
      this.#wrong(['choose'], 'choose must be a table, such as { options = ".factor", about = "factor" }')
      return undefined
    }
    unknownKeys(value, ['options', 'about', 'pick'], 'choose', [...this.#way, 'choose'], this.#problems)
    for (const key of ['options', 'about']) if (!(key in value)) this.#wrong(['choose'], `choose has no ${key}`)
    const options = this.#selector('options', value.options, ['choose', 'options'])
    const about = this.#oneOf('about', choiceAbouts, value.about, ['choose', 'about'])
    const pick = this.#text('pick', value.pick, ['choose', 'pick'])
    if (options === undefined || about === undefined) return undefined
    return { options, about, ...(pick !== undefined && { pick }) }
  }

  #max(): number | undefined {
    const { max } = this.#table
    if (max === undefined) return undefined
    if (typeof max === 'number' && Number.isInteger(max) && max >= 1 && max <= mostOften) return max
    this.#wrong(['max'], `max must be a whole number from 1 to ${mostOften}`)
    return undefined
  }
}

function unknownKeys(
  table: Readonly<Record<string, unknown>>,
  known: readonly string[],
  of: string,
  way: Way,
  problems: Problem[],
): void {
  for (const key of Object.keys(table)) {
    if (known.includes(key)) continue
    const near = nearestOf(key, known)
    problems.push({
      way: [...way, key],
      what: `${key} is no key of ${of}; ${near ? `did you mean ${near}?` : `there are ${known.join(', ')}`}`,
    })
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
