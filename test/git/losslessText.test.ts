import fc from 'fast-check'
import { expect, test } from 'vitest'
import { losslessBytes, losslessText } from '../../src/git/losslessText.ts'

test('any bytes come back as they were, also with more text behind them', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 6 }).map((text) => Buffer.from(text)),
  )
  fc.assert(
    fc.property(fc.array(piece), fc.string({ unit: 'grapheme' }), (pieces, more) => {
      const bytes = Buffer.concat(pieces)
      expect(losslessBytes(`${losslessText(bytes)}\n${more}`)).toEqual(Buffer.concat([bytes, Buffer.from(`\n${more}`)]))
    }),
    { numRuns: 500 },
  )
})

test('what is UTF-8 is read as that, beside what is not', () => {
  expect(losslessText(Buffer.from('name = J\xfcrg # ', 'latin1')) + losslessText(Buffer.from('é😀'))).toBe(
    'name = J\udcfcrg # é😀',
  )
  expect(losslessText(Buffer.concat([Buffer.from('é😀'), Buffer.of(0xff)]))).toBe('é😀\udcff')
})
