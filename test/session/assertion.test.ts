import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AwsfedError } from '../../src/base/errors.ts'
import { readAssertion } from '../../src/session/assertion.ts'
import { base64, fixture, pair, responseOf } from './support.ts'

function failureOf(samlResponse: string): AwsfedError {
  try {
    readAssertion(samlResponse)
  } catch (error) {
    if (error instanceof AwsfedError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('recorded responses', () => {
  test('adfs: provider before role, two accounts', () => {
    expect(readAssertion(base64(fixture('adfs')))).toEqual({
      roles: [
        {
          role: 'arn:aws:iam::123456789012:role/ADFS-Dev',
          provider: 'arn:aws:iam::123456789012:saml-provider/ADFS',
          account: '123456789012',
          name: 'ADFS-Dev',
          partition: 'aws',
        },
        {
          role: 'arn:aws:iam::210987654321:role/ADFS-Prod',
          provider: 'arn:aws:iam::210987654321:saml-provider/ADFS',
          account: '210987654321',
          name: 'ADFS-Prod',
          partition: 'aws',
        },
      ],
      sessionName: 'jane@example.com',
      sessionDuration: undefined,
      notOnOrAfter: new Date('2026-03-02T09:05:00.123Z'),
      encrypted: false,
      issuer: 'http://adfs.example.com/adfs/services/trust',
    })
  })

  test('entra: no prefixes, role before provider, a path in the name', () => {
    const facts = readAssertion(base64(fixture('entra')))
    expect(facts.roles.map(({ name, account }) => [name, account])).toEqual([['team/Dev', '123456789012']])
    expect(facts.sessionDuration).toBe(28_800)
    expect(facts.notOnOrAfter).toEqual(new Date('2026-03-02T10:00:00Z'))
  })

  test('keycloak: blanks, two attributes, the same role twice, a comment and CDATA within, a value that is no role', () => {
    const facts = readAssertion(base64(fixture('keycloak')))
    expect(facts.roles.map(({ name, partition }) => [name, partition])).toEqual([
      ['Dev', 'aws-us-gov'],
      ['Ops', 'aws-us-gov'],
    ])
    expect(facts.notOnOrAfter).toEqual(new Date('2026-03-02T09:01:00Z'))
  })

  test('wrapped: only the statement of the response itself is read', () => {
    expect(readAssertion(base64(fixture('wrapped'))).roles.map(({ name }) => name)).toEqual(['Dev'])
  })

  test('encrypted: no roles to be seen', () => {
    const facts = readAssertion(base64(fixture('encrypted')))
    expect([facts.encrypted, facts.roles, facts.issuer]).toEqual([true, [], 'https://idp.example.com'])
  })

  test("refused: the portal's own words", () => {
    const error = failureOf(base64(fixture('refused')))
    expect([error.kind, error.message]).toEqual([
      'refused',
      'the portal refused the sign-in: Jane is not assigned to the application "AWS". (RequestDenied)',
    ])
  })
})

const response = (inner: string) => base64(`<Response xmlns="urn:oasis:names:tc:SAML:2.0:protocol">${inner}</Response>`)
const deep = (depth: number) => response(`${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}`)

test.each<[title: string, samlResponse: string, message: RegExp]>([
  ['nothing', '', /is empty/],
  ['three characters', 'PGE', /is empty/],
  ['100,004 characters', 'A'.repeat(100_004), /longer than the 100,000 characters/],
  ['no base64', 'PGE+!!!!', /is not base64/],
  ['base64 without its padding', 'PGE+PC9hPg=', /is not base64/],
  ['base64 for URLs', 'PGE-PC9_Pg==', /is not base64/],
  ['no UTF-8', Buffer.from([0x3c, 0xff, 0xfe, 0x3e]).toString('base64'), /is not UTF-8/],
  ['no XML', base64('hello'), /is not well-formed XML/],
  ['half of one', base64(fixture('adfs').slice(0, 900)), /is not well-formed XML/],
  ['entities of its own', base64(fixture('entities')), /declares a document type/],
  ['a document type alone', base64('<!DOCTYPE Response><Response/>'), /declares a document type/],
  ['an entity that is not declared', response('&nbsp;'), /is not well-formed XML \(undefined entity/],
  ['an unbound prefix', response('<x:y/>'), /is not well-formed XML/],
  ['a control character', base64('<a>\u0001</a>'), /is not well-formed XML/],
  ['an HTML page', base64('<html><body>Sorry</body></html>'), /is not a SAML 2.0 response/],
  ['another message', base64('<LogoutResponse xmlns="urn:oasis:names:tc:SAML:2.0:protocol"/>'), /is not a SAML 2.0 response/],
  ['SAML 1.1', base64('<Response xmlns="urn:oasis:names:tc:SAML:1.0:protocol"/>'), /is not a SAML 2.0 response/],
  ['no assertion', response(''), /holds no assertion/],
  ['60 levels', deep(60), /more elements than any sign-in has/],
  ['12,000 elements', response('<a/>'.repeat(12_000)), /more elements than any sign-in has/],
])('%s is not read', (_, samlResponse, message) => {
  const error = failureOf(samlResponse)
  expect(error.kind).toBe('failed')
  expect(error.message).toMatch(message)
  expect(error.hint).toContain('awsfed login --window')
})

test('40 levels and 100,000 characters are read', () => {
  const xml = Buffer.from(responseOf([pair('Dev')], `<x>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</x>`), 'base64').toString()
  expect(readAssertion(base64(xml.padEnd(75_000))).roles).toHaveLength(1)
})

test('line breaks within the base64 are no matter', () => {
  const broken = responseOf([pair('Dev')]).replace(/.{76}/g, '$&\r\n')
  expect(broken).toContain('\r\n')
  expect(readAssertion(broken).roles).toHaveLength(1)
})

test('control characters of a refusal are not shown', () => {
  const error = failureOf(
    response('<Status><StatusCode Value="x:Responder"/><StatusMessage>no&#10;\u202e\u009bway</StatusMessage></Status>'),
  )
  expect(error.message).toBe('the portal refused the sign-in: no\ufffd\ufffd\ufffdway (Responder)')
})

test.each<[value: string, seconds: number | undefined]>([
  ['900', 900],
  ['43200', 43_200],
  ['899', undefined],
  ['43201', undefined],
  ['1e4', undefined],
  ['', undefined],
])('SessionDuration %j is %s', (value, seconds) => {
  const attribute = `<a:Attribute Name="https://aws.amazon.com/SAML/Attributes/SessionDuration"><a:AttributeValue>${value}</a:AttributeValue></a:Attribute>`
  expect(readAssertion(responseOf([], attribute)).sessionDuration).toBe(seconds)
})

// XML's own characters cannot stand in the names of roles and providers, so nothing is to be escaped.
const nameOfRole = fc.stringMatching(/^[\w+=,.@-]{1,64}$/)
const offered = fc.record({
  partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'),
  account: fc.stringMatching(/^\d{12}$/),
  path: fc.constantFrom('', 'team/', 'a/b/'),
  role: nameOfRole,
  provider: fc.stringMatching(/^[A-Za-z0-9._-]{1,32}$/),
  roleFirst: fc.boolean(),
  blanks: fc.constantFrom('', ' ', '\n  '),
})

test('roles come back as they were offered, in order and each once, commas in their names or not', () => {
  fc.assert(
    fc.property(fc.array(offered, { maxLength: 30 }), (list) => {
      const pairs = list.map((one) => {
        const arns = [
          `arn:${one.partition}:iam::${one.account}:role/${one.path}${one.role}`,
          `arn:${one.partition}:iam::${one.account}:saml-provider/${one.provider}`,
        ]
        return (one.roleFirst ? arns : arns.reverse()).map((arn) => one.blanks + arn + one.blanks).join(',')
      })
      const expected = list.map((one) => `${one.partition} ${one.account} ${one.path}${one.role} ${one.provider}`)
      const read = readAssertion(responseOf(pairs)).roles.map(
        (one) => `${one.partition} ${one.account} ${one.name} ${one.provider.split('/')[1]}`,
      )
      expect(read).toEqual([...new Set(expected)])
    }),
  )
})

describe('it throws nothing but AwsfedError', () => {
  const survives = (samlResponse: string) => {
    try {
      readAssertion(samlResponse)
    } catch (error) {
      expect(error).toBeInstanceOf(AwsfedError)
    }
  }
  test('for any text', () => fc.assert(fc.property(fc.string({ unit: 'binary' }), survives)))
  test('for any bytes', () =>
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => survives(Buffer.from(bytes).toString('base64')))))
  test('for responses with a part cut out, doubled or overwritten', () => {
    const recorded = ['adfs', 'entra', 'keycloak', 'encrypted', 'refused', 'wrapped', 'entities'].map(fixture)
    const part = fc.oneof(
      fc.constantFrom('', '<', '>', '&', '&#0;', '&#x110000;', ']]>', '<!--', '<![CDATA[', '<?xml', '<!DOCTYPE', '"', '\0', '/>'),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...recorded), fc.nat(), fc.nat(), part, (xml, from, length, filling) => {
        const start = from % xml.length
        survives(base64(xml.slice(0, start) + filling + xml.slice(start + (length % 40))))
      }),
      { numRuns: 2_000 },
    )
  })
})
