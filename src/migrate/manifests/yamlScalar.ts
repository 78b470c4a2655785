import type { ByteText } from '../bytes.ts'
import { type Literal, literalOf, type Quoting } from './literal.ts'

/** What is no YAML that package managers write. */
export class NotUnderstood extends Error {}

/** The scalar that begins at `column`. */
export function scalarAt(
  line: ByteText,
  column: number,
  at: number,
  key: boolean,
  flow = false,
): { literal: Literal; end: number } {
  const rest = line.slice(column)
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(rest)
  const single = double ? null : /^'((?:[^']|'')*)'/.exec(rest)
  const match = double ?? single ?? plain(rest, key, flow)
  if (!match) throw new NotUnderstood()
  const quoting: Quoting = double ? 'double' : single ? 'single' : 'plain'
  const start = at + column + (quoting === 'plain' ? 0 : 1)
  return { literal: literalOf(match[1] ?? '', start, quoting), end: column + match[0].length }
}

/** YAML 1.2.2, 7.3.3: a `:` that a blank follows ends it, and a `#` that one precedes; in a flow also its punctuation. */
function plain(rest: ByteText, key: boolean, flow: boolean): RegExpExecArray | null {
  if (/^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?:[ \t]|$))/.test(rest)) return null
  const match = flow
    ? /^((?:[^ \t,[\]{}:#]|:(?=[^ \t,[\]{}])|(?<![ \t])#| +(?=[^ \t#,[\]{}:]))+)/.exec(rest)
    : plainInBlock.exec(rest)
  // A value with a colon and a blank in it is no value.
  return match && !key && !flow && /^ *:(?:[ \t]|$)/.test(rest.slice(match[0].length)) ? null : match
}

const plainInBlock = /^((?:[^ \t:#]|:(?=[^ \t])|(?<![ \t])#| +(?=[^ \t#:]|:[^ \t]))+)/

export function afterBlanks(line: ByteText, from: number): number {
  return from + (/^ */.exec(line.slice(from))?.[0].length ?? 0)
}

/** Whether nothing but a comment follows. */
export function blankFrom(line: ByteText, from: number): boolean {
  return /^[ \t]*$|^[ \t]+#/.test(line.slice(from))
}
