import type { Definition } from 'clipanion'
import { AwsfedError } from '../base/errors.ts'
import { nearestOf } from '../base/nearest.ts'
import { definitionOf, synopses } from './help.ts'

/** What clipanion's syntax errors carry: the commands that were tried, and why each did not fit. */
interface SyntaxError {
  readonly candidates?: readonly { readonly reason?: string | null }[]
}

/** The usage error for `argv`: what is wrong with it, and in the hint the nearest command's usage. */
export function usageError(argv: readonly string[], error: unknown, definitions: readonly Definition[]): AwsfedError {
  const words = argv.slice(0, firstOption(argv))
  const known = longestKnown(words, definitions)
  const reason = reasonOf(error)
  if (!known || reason === undefined) {
    const members = membersOf(words, definitions)
    if (members.length > 0) {
      const what = `${words.join(' ')} needs one of: ${members.join(', ')}`
      return new AwsfedError('usage', what, { hint: 'awsfed --help shows the commands', cause: error })
    }
    const path = nearestOf(
      words.join(' '),
      definitions.map((definition) => definition.path.replace(/^awsfed /, '')),
    )
    const nearest = path === undefined ? undefined : definitionOf(definitions, path.split(' '))
    const what = words.length > 0 ? `there is no command ${words.join(' ')}` : `awsfed itself has no option ${argv[0]}`
    const hint = nearest ? `did you mean \`${nearest.path}\`? ${usageLine(nearest)}` : 'awsfed --help shows the commands'
    return new AwsfedError('usage', what, { hint, cause: error })
  }
  return new AwsfedError('usage', reason, { hint: usageLine(known), cause: error })
}

function usageLine(definition: Definition): string {
  return `usage: ${synopses(definition)[0]}`
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

/** The words that may follow `words` in the path of a command: `check` and `record` of `portal`. */
function membersOf(words: readonly string[], definitions: readonly Definition[]): string[] {
  const group = ['awsfed', ...words, ''].join(' ')
  return definitions.filter(({ path }) => words.length > 0 && path.startsWith(group)).map(({ path }) => path.slice(group.length))
}

/** The first line of what clipanion says: the rest lists usages in its own way. Undefined where it only says that no command fits. */
function reasonOf(error: unknown): string | undefined {
  const { candidates } = error as SyntaxError
  const reason = candidates
    ? candidates.find((each) => each.reason)?.reason
    : error instanceof Error
      ? error.message
      : String(error)
  const line = reason?.split('\n')[0]
  return line?.replace(/\.$/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())
}
