import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Stands, wordAround } from '../../../src/migrate/apply/word.ts'

/** The same by a look at each place of the text; of two that overlap the first. */
function standsOf(word: string, text: string): number[] {
  const found: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const { start, end } = wordAround(text, at, at + word.length)
    if (!text.startsWith(word, at) || start !== at || end !== at + word.length) continue
    found.push(at)
    at = end - 1
  }
  return found
}

test('words stand where a look at each place finds them', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab/@" \n'), maxLength: 40 })
  fc.assert(
    fc.property(text, fc.array(fc.tuple(fc.nat(40), fc.nat(12)), { minLength: 1, maxLength: 4 }), (all, parts) => {
      const words = parts.map(([from, length]) => {
        const { start, end } = wordAround(all, from, Math.max(from, Math.min(from + length, all.length)))
        return all.slice(start, end)
      })
      const stands = new Stands(all, words)
      for (const word of words.filter((one) => one !== '')) expect(stands.of(word)).toEqual(standsOf(word, all))
    }),
  )
})

test('the text is looked through once, however many the words: 5,000 in 3 MB', () => {
  const words = Array.from({ length: 5000 }, (_, index) => `x${index}@git+https://host/v1/repos/x`)
  const text = words.map((word) => `"${word}#1a": {}\n${' '.repeat(500)}`).join('')
  const stands = new Stands(text, words)
  expect(words.map((word) => stands.of(word).length)).toEqual(words.map(() => 1))
})
