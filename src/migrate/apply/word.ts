import type { ByteText } from '../bytes.ts'

/**
 * What a URL, with what belongs to it, is made of: up to its committish, escapes and percent-encoding too, and bytes beyond
 * ASCII. A path that is longer, or a port, makes it another URL.
 */
const letter = /[\w.~%+/@:\\\x80-\xff-]/

/** The word that the bytes from `start` to `end` of `text` are in: all that adjoins them and is of the same URL. */
export function wordAround(text: ByteText, start: number, end: number): { start: number; end: number } {
  let [from, to] = [start, end]
  if (isLetter(text, start)) while (isLetter(text, from - 1)) from -= 1
  if (isLetter(text, end - 1)) while (isLetter(text, to)) to += 1
  return { start: from, end: to }
}

/** Where `word`, as `wordAround` gives it, stands in `text`, and not a longer one. */
export function standsOf(word: ByteText, text: ByteText): number[] {
  const found: number[] = []
  if (word === '') return found
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const whole = wordAround(text, at, at + word.length)
    if (whole.start === at && whole.end === at + word.length) found.push(at)
  }
  return found
}

function isLetter(text: ByteText, at: number): boolean {
  return letter.test(text.charAt(at))
}
