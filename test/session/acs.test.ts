import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acsExpressions, acsUrlPatterns, isAcs, knownSignInHosts, partitionOfAcs, signInHosts } from '../../src/session/acs.ts'
import { partitions } from '../../src/session/partitions.ts'

const mcas = 'signin.aws.amazon.com.mcas.ms'

const addresses: readonly [url: string, partition: string, region: string | undefined][] = [
  ['https://signin.aws.amazon.com/saml', 'aws', undefined],
  ['https://eu-central-1.signin.aws.amazon.com/saml', 'aws', 'eu-central-1'],
  ['https://ap-southeast-4.signin.aws.amazon.com/saml', 'aws', 'ap-southeast-4'],
  ['https://us-east-1.signin.aws.amazon.com/saml/acs/SAMLSPEXAMPLE12345678', 'aws', 'us-east-1'],
  ['https://signin.aws.amazon.com:443/saml', 'aws', undefined],
  ['HTTPS://SignIn.AWS.Amazon.Com/saml', 'aws', undefined],
  ['https://signin.aws.amazon.com/saml?client=1', 'aws', undefined],
  ['https://signin.aws.amazon.com/saml#top', 'aws', undefined],
  ['https://signin.amazonaws-us-gov.com/saml', 'aws-us-gov', undefined],
  ['https://us-gov-east-1.signin.amazonaws-us-gov.com/saml', 'aws-us-gov', 'us-gov-east-1'],
  ['https://signin.amazonaws.cn/saml', 'aws-cn', undefined],
  ['https://cn-northwest-1.signin.amazonaws.cn/saml/acs/SAMLSP1', 'aws-cn', 'cn-northwest-1'],
  ['https://signin.amazonaws-eusc.eu/saml', 'aws-eusc', undefined],
  ['https://eusc-de-east-1.signin.amazonaws-eusc.eu/saml', 'aws-eusc', 'eusc-de-east-1'],
]

const others = [
  '',
  'http://signin.aws.amazon.com/saml',
  'https://signin.aws.amazon.com',
  'https://signin.aws.amazon.com/',
  'https://signin.aws.amazon.com/SAML',
  'https://signin.aws.amazon.com/saml/',
  'https://signin.aws.amazon.com/saml2',
  'https://signin.aws.amazon.com//saml',
  'https://signin.aws.amazon.com/x/saml',
  'https://signin.aws.amazon.com/saml/acs/',
  'https://signin.aws.amazon.com/saml/acs/SAMLSP',
  'https://signin.aws.amazon.com/saml/acs/OTHER',
  'https://signin.aws.amazon.com/saml/acs/SAMLSP1/more',
  'https://signin.aws.amazon.com/platform/saml/acs/0',
  'https://signin.aws.amazon.com:8443/saml',
  'https://signin.aws.amazon.com:4430/saml',
  'https://signin.aws.amazon.com./saml',
  'https://user@signin.aws.amazon.com/saml',
  'https://@signin.aws.amazon.com/saml',
  'https://signin.aws.amazon.com@evil.example/saml',
  'https://signin.aws.amazon.com:443@evil.example/saml',
  'https://evil.example/https://signin.aws.amazon.com/saml',
  'https://evil.example/?https://signin.aws.amazon.com/saml',
  'https://signin.aws.amazon.com.evil.example/saml',
  'https://evilsignin.aws.amazon.com/saml',
  'https://evil.signin.aws.amazon.com/saml',
  'https://a.us-east-1.signin.aws.amazon.com/saml',
  'https://cn-north-1.signin.aws.amazon.com/saml',
  'https://us-east-1.signin.amazonaws.cn/saml',
  'https://us-gov-west-1.signin.aws.amazon.com/saml',
  'https:\\\\signin.aws.amazon.com\\saml',
  'https://signin.aws.amazon.com\\@evil.example/saml',
  ' https://signin.aws.amazon.com/saml',
  'https://signin.aws.amazon.com/saml\n',
  'https://sıgnin.aws.amazon.com/saml',
  `https://${mcas}/saml`,
]

