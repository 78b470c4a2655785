import type { ByteText } from '../bytes.ts'

/** A piece of a configuration: what git reads, and the bytes that say it. */
interface Span {
  /** From the first byte that counts to the last, quotes included. */
  readonly start: number
  readonly end: number
  /** From the first character of the text itself to its last, the quotes around it left out. */
  readonly innerStart: number
  readonly innerEnd: number
}

/** The `"NAME"` of `[section "NAME"]`; `[section.name]` has none that could be edited. */
export interface Header {
  readonly subsection: string
  readonly span: Span
}

/** One variable, as git-config(1) has it. */
export interface Entry {
  /** In lower case. */
  readonly section: string
  /** As it is compared: in lower case where it was written `[section.name]`. */
  readonly subsection: string | undefined
  /** In lower case. */
  readonly name: string
  /** Unquoted and unescaped; undefined for a name that stands alone, which means true. */
  readonly value: string | undefined
  readonly span: Span
  /** The header that it stands under; undefined where that has no quoted subsection. */
  readonly header: Header | undefined
}

export interface ParsedConfig {
  readonly entries: readonly Entry[]
  /** The line, from 1, at which git gives up; it then reads nothing of the whole file. */
  readonly badLine: number | undefined
}

/**
 * Reads a configuration as git does (git_parse_source and what it calls, in git's config.c), and keeps where everything stands.
 * Only one thing is as later versions have it: blanks inside a value stay what they are (git before 2.45 makes each a space).
 */
export function parseConfig(text: ByteText): ParsedConfig {
  const reader = new Reader(text)
  const entries: Entry[] = []
  if (text.startsWith(bom)) reader.at = bom.length
  let stem = ''
  let header: Header | undefined
  while (!reader.ended) {
    const c = reader.next()
    if (isSpace(c)) continue
    if (c === '#' || c === ';') reader.skipLine()
    else if (c === '[') {
      const found = readHeader(reader)
      if (!found) return { entries, badLine: reader.line }
      stem = found.stem
      header = found.header
    } else if (/[A-Za-z]/.test(c)) {
      const found = readVariable(reader)
      if (!found) return { entries, badLine: reader.line }
      const name = found.name
      const dot = stem.indexOf('.')
      const [section, subsection] = dot < 0 ? [stem, undefined] : [stem.slice(0, dot), stem.slice(dot + 1)]
      entries.push({ section, subsection, name, value: found.value, span: found.span, header })
    } else return { entries, badLine: reader.line }
  }
  return { entries, badLine: undefined }
}

const bom = '\xef\xbb\xbf'

/** The characters of a text as git's get_next_char gives them: CR LF is LF, and the end is one more LF. */
class Reader {
  at = 0
  ended = false
  /** Of the character that comes next, from 1. */
  #line = 1
  /** Where the last character began. */
  start = 0
  last = ''
  readonly text: ByteText

  constructor(text: ByteText) {
    this.text = text
  }

  next(): string {
    this.start = this.at
    if (this.last === '\n') this.#line += 1
    if (this.at >= this.text.length) this.ended = true
    else if (this.text.startsWith('\r\n', this.at)) this.at += 2
    else this.last = this.text.charAt(this.at++)
    if (this.ended || this.at - this.start === 2) this.last = '\n'
    return this.last
  }

  /** The line of the last character. */
  get line(): number {
    return this.#line
  }

  skipLine(): void {
    while (this.next() !== '\n');
  }
}

function readHeader(reader: Reader): { stem: string; header: Header | undefined } | undefined {
  let stem = ''
  for (;;) {
    const c = reader.next()
    if (reader.ended) return undefined
    if (c === ']') return stem === '' ? undefined : { stem, header: undefined }
    if (isSpace(c)) break
    if (!/[A-Za-z0-9.-]/.test(c)) return undefined
    stem += c.toLowerCase()
  }
  while (isSpace(reader.last)) {
    if (reader.last === '\n') return undefined
    reader.next()
  }
  if (reader.last !== '"') return undefined
  const start = reader.start
  const innerStart = reader.at
  let subsection = ''
  for (;;) {
    let c = reader.next()
    if (c === '"') break
    if (c === '\\') c = reader.next()
    if (c === '\n') return undefined
    subsection += c
  }
  const span = { start, end: reader.at, innerStart, innerEnd: reader.start }
  if (reader.next() !== ']') return undefined
  return { stem: `${stem}.${subsection}`, header: { subsection, span } }
}

function readVariable(reader: Reader): Pick<Entry, 'name' | 'value' | 'span'> | undefined {
  let name = reader.last.toLowerCase()
  while (/[A-Za-z0-9-]/.test(reader.next()) && !reader.ended) name += reader.last.toLowerCase()
  while (reader.last === ' ' || reader.last === '\t') reader.next()
  const at = reader.start
  if (reader.last === '\n') return { name, value: undefined, span: { start: at, end: at, innerStart: at, innerEnd: at } }
  if (reader.last !== '=') return undefined
  const found = readValue(reader)
  return found && { name, ...found }
}

interface Token {
  readonly kind: 'text' | 'blank' | 'quote' | 'continuation' | 'bad'
  /** What it adds to the value. */
  readonly text: string
  readonly start: number
  readonly end: number
}

const escapes: Readonly<Record<string, string>> = { t: '\t', b: '\b', n: '\n', '\\': '\\', '"': '"' }

/** What stands behind `=` up to the end of its last line, without the comment. */
function* valueTokens(reader: Reader): Generator<Token> {
  let quoted = false
  for (let c = reader.next(); c !== '\n'; c = reader.next()) {
    const start = reader.start
    const token = (kind: Token['kind'], text: string): Token => ({ kind, text, start, end: reader.at })
    if (c === '"') {
      quoted = !quoted
      yield token('quote', '')
    } else if (c === '\\') {
      const escaped = reader.next()
      const text = escapes[escaped]
      if (text === undefined && escaped !== '\n') return yield token('bad', '')
      yield text === undefined ? token('continuation', '') : token('text', text)
    } else if (quoted) yield token('text', c)
    else if (isSpace(c)) yield token('blank', c)
    else if (c === '#' || c === ';') return reader.skipLine()
    else yield token('text', c)
  }
  if (quoted) yield { kind: 'bad', text: '', start: reader.start, end: reader.at }
}

function readValue(reader: Reader): Pick<Entry, 'value' | 'span'> | undefined {
  const at = reader.at
  let value = ''
  let blanks = ''
  let whole: { start: number; end: number } | undefined
  let inner: { start: number; end: number } | undefined
  for (const { kind, text, start, end } of valueTokens(reader)) {
    if (kind === 'bad') return undefined
    if (kind === 'blank') {
      if (value !== '') blanks += text
      continue
    }
    value += blanks + text
    blanks = ''
    // A continuation keeps the blanks before it even when nothing follows: then it belongs to the value.
    const counts = kind !== 'continuation' || (whole && isSpace(reader.text.charAt(start - 1)))
    if (counts) whole = { start: whole?.start ?? start, end }
    if (kind === 'text') inner = { start: inner?.start ?? start, end }
  }
  const { start, end } = whole ?? { start: at, end: at }
  return { value, span: { start, end, innerStart: inner?.start ?? end, innerEnd: inner?.end ?? end } }
}

/** git's own isspace: neither form feed nor vertical tab. */
function isSpace(c: string): boolean {
  return c === ' ' || c === '\t' || c === '\n' || c === '\r'
}
