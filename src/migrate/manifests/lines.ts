import type { ByteText } from '../bytes.ts'

export interface Line {
  /** Without what ends it. */
  readonly text: ByteText
  readonly start: number
  /** From 1. */
  readonly number: number
}

/** The lines of a text, whose ends are LF or CRLF; a BOM belongs to none. */
export function* linesOf(text: ByteText): Generator<Line> {
  let start = text.startsWith('\xef\xbb\xbf') ? 3 : 0
  for (let number = 1; start < text.length; number += 1) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    yield { text: text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end), start, number }
    start = end + 1
  }
}
