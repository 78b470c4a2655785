import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asByteText, bytesOf, byteText, lineAt, readable } from '../../src/migrate/bytes.ts'
import { spliced } from '../../src/migrate/splice.ts'

test('edits in any order; insertions; bytes of any encoding', () => {
  const text = byteText(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x0d, 0x0a, 0xff]))
  const edits = [
    { start: 7, end: 7, old: '', new: 'z' },
    { start: 3, end: 4, old: 'a', new: 'bc' },
  ]
  expect([...bytesOf(spliced(text, edits))]).toEqual([0xef, 0xbb, 0xbf, 0x62, 0x63, 0x0d, 0x0a, 0xff, 0x7a])
})

test.each([
  [
    [
      { start: 0, end: 2, old: 'ab', new: '' },
      { start: 1, end: 3, old: 'bc', new: '' },
    ],
    'overlap',
  ],
  [[{ start: 0, end: 2, old: 'xx', new: '' }], 'another text'],
])('%j of "abc": %s', (edits, message) => {
  expect(() => spliced('abc', edits)).toThrow(message)
})

test('all bytes come back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(new Uint8Array(bytesOf(byteText(bytes)))).toEqual(bytes)
    }),
  )
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => readable(asByteText(text)) === text))
})

test.each([
  ['a\nb\nc', 0, 1],
  ['a\nb\nc', 1, 1],
  ['a\nb\nc', 2, 2],
  ['a\r\nb', 3, 2],
  ['a\n', 2, 2],
])('%j: byte %d is in line %d', (text, offset, line) => {
  expect(lineAt(text, offset)).toBe(line)
})
