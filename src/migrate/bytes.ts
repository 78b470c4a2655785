/**
 * Text whose characters are the bytes of a file (ISO 8859-1), so that an index into it is a byte offset and nothing of the
 * file is lost, whatever its encoding: a BOM is `\xef\xbb\xbf`, an `é` of UTF-8 two characters. The planners read and
 * write only this; what they look for (URLs, keys, punctuation) is ASCII in every file of theirs.
 */
export type ByteText = string

/** The bytes of a file as text. */
export function byteText(bytes: Uint8Array): ByteText {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** The bytes that `text` stands for. */
export function bytesOf(text: ByteText): Buffer {
  return Buffer.from(text, 'latin1')
}

/** `text` as a person reads it: its bytes taken as UTF-8. */
export function readable(text: ByteText): string {
  return bytesOf(text).toString('utf8')
}

/** `text` of JavaScript as the bytes of its UTF-8. */
export function asByteText(text: string): ByteText {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The line, from 1, that the byte at `offset` stands in. */
export function lineAt(text: ByteText, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
