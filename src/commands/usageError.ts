import type { Definition } from 'clipanion'
import { AwsfedError } from '../base/errors.ts'
import { definitionOf, synopsis } from './help.ts'

/** What clipanion's syntax errors carry: the commands that were tried, and why each did not fit. */
interface SyntaxError {
  readonly candidates?: readonly { readonly reason?: string | null }[]
}

/** The usage error for `argv`: what is wrong with it, and in the hint the nearest command's usage. */
export function usageError(argv: readonly string[], error: unknown, definitions: readonly Definition[]): AwsfedError {
  const words = argv.slice(0, firstOption(argv))
  const known = longestKnown(words, definitions)
  if (!known) {
    const nearest = nearestOf(words.join(' '), definitions)
    const what = words.length > 0 ? `there is no command ${words.join(' ')}` : `awsfed itself has no option ${argv[0]}`
    const hint = nearest ? `did you mean \`${nearest.path}\`? ${usageLine(nearest)}` : 'awsfed --help shows the commands'
    return new AwsfedError('usage', what, { hint, cause: error })
  }
  return new AwsfedError('usage', reasonOf(error), { hint: usageLine(known), cause: error })
}

function usageLine({ usage, options }: Definition): string {
  return `usage: ${synopsis(usage, options.length > 0)}`
}

function firstOption(argv: readonly string[]): number {
  const index = argv.findIndex((word) => word.startsWith('-'))
  return index < 0 ? argv.length : index
}

/** The command whose whole path `words` begin with: `login` of `login extra`. */
function longestKnown(words: readonly string[], definitions: readonly Definition[]): Definition | undefined {
  for (let length = words.length; length > 0; length -= 1) {
    const known = definitionOf(definitions, words.slice(0, length))
    if (known) return known
  }
  return undefined
}

/** The first line of what clipanion says: the rest lists usages in its own way. */
function reasonOf(error: unknown): string {
  const { candidates = [] } = error as SyntaxError
  const reason = candidates.find((each) => each.reason)?.reason ?? (error instanceof Error ? error.message : String(error))
  const [line = ''] = reason.split('\n')
  return line.replace(/\.$/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())
}

/** The command that is fewest changes of a letter away from `text`, if that is near enough to be a slip. */
function nearestOf(text: string, definitions: readonly Definition[]): Definition | undefined {
  const ranked = definitions
    .map((definition) => ({ definition, changes: changesBetween(text, definition.path.replace(/^awsfed /, '')) }))
    .sort((a, b) => a.changes - b.changes)
  const [best] = ranked
  return best && best.changes <= Math.max(2, text.length / 3) ? best.definition : undefined
}

/** Levenshtein's distance: the letters to insert, remove or replace between `a` and `b`. */
function changesBetween(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i += 1) {
    const current = [i + 1]
    for (let j = 0; j < b.length; j += 1) {
      const replaced = (previous[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      current.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
