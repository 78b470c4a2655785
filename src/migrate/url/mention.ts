import type { ByteText } from '../bytes.ts'

/**
 * Whether `text` can name CodeCommit at all, by bytes that every form of its URLs has: its host or a `codecommit:` scheme,
 * or the path that an alias is used with. Escapes of JSON and percent signs do not stand in the way of these letters in any
 * file that was seen; a text that hides them is left as it is.
 */
export function mayNameCodeCommit(text: ByteText): boolean {
  return /codecommit|v1(?:\\?\/|%2f)repos(?:\\?\/|%2f)/i.test(text)
}
