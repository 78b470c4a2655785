import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answer, type Credential, isWhole, readRequest } from '../../src/codecommit/credential.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const fixture = (name: string) => readFileSync(new URL(`../../fixtures/credential-requests/${name}`, import.meta.url))
const base = 'protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\n'
const host = 'git-codecommit.us-east-1.amazonaws.com'

describe('a recorded request', () => {
  const path = 'v1/repos/demo'
  test.each([
    ['git-2.39-get', { protocol: 'https', host, path, username: 'prod', capabilities: [] }],
    ['git-2.39-erase', { protocol: 'https', host, path, username: 'ASIAEXAMPLE%token', capabilities: [] }],
    ['git-2.39-store', { protocol: 'https', host, path, username: 'ASIAEXAMPLE%token', capabilities: [] }],
    ['git-2.46-get', { host: 'git-codecommit.eu-central-1.amazonaws.com', path, capabilities: ['authtype', 'state'] }],
    ['crlf-get', { protocol: 'https', host, path, capabilities: [] }],
  ])('%s is read', (name, expected) => {
    expect(readRequest(fixture(name))).toMatchObject(expected)
  })
})

describe('accepted', () => {
  test.each([
    ['no input', '', {}],
    ['no line feed at the end', 'protocol=https\nhost=a', { protocol: 'https', host: 'a' }],
    ['what stands after an empty line', `${base}\nhost=evil.com\nrubbish\0`, { host }],
    ['an unknown attribute, twice', `${base}flavour=a\nflavour=b\n`, { host }],
    ['an unknown attribute of many values', `${base}wwwauth[]=Basic\nwwwauth[]=Negotiate\nstate[]=x\n`, { host }],
    ['a capability', `${base}capability[]=authtype\n`, { capabilities: ['authtype'] }],
    [
      'capabilities that an empty value forgets',
      `capability[]=authtype\ncapability[]=\ncapability[]=state\n`,
      { capabilities: ['state'] },
    ],
    ['an empty value', 'username=\n', { username: '' }],
    ['a value with = in it', 'username=a=b\n', { username: 'a=b' }],
    ['a key that objects have', '__proto__=x\nconstructor=y\nhost=a\n', { host: 'a' }],
    ['a blank in a value', 'path=my repo\n', { path: 'my repo' }],
    ['an escape in a value: it is never shown', 'username=\x1b[2J\n', { username: '\x1b[2J' }],
    ['the longest line', `username=${'a'.repeat(65_526)}\n`, { username: 'a'.repeat(65_526) }],
  ])('%s', (_title, text, expected) => {
    expect(readRequest(bytes(text))).toMatchObject(expected)
  })
})

describe('refused', () => {
  test.each([
    ['a CR in a value', 'host=a\rhost=evil.com\n', 'control character'],
    ['a CR at the end of the input', `${base}path=v1/repos/x\r`, 'control character'],
    ['two CRs before the line feed', 'host=a\r\r\n', 'control character'],
    ['a NUL in a value', 'host=a\0.evil.com\n', 'control character'],
    ['a NUL in a key', 'ho\0st=a\n', 'control character'],
    ['the host twice', `${base}host=evil.com\n`, 'attribute given twice'],
    ['the host twice, ours last', `host=evil.com\n${base}`, 'attribute given twice'],
    ['the protocol twice', `${base}protocol=http\n`, 'attribute given twice'],
    ['the path twice, the same', 'path=a\npath=a\n', 'attribute given twice'],
    ['a line without =', `${base}hello\n`, 'line without ='],
    ['invalid UTF-8', `${base}path=v1/repos/\xff\n`, 'not UTF-8'],
    ['an overlong slash', `${base}path=v1\xc0\xafrepos\n`, 'not UTF-8'],
    ['a line of 65,536 bytes', `username=${'a'.repeat(65_527)}\n`, 'too long'],
    ['10 MB', 'a=b\n'.repeat(2_621_440), 'too long'],
  ])('%s', (_title, text, malformed) => {
    expect(readRequest(bytes(text))).toEqual({ malformed })
  })
})

test('whatever the input, it is read or refused, and no value spans lines', () => {
  const line = fc.oneof(
    fc.tuple(fc.constantFrom('host', 'path', 'protocol', 'username', 'capability[]'), fc.string()).map(([k, v]) => `${k}=${v}`),
    fc.string({ unit: 'binary' }),
  )
  const text = fc
    .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n', '\r', '\0'))
    .map(([l, end]) => l.join(end))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), text.map(Buffer.from)), (input) => {
      const request = readRequest(input)
      if ('malformed' in request) return
      const values = [request.host, request.path, request.protocol, request.username, ...request.capabilities]
      for (const value of values) expect(value ?? '').not.toMatch(/[\r\n\0]/)
    }),
    { numRuns: 2000 },
  )
})

test('what was written line by line is read as it was written', () => {
  const value = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n\0]/.test(text))
  fc.assert(
    fc.property(value, value, fc.constantFrom('\n', '\r\n'), (host, path, end) => {
      const request = readRequest(Buffer.from(`host=${host}${end}path=${path}${end}`))
      expect(request).toMatchObject({ host, path })
    }),
  )
})

describe('whether the request is whole', () => {
  test.each([
    ['', false],
    ['host=a\n', false],
    ['host=a\r\n', false],
    ['host=a\n\r', false],
    ['\n', true],
    ['\r\n', true],
    ['host=a\n\n', true],
    ['host=a\r\n\r\n', true],
    ['host=a\n\nhost=b', true],
  ])('%j: %j', (text, whole) => {
    expect(isWhole(bytes(text))).toBe(whole)
  })
})

describe('the answer', () => {
  const credential: Credential = { username: 'ASIA%t/+=', password: '20171224T115320Zb6', expiry: new Date(1_700_000_000_999) }

  test('has the expiry in whole seconds, rounded down', () => {
    expect(answer(credential, [])).toBe('username=ASIA%t/+=\npassword=20171224T115320Zb6\npassword_expiry_utc=1700000000\n')
  })

  test('says first that it is ephemeral, to a git that knows the word', () => {
    expect(answer(credential, ['state', 'authtype']).split('\n').slice(0, 3)).toEqual([
      'capability[]=authtype',
      'ephemeral=1',
      'username=ASIA%t/+=',
    ])
  })

  test.each(['a\nhost=evil.com', 'a\r', 'a\0', '\x1b[2J', 'a\u0085'])('is none with %j in it', (bad) => {
    expect(() => answer({ ...credential, username: bad }, [])).toThrow('control character')
    expect(() => answer({ ...credential, password: bad }, [])).toThrow('control character')
  })
})
