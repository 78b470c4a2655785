import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secondsOf } from '../../src/base/duration.ts'
import { createRedactor } from '../../src/base/redact.ts'
import { printable, shortened } from '../../src/base/text.ts'

test('what is printable holds no control character, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (text) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(printable(text)),
    ),
  )
  expect(printable('caf\u00e9 \u001b[2J\u202eevil')).toBe('caf\u00e9 \ufffd[2J\ufffdevil')
})

test('a text is shortened only when it is too long', () => {
  expect([shortened('abcd', 4), shortened('abcde', 4)]).toEqual(['abcd', 'abc\u2026'])
})

describe('redaction', () => {
  test('a named secret is gone, plain and percent-encoded', () => {
    const redactor = createRedactor()
    redactor.conceal('pa ss/w&rd')
    expect(redactor.redact('tried pa ss/w&rd and pa%20ss%2Fw%26rd')).toBe('tried [redacted] and [redacted]')
  })
  test('one secret inside another leaves nothing of the longer', () => {
    const redactor = createRedactor()
    redactor.conceal('secret')
    redactor.conceal('secret-long')
    expect(redactor.redact('secret-long')).toBe('[redacted]')
  })
  test.each([
    ['key ASIAIOSFODNN7EXAMPLE used', 'key ASIA\u2026MPLE used'],
    ['-Djavax.net.ssl.trustStorePassword=changeit -Da=b', '-Djavax.net.ssl.trustStorePassword=[redacted] -Da=b'],
    ['SAMLResponse=PHNhbWw%2B&x=1', 'SAMLResponse=[redacted]&x=1'],
    [`token ${'Ab1+xY9/'.repeat(5) + 'Kq8+zW3b'.repeat(8)}==`, 'token [redacted]'],
    [`signature ${'0123456789abcdef'.repeat(4)}`, 'signature [redacted]'],
    [`no ${'/Users/jane/a-folder'.repeat(6)}`, `no ${'/Users/jane/a-folder'.repeat(6)}`],
    ['arn:aws:sts::123456789012:assumed-role/Dev/jane', 'arn:aws:sts::123456789012:assumed-role/Dev/jane'],
  ])('%s', (text, expected) => {
    expect(createRedactor().redact(text)).toBe(expected)
  })
})

test.each<[string, number | undefined]>([
  ['8h', 28_800],
  ['90m', 5_400],
  ['1h30m', 5_400],
  ['900s', 900],
  ['', undefined],
  ['8', undefined],
  ['8 h', undefined],
  ['-1h', undefined],
  ['1.5h', undefined],
  ['8d', undefined],
])('duration %j is %s seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds)
})
