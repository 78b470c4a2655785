import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertionOfHar } from '../../../../src/login/capture/browsermob/har.ts'

const acs = 'https://signin.aws.amazon.com/saml'
const harOf = (...requests: unknown[]) => ({ log: { entries: requests.map((request) => ({ request })) } })
const urlencoded = (...params: [string, string][]) => ({
  mimeType: 'application/x-www-form-urlencoded',
  params: params.map(([name, value]) => ({ name, value, comment: '' })),
})
const multipart = {
  mimeType: 'multipart/form-data; boundary=B',
  text: '--B\r\nContent-Disposition: form-data; name="RelayState"\r\n\r\nrs\r\n--B\r\nContent-Disposition: form-data; name="SAMLResponse"\r\n\r\nQUJD\r\n--B--\r\n',
}
const post = (postData: unknown, url = acs) => ({ method: 'POST', url, postData })

describe('the assertion in a HAR with', () => {
  test.each<[string, unknown, string | undefined]>([
    ['an urlencoded form', harOf(post(urlencoded(['RelayState', 'rs & é+='], ['SAMLResponse', 'QUJD+/=']))), 'QUJD+/='],
    ['a multipart form', harOf(post(multipart)), 'QUJD'],
    ['an urlencoded text', harOf(post({ mimeType: 'application/x-www-form-urlencoded', text: 'SAMLResponse=QUJD%3D' })), 'QUJD='],
    ['two, of which the first counts', harOf(post(urlencoded(['SAMLResponse', 'QQ'])), post(multipart)), 'QQ'],
    ['a POST that is not read yet', harOf(post(undefined)), 'unread'],
    ['a POST of which nothing is told yet', harOf(post(urlencoded())), 'unread'],
    ['a form without one, and one that is not read yet', harOf(post(urlencoded(['a', 'b'])), post(undefined)), 'unread'],
    ['a form without one', harOf(post(urlencoded(['a', 'b']))), undefined],
    ['a form without one, and one with', harOf(post(urlencoded(['a', 'b'])), post(multipart)), 'QUJD'],
    ['one for somebody else', harOf(post(multipart, 'https://signin.aws.amazon.com.example.com/saml')), 'unread'],
    ['a GET', harOf({ method: 'GET', url: acs, postData: multipart }), 'unread'],
    ['a CONNECT', harOf({ method: 'CONNECT', url: 'signin.aws.amazon.com:443' }), 'unread'],
    ['no entries', harOf(), 'unread'],
  ])('%s', (_, har, expected) => {
    const found = assertionOfHar(har, [])
    expect(typeof found === 'object' ? found.samlResponse : found).toBe(expected)
    if (typeof found === 'object') expect(found.acs).toBe(acs)
  })

  test('a host of acs_hosts', () => {
    const url = 'https://signin.aws.amazon.com.mcas.ms/saml'
    expect(assertionOfHar(harOf(post(multipart, url)), ['signin.aws.amazon.com.mcas.ms'])).toEqual({
      samlResponse: 'QUJD',
      acs: url,
    })
  })
})

test('no JSON makes it throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (har, request) => {
      assertionOfHar(har, [])
      assertionOfHar(harOf(request), [])
    }),
  )
})
