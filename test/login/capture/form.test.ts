import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { samlResponseOf } from '../../../src/login/capture/form.ts'

const urlencoded = 'application/x-www-form-urlencoded'
const multipart = 'multipart/form-data; boundary=----B'
const part = (name: string, value: string, boundary = '----B') =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

describe('the assertion in', () => {
  test.each<[string, string, string | undefined, string | undefined]>([
    ['an urlencoded form', 'SAMLResponse=PHM%2BYQ%3D%3D&RelayState=rs+%26+%C3%A9%2B%3D', urlencoded, 'PHM+YQ=='],
    ['one with a charset', 'a=b&SAMLResponse=QQ%3D%3D', `${urlencoded}; charset=UTF-8`, 'QQ=='],
    ['one whose type is in capitals', 'SAMLResponse=QQ', 'Application/X-WWW-Form-Urlencoded', 'QQ'],
    ['one without a type', 'SAMLResponse=QQ', undefined, 'QQ'],
    ['one with two, of which AWS takes the first', 'SAMLResponse=QQ&SAMLResponse=Qg', urlencoded, 'QQ'],
    ['one in which another field holds its name', 'RelayState=SAMLResponse%3DQQ', urlencoded, undefined],
    ['one with an empty one', 'SAMLResponse=&x=y', urlencoded, undefined],
    ['one of which case differs', 'samlresponse=QQ', urlencoded, undefined],
    ['nothing', '', urlencoded, undefined],
    [
      'a multipart form',
      `${part('RelayState', 'rs & é+=')}${part('SAMLResponse', 'PHM+YQ==')}------B--\r\n`,
      multipart,
      'PHM+YQ==',
    ],
    ['a quoted boundary', `${part('SAMLResponse', 'QQ', 'a b')}--a b--`, 'multipart/form-data; charset=x; boundary="a b"', 'QQ'],
    [
      'a part with more headers',
      '------B\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; filename="x"; name="SAMLResponse"\r\n\r\nQQ\r\n------B--',
      multipart,
      'QQ',
    ],
    ['a part whose value is like a part', `${part('x', 'name="SAMLResponse"')}------B--`, multipart, undefined],
    ['a multipart form that is cut off', part('SAMLResponse', 'QQ').slice(0, -2), multipart, undefined],
    ['a multipart form without a boundary', part('SAMLResponse', 'QQ'), 'multipart/form-data', undefined],
    ['a part after the end', `------B--\r\n${part('SAMLResponse', 'QQ')}`, multipart, undefined],
    ['plain text', 'SAMLResponse=QQ\r\n', 'text/plain', undefined],
    ['JSON', '{"SAMLResponse":"QQ"}', 'application/json', undefined],
  ])('%s', (_, body, type, expected) => expect(samlResponseOf(Buffer.from(body), type)).toBe(expected))
})

test('any value comes out of an urlencoded form as it went in', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string(), (saml, relay) => {
      const body = Buffer.from(new URLSearchParams({ RelayState: relay, SAMLResponse: saml }).toString())
      expect(samlResponseOf(body, urlencoded)).toBe(saml)
    }),
  )
})

test('any value comes out of a multipart form as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.base64String({ minLength: 1 }), fc.string(), async (saml, relay) => {
      const form = new FormData()
      form.set('RelayState', relay)
      form.set('SAMLResponse', saml)
      // What Node's fetch would send, by the same standard as a browser's.
      const response = new Response(form)
      const body = Buffer.from(await response.arrayBuffer())
      expect(samlResponseOf(body, response.headers.get('content-type') ?? '')).toBe(saml)
    }),
  )
})

test('no bytes of any type make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.oneof(fc.string(), fc.constantFrom(urlencoded, multipart)), (body, type) => {
      samlResponseOf(Buffer.from(body), type)
    }),
  )
})
