/** C0, DEL, C1, lone surrogates, bidirectional controls, line and paragraph separators. */
export const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** `text` without control characters, terminal escapes and bidirectional overrides, safe to show on a terminal. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd')
}

/** `1 file`, `2 files`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** `text` cut to `length` characters, with an ellipsis in the place of what was cut. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