describe('isAcs', () => {
  test.each(addresses)('%s is of %s, region %s', (url, partition, region) => {
    expect(isAcs(url, [])).toBe(true)
    expect(partitionOfAcs(url)).toEqual({ partition, region })
  })

  test.each(others)('%j is none', (url) => {
    expect(isAcs(url, [])).toBe(false)
    expect(partitionOfAcs(url)).toBeUndefined()
  })

  test.each([
    [`https://${mcas}/saml`, true],
    [`https://${mcas}/saml?McasTsid=20893`, true],
    [`https://${mcas.toUpperCase()}/saml/acs/SAMLSP1`, true],
    [`http://${mcas}/saml`, false],
    [`https://${mcas}:8443/saml`, false],
    [`https://us-east-1.${mcas}/saml`, false],
    [`https://${mcas}/other`, false],
    [`https://x${mcas}/saml`, false],
  ])('%s, with that host in the configuration: %s', (url, expected) => {
    expect(isAcs(url, ['other.example', mcas])).toBe(expected)
    expect(partitionOfAcs(url)).toBeUndefined()
  })

  const hosts = addresses.map(([url]) => new URL(url).host)
  /** Mostly the part that AWS has, so that some of what is made is an ACS. */
  const mostly = (right: fc.Arbitrary<string>, ...wrong: fc.Arbitrary<string>[]) =>
    fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: fc.oneof(...wrong) })
  const host = fc.constantFrom(...hosts)
  const url = fc
    .tuple(
      mostly(fc.constant('https://'), fc.constantFrom('http://', 'https:', 'ftp://', '//', '')),
      mostly(fc.constant(''), fc.constantFrom('@', 'user@', 'a:b@', 'signin.aws.amazon.com@')),
      mostly(
        host,
        fc.domain(),
        fc.tuple(fc.domain(), host).map((two) => two.join('.')),
        fc.tuple(host, fc.domain()).map((two) => two.join('.')),
      ),
      mostly(fc.constantFrom('', ':443'), fc.constantFrom(':80', ':8443', '.', ':')),
      mostly(fc.constantFrom('/saml', '/saml/acs/SAMLSPX1'), fc.constantFrom('/saml/x', '/SAML', '/'), fc.webPath()),
      fc.oneof(
        fc.constant(''),
        fc.webQueryParameters().map((query) => `?${query}`),
      ),
    )
    .map((parts) => parts.join(''))

  test('what it takes, the URL standard reads as https, a host of AWS on port 443, no user, and a path of /saml', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.oneof(url, fc.string()), (text) => {
        if (!isAcs(text, [])) return
        taken++
        const read = new URL(text)
        expect([read.protocol, read.port, read.username, read.password]).toEqual(['https:', '', '', ''])
        expect(read.hostname).toMatch(
          /^([a-z]+(-[a-z]+)+-\d+\.)?signin\.(aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu)$/,
        )
        expect(read.pathname).toMatch(/^\/saml(\/acs\/SAMLSP[A-Za-z0-9]+)?$/)
      }),
      { numRuns: 5_000 },
    )
    expect(taken).toBeGreaterThan(20)
  })
})

/** Chromium's reading of a pattern of the devtools protocol, and of one of --host-resolver-rules. */
function fits(pattern: string, text: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.?/+]/g, '\\$&'))
  return new RegExp(`^${source.join('.*')}$`).test(text)
}

describe('what the browser is told', () => {
  test.each([...addresses.map(([url]) => url), `https://${mcas}/saml?McasTsid=20893`])('stops and does not resolve %s', (url) => {
    const { href, hostname } = new URL(url)
    expect(acsUrlPatterns([mcas]).some((pattern) => fits(pattern, href))).toBe(true)
    expect(signInHosts([mcas]).some((pattern) => fits(pattern, hostname))).toBe(true)
  })

  test.each(['adfs.example.com', 'login.microsoftonline.com', 'console.aws.amazon.com', 'awsapps.com'])('lets %s be', (host) => {
    expect(signInHosts([]).some((pattern) => fits(pattern, host))).toBe(false)
  })
})

describe('what a proxy before AWS is told', () => {
  const matched = (url: string) => acsExpressions([mcas]).some((expression) => new RegExp(expression).test(url))
  test.each([...addresses.map(([url]) => url), `https://${mcas}/saml?McasTsid=20893`])('stops %s', (url) => {
    expect(matched(new URL(url).href)).toBe(true)
  })

  test.each([
    'https://signin.aws.amazon.com.evil.example/saml',
    'https://evilsignin.aws.amazon.com/saml',
    'https://evil.example/?https://signin.aws.amazon.com/saml',
    'https://signin-aws.amazon.com/saml',
    'https://signin.aws.amazon.com/other',
    'https://signin.aws.amazon.com/saml2',
    'https://adfs.example.com/saml',
  ])('lets %s be', (url) => expect(matched(url)).toBe(false))
})

test('the regions known today are all that the AWS SDK knows', async () => {
  const { partitionsInfo } = await import(
    path.resolve('node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js')
  )
  const known = partitions.map(({ name, knownRegions }) => [name, [...knownRegions].sort()])
  const ofSdk = partitionsInfo.partitions.map(({ id, regions }: { id: string; regions: object }) => [
    id,
    Object.keys(regions).filter((region) => !region.endsWith('-global')),
  ])
  expect(Object.fromEntries(ofSdk)).toMatchObject(Object.fromEntries(known))
})

test('every sign-in host that is known is one by pattern, and takes assertions', () => {
  for (const host of knownSignInHosts([mcas])) expect(isAcs(`https://${host}/saml`, [mcas])).toBe(true)
  expect(knownSignInHosts([])).toEqual(
    expect.arrayContaining([
      'signin.aws.amazon.com',
      'eu-central-2.signin.aws.amazon.com',
      'us-gov-east-1.signin.amazonaws-us-gov.com',
    ]),
  )
})
