import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { bidiCookie, cookieOfBidi } from '../../../src/login/capture/bidiCookies.ts'
import { openWatched } from '../../../src/login/capture/watched.ts'
import type { Cookie } from '../../../src/login/cookies.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { firefox } from '../browser/firefox.ts'
import { testPortal, testWorld, until } from '../browser/support.ts'

vi.setConfig({ testTimeout: 60_000 })

async function watchedFirefox() {
  const portal = testPortal({ browser: 'firefox', acsHosts: ['acs.example.com'] })
  const browser = await openWatched(testWorld(temporaryFolder()), portal, {
    headless: true,
    signal: new AbortController().signal,
  })
  onTestFinished(() => browser.close())
  return browser
}

const sorted = (cookies: readonly Cookie[]) => [...cookies].sort((a, b) => a.name.localeCompare(b.name))

describe.skipIf(!firefox)('Firefox’s cookies', () => {
  test('are read and set again as they were; AWS’s are left out', async () => {
    const inAnHour = Math.floor(Date.now() / 1000) + 3600
    const given: Cookie[] = [
      { name: 'session', value: 's', domain: 'idp.example.com', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
      { name: 'lasting', value: 'a=%3D+/', domain: '.example.com', path: '/adfs', expires: inAnHour, secure: true },
      { name: '__Host-id', value: '1', domain: 'login.example.org', path: '/', secure: true, httpOnly: true, sameSite: 'None' },
      { name: 'letters', value: 'é"x', domain: 'login.example.org', path: '/' },
      { name: 'plain', value: '2', domain: '127.0.0.1', path: '/', sameSite: 'Strict' },
    ]
    // As Chromium has them: Firefox does not know all that, and takes the rest.
    const ofChromium: Cookie = {
      name: 'parted',
      value: '3',
      domain: 'cdn.example.net',
      path: '/',
      secure: true,
      sameSite: 'None',
      priority: 'High',
      sourceScheme: 'Secure',
      sourcePort: 443,
      partitionKey: { topLevelSite: 'https://example.com', hasCrossSiteAncestor: true },
    }
    const ofAws: Cookie[] = ['.amazon.com', 'signin.aws.amazon.com', '.amazonaws.cn', 'acs.example.com'].map((domain) => ({
      name: 'aws-creds',
      value: 'x',
      domain,
      path: '/',
      secure: true,
    }))
    const browser = await watchedFirefox()
    await browser.setCookies([...given, ofChromium, ...ofAws])
    const first = await browser.cookies()
    const { priority, sourceScheme, sourcePort, partitionKey, ...kept } = ofChromium
    expect(sorted(first)).toMatchObject(sorted([...given, kept]))
    expect(first.find(({ name }) => name === 'session')).not.toHaveProperty('expires')
    const other = await watchedFirefox()
    expect(await other.cookies()).toEqual([])
    await other.setCookies(first)
    expect(sorted(await other.cookies())).toEqual(sorted(first))
  })

  test('of a frame of another site, kept by it for that site, are sent there the next time too', async () => {
    const sent: string[] = []
    const server = createServer((request, response) => {
      const { port } = server.address() as AddressInfo
      response.setHeader('content-type', 'text/html')
      if (request.url === '/factor') {
        sent.push(request.headers.cookie ?? '')
        response.setHeader('set-cookie', [
          `device=${sent.length}; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=3600`,
          'plain=2; Secure; SameSite=None',
        ])
        response.end('A second factor')
      } else response.end(`<!doctype html><iframe src="http://127.0.0.1:${port}/factor"></iframe>`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close().closeAllConnections())
    const url = `http://localhost:${(server.address() as AddressInfo).port}/`
    const browser = await watchedFirefox()
    await browser.page.open(url)
    await until(() => sent.length === 1)
    let cookies: Cookie[] = []
    while (cookies.length < 2) cookies = await browser.cookies()
    const other = await watchedFirefox()
    await other.setCookies(cookies)
    await other.page.open(url)
    await until(() => sent.length === 2)
    expect(sent[0]).toBe('')
    expect(sent[1]?.split('; ').sort()).toEqual(['device=1', 'plain=2'])
    // The new one is in the place of the old one.
    const devices = async () => (await other.cookies()).filter(({ name }) => name === 'device').map(({ value }) => value)
    while (!(await devices()).includes('2')) await delay(20)
    expect(await devices()).toEqual(['2'])
  })
})

describe('a cookie of BiDi', () => {
  test.each<[unknown, Cookie | undefined]>([
    [
      { name: 'a', value: { type: 'string', value: 'b' }, domain: 'x', path: '/', sameSite: 'default', secure: false, size: 2 },
      { name: 'a', value: 'b', domain: 'x', path: '/', secure: false },
    ],
    [
      { name: 'a', value: { type: 'base64', value: 'w6k=' }, domain: 'x', path: '/', expiry: 5, sameSite: 'strict' },
      { name: 'a', value: 'é', domain: 'x', path: '/', expires: 5, sameSite: 'Strict' },
    ],
    [
      // A byte that is no UTF-8 stays a character.
      { name: 'a', value: { type: 'string', value: '\u00e9' }, domain: 'x', path: '/' },
      { name: 'a', value: '\u00e9', domain: 'x', path: '/' },
    ],
    [{ name: 'a', value: { type: 'string' }, domain: 'x', path: '/' }, undefined],
    [{ name: 'a', value: 'b', domain: 'x', path: '/' }, undefined],
    [null, undefined],
  ])('%j', (value, cookie) => expect(cookieOfBidi(value)).toEqual(cookie))

  test('has whole seconds, and nothing that Firefox does not know', () => {
    const cookie: Cookie = { name: 'a', value: 'b', domain: 'x', path: '/', expires: 7.9, priority: 'Low', sourcePort: 1 }
    expect(bidiCookie(cookie)).toEqual({ name: 'a', value: { type: 'string', value: 'b' }, domain: 'x', path: '/', expiry: 7 })
  })
})
