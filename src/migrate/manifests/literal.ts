import { asByteText, type ByteText, readable } from '../bytes.ts'
import type { Edit } from '../plan.ts'
import { spliced } from '../splice.ts'

/** How a text is written: as in JSON, between single quotes of YAML, or as it is. */
export type Quoting = 'double' | 'single' | 'plain'

/** A text in a file, and the bytes that it is read from. */
export interface Literal {
  /** Of the bytes between the quotes. */
  readonly start: number
  readonly raw: ByteText
  readonly quoting: Quoting
  /** As its reader has it. */
  readonly value: string
}

/** The literal of `raw`, which stands at `start`. */
export function literalOf(raw: ByteText, start: number, quoting: Quoting): Literal {
  return { start, raw, quoting, value: read(raw, quoting).value }
}

/**
 * The splice that makes `from`, which stands at `index` of the value, into `to`. What both begin and end with keeps its
 * bytes, and with them its escapes.
 */
export function within(literal: Literal, index: number, from: string, to: string): Pick<Edit, 'start' | 'end' | 'old' | 'new'> {
  const { ahead, behind } = common(from, to)
  const { offsets } = read(literal.raw, literal.quoting)
  const [first = 0, last = 0] = [offsets[index + ahead], offsets[index + from.length - behind]]
  const old = literal.raw.slice(first, last)
  const written = quoted(to.slice(ahead, to.length - behind), literal.quoting, old.includes('\\/'))
  return { start: literal.start + first, end: literal.start + last, old, new: written }
}

/** The value of `literal` when `edits`, which lie in it, are done. */
export function newValue({ raw, start, quoting, value }: Literal, edits: readonly Edit[]): string {
  if (edits.length === 0) return value
  const inside = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }))
  return literalOf(spliced(raw, inside), start, quoting).value
}

/** One character of a value as it is written. Of the escapes that only YAML has none is a letter of a URL. */
const units = {
  double: /\\u[0-9A-Fa-f]{4}|\\[\s\S]|[\xc2-\xf4][\x80-\xbf]+|[\s\S]/g,
  single: /''|[\xc2-\xf4][\x80-\xbf]+|[\s\S]/g,
  plain: /[\xc2-\xf4][\x80-\xbf]+|[\s\S]/g,
}

const escapes: Readonly<Record<string, string>> = {
  ...{ '\\"': '"', '\\\\': '\\', '\\/': '/', '\\b': '\b', '\\f': '\f', '\\n': '\n', '\\r': '\r', '\\t': '\t' },
  ...{ '\\ ': ' ', "''": "'" }, // YAML's own
}

/** The value, and of each of its UTF-16 units (and of its end) the offset in `raw`. */
function read(raw: ByteText, quoting: Quoting): { value: string; offsets: readonly number[] } {
  const offsets: number[] = []
  let value = ''
  for (const { 0: unit, index } of raw.matchAll(units[quoting])) {
    const text = characterOf(unit)
    for (let i = 0; i < text.length; i += 1) offsets.push(index)
    value += text
  }
  return { value, offsets: [...offsets, raw.length] }
}

function characterOf(unit: ByteText): string {
  if (unit.length === 1) return unit < '\x80' ? unit : '\ufffd'
  if (unit.startsWith('\\u') && unit.length === 6) return String.fromCharCode(Number.parseInt(unit.slice(2), 16))
  return escapes[unit] ?? (unit.startsWith('\\') ? '\ufffd' : readable(unit))
}

function quoted(text: string, quoting: Quoting, slashes: boolean): ByteText {
  if (quoting === 'plain') return asByteText(text)
  if (quoting === 'single') return asByteText(text.replaceAll("'", "''"))
  const json = asByteText(JSON.stringify(text).slice(1, -1))
  return slashes ? json.replaceAll('/', '\\/') : json
}

/** How many characters both begin with, and how many both end with beside those. */
function common(one: string, other: string): { ahead: number; behind: number } {
  const most = Math.min(one.length, other.length)
  let ahead = 0
  while (ahead < most && one[ahead] === other[ahead]) ahead += 1
  let behind = 0
  while (behind < most - ahead && one.at(-1 - behind) === other.at(-1 - behind)) behind += 1
  return { ahead, behind }
}
