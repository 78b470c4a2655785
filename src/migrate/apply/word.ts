import type { ByteText } from '../bytes.ts'

/**
 * What a URL, with what belongs to it, is made of: up to its committish, escapes and percent-encoding too, and bytes beyond
 * ASCII. A path that is longer, or a port, makes it another URL.
 */
const letter = /[\w.~%+/@:\\\x80-\xff-]/
const letters = new RegExp(`${letter.source}+`, 'g')

/** The word that the bytes from `start` to `end` of `text` are in: all that adjoins them and is of the same URL. */
export function wordAround(text: ByteText, start: number, end: number): { start: number; end: number } {
  let [from, to] = [start, end]
  if (isLetter(text, start)) while (isLetter(text, from - 1)) from -= 1
  if (isLetter(text, end - 1)) while (isLetter(text, to)) to += 1
  return { start: from, end: to }
}

/** Where words, as `wordAround` gives them, stand in a text, and not longer ones. It is looked through once for all of them. */
export class Stands {
  readonly #text: ByteText
  /** Where the first letters of each word stand. */
  readonly #first = new Map<ByteText, number[]>()
  readonly #known = new Map<ByteText, readonly number[]>()

  constructor(text: ByteText, words: Iterable<ByteText>) {
    this.#text = text
    for (const word of words) this.#first.set(firstLetters(word).letters, [])
    for (const { 0: run, index } of text.matchAll(letters)) this.#first.get(run)?.push(index)
  }

  /** @param word one of those that were asked for */
  of(word: ByteText): readonly number[] {
    const known = this.#known.get(word) ?? this.#find(word)
    this.#known.set(word, known)
    return known
  }

  #find(word: ByteText): number[] {
    // What is before and behind a word is none of its letters, so that its first ones stand alone in the text too.
    const { letters: first, index } = firstLetters(word)
    const candidates = first === '' ? everywhere(word, this.#text) : (this.#first.get(first) ?? []).map((at) => at - index)
    let until = 0
    return candidates.filter((at) => {
      const whole = at >= until && this.#text.startsWith(word, at) && isWhole(this.#text, at, at + word.length)
      if (whole) until = at + word.length
      return whole
    })
  }
}

function isWhole(text: ByteText, start: number, end: number): boolean {
  const word = wordAround(text, start, end)
  return word.start === start && word.end === end
}

function firstLetters(word: ByteText): { letters: ByteText; index: number } {
  const { 0: first = '', index = 0 } = word.matchAll(letters).next().value ?? {}
  return { letters: first, index }
}

function everywhere(word: ByteText, text: ByteText): number[] {
  const found: number[] = []
  if (word === '') return found
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) found.push(at)
  return found
}

function isLetter(text: ByteText, at: number): boolean {
  return letter.test(text.charAt(at))
}
