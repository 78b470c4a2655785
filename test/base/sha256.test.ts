import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hmac, sha256 } from '../../src/base/sha256.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('SHA-256 of %j is that of FIPS 180-4', (text, expected) => {
  expect(hex(sha256(Buffer.from(text)))).toBe(expected)
})

test('a million times "a", which fills many blocks', () => {
  expect(hex(sha256(Buffer.alloc(1_000_000, 'a')))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0')
})

test('whatever the data and however it comes in parts, it is what node:crypto says', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 5 }), (parts) => {
      expect(hex(sha256(...parts))).toBe(createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
    }),
  )
})

test('whatever the key, the HMAC is what node:crypto says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ maxLength: 150 }), (key, data) => {
      expect(hex(hmac(key, data))).toBe(createHmac('sha256', key).update(data).digest('hex'))
    }),
  )
})
