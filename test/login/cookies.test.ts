import { statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { awsfedPaths } from '../../src/base/paths.ts'
import { type Cookie, cookieOf, forgetCookies, isAwsDomain, type Jar, readJar, writeJar } from '../../src/login/cookies.ts'
import { temporaryFolder } from '../support/programs.ts'

const pathsOf = (home: string) => awsfedPaths({ AWSFED_HOME: home }, process.platform, home)
const cookie = (more: Partial<Cookie> = {}): Cookie => ({ name: 'n', value: 'v', domain: 'idp.example.com', path: '/', ...more })
const jarOf = (cookies: readonly Cookie[], userAgent?: string): Jar => ({ cookies, userAgent })
const now = () => new Date('2026-07-01T12:00:00Z')
const seconds = now().getTime() / 1000

test('cookies are kept per portal, in a file and a folder that only their user may read', () => {
  const paths = pathsOf(temporaryFolder())
  const cookies = [cookie({ secure: true, sameSite: 'None' }), cookie({ name: 'other', expires: seconds + 1 })]
  writeJar(paths, 'corp', jarOf(cookies))
  expect(readJar(paths, 'corp', { now }).cookies).toEqual(cookies)
  expect(readJar(paths, 'other', { now }).cookies).toEqual([])
  const file = path.join(paths.state, 'cookies', 'corp.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
})

test('a cookie that has expired is not read, one of the session is', () => {
  const paths = pathsOf(temporaryFolder())
  const [lasting, session] = [cookie({ name: 'lasting', expires: seconds + 1 }), cookie({ name: 'session' })]
  writeJar(paths, 'corp', jarOf([cookie({ expires: seconds }), cookie({ expires: seconds - 1 }), lasting, session]))
  expect(readJar(paths, 'corp', { now }).cookies).toEqual([lasting, session])
})

test('cookies of AWS are not written, and not read from a jar that has some', () => {
  const paths = pathsOf(temporaryFolder())
  writeJar(paths, 'corp', jarOf([cookie(), cookie({ domain: '.signin.aws.amazon.com' })]))
  expect(readJar(paths, 'corp').cookies).toEqual([cookie()])
  writeFileSync(
    path.join(paths.state, 'cookies', 'corp.json'),
    JSON.stringify({ cookies: [cookie({ domain: 'aws.amazon.com' })] }),
  )
  expect(readJar(paths, 'corp').cookies).toEqual([])
})

describe('a damaged jar is empty, and said so in the trace:', () => {
  test.each(['', '{', 'null', '{}', '"text"', '[{"name":"n","va'])('%j', (text) => {
    const paths = pathsOf(temporaryFolder())
    writeJar(paths, 'corp', jarOf([cookie()]))
    writeFileSync(path.join(paths.state, 'cookies', 'corp.json'), text)
    const traced: string[] = []
    expect(readJar(paths, 'corp', { trace: (line) => traced.push(line) }).cookies).toEqual([])
    expect(traced).toHaveLength(1)
  })
})

test('cookies are forgotten once', () => {
  const paths = pathsOf(temporaryFolder())
  expect(forgetCookies(paths, 'corp')).toBe(false)
  writeJar(paths, 'corp', jarOf([cookie()]))
  expect(forgetCookies(paths, 'corp')).toBe(true)
  expect(readJar(paths, 'corp').cookies).toEqual([])
  expect(forgetCookies(paths, 'corp')).toBe(false)
})

describe('whose a domain is:', () => {
  test.each([
    ['signin.aws.amazon.com', true],
    ['.amazon.com', true],
    ['AMAZON.COM.', true],
    ['console.amazonaws-us-gov.com', true],
    ['.signin.amazonaws.cn', true],
    ['s3.cn-north-1.amazonaws.com.cn', true],
    ['signin.amazonaws-eusc.eu', true],
    ['eu-west-1.signin.aws', true],
    ['corp.awsapps.com', true],
    ['idp.example.com', false],
    ['notamazon.com', false],
    ['amazon.com.example.org', false],
    ['aws.example.com', false],
    ['127.0.0.1', false],
  ])('%s is AWS’s: %s', (domain, expected) => expect(isAwsDomain(domain)).toBe(expected))

  test.each([
    ['signin.aws.amazon.com.mcas.ms', true],
    ['.signin.aws.amazon.com.mcas.ms', true],
    ['mcas.ms', false],
  ])('%s is AWS’s where acs_hosts names it: %s', (domain, expected) =>
    expect(isAwsDomain(domain, ['Signin.aws.amazon.com.mcas.ms'])).toBe(expected),
  )
})

describe('a cookie as the browser gives it:', () => {
  const given = { name: 'n', value: 'v', domain: 'idp.example.com', path: '/', size: 2, priority: 'Medium', sameParty: false }
  test.each([
    ['of the session', { ...given, expires: -1, session: true }, cookie({ priority: 'Medium' })],
    ['with an end', { ...given, expires: 1.5e9, session: false }, cookie({ priority: 'Medium', expires: 1.5e9 })],
    ['with words that are none of the protocol', { ...given, priority: 'Huge', sameSite: 1 }, cookie()],
    ['without a domain', { ...given, domain: undefined }, undefined],
    ['with an empty domain', { ...given, domain: '' }, undefined],
    ['null', null, undefined],
  ])('%s', (_, from, expected) => expect(cookieOf(from)).toEqual(expected))

  test('whatever it is, a cookie comes out as it would come out again, or none', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            name: fc.anything(),
            value: fc.anything(),
            domain: fc.string(),
            path: fc.string(),
            expires: fc.anything(),
            sameSite: fc.anything(),
            partitionKey: fc.anything(),
          },
          { requiredKeys: [] },
        ),
        (value) => {
          const read = cookieOf(value)
          expect(cookieOf(read)).toEqual(read)
        },
      ),
    )
  })
})
