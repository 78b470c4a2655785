import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import type { World } from '../../../src/base/world.ts'
import { type OpenBrowser, openBrowser } from '../../../src/login/browser/open.ts'
import type { Capture } from '../../../src/login/capture/capture.ts'
import { connectDevtools } from '../../../src/login/capture/cdp.ts'
import { captureByDevtools } from '../../../src/login/capture/devtools.ts'
import type { Cookie } from '../../../src/login/cookies.ts'
import type { Captured } from '../../../src/session/captured.ts'
import { testPortal, testWorld, until } from '../browser/support.ts'
import { startFakeAws, startPortal } from './servers.ts'
import { prelude, variants } from './variants.ts'

const host = 'signin.aws.amazon.com'
const acs = `https://${host}/saml`
const mcas = `${host}.mcas.ms`
const lookAlike = `${host}.example.com`

/** What the portal posts at the moment; each test sets it. */
const posted = { saml: '', acs, script: '' }

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://portal')
  const send = (type: string, text: string) =>
    void response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text)
  const script = variants.find(({ files }) => files?.[pathname] !== undefined)?.files?.[pathname] ?? posted.script
  const before = prelude(posted.saml, posted.acs)
  if (pathname.startsWith('/redirect/')) response.writeHead(Number(pathname.split('/')[2]), { location: posted.acs }).end()
  else if (pathname === '/prelude.js') send('text/javascript', before)
  else if (pathname.endsWith('.js')) send('text/javascript', before + script)
  else if (pathname === '/favicon.ico') response.writeHead(404).end()
  else send('text/html', `<!doctype html><body><script src="/prelude.js"></script><script>${script}</script>`)
}

let portalServer: Awaited<ReturnType<typeof startPortal>>
let aws: Awaited<ReturnType<typeof startFakeAws>>
let browser: OpenBrowser
let portal: Portal
let world: World
const home = mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))

// One browser for all: each test has a tab and a capture of its own.
beforeAll(async () => {
  portalServer = await startPortal(answer)
  aws = await startFakeAws(host, `eu-west-1.${host}`, 'signin.amazonaws.cn', mcas, lookAlike)
  portal = testPortal({ browserArgs: aws.flags, acsHosts: [mcas] })
  world = testWorld(home)
  browser = await openBrowser(world, portal, { headless: true, signal: new AbortController().signal })
})
afterAll(async () => {
  await browser?.close()
  portalServer?.stop()
  aws?.stop()
  rmSync(home, { recursive: true, force: true })
})
/** Opens the portal's page in a tab of its own while the browser is watched, and does `then`. */
async function watched<T>(script: string, saml: string, to: string, then: (capture: Capture) => Promise<T>): Promise<T> {
  Object.assign(posted, { script, saml, acs: to })
  const capture = await captureByDevtools(world, browser, portal)
  try {
    await browser.driver.switchTo().newWindow('tab')
    await browser.driver.get(portalServer.url)
    return await then(capture)
  } finally {
    await capture.close()
  }
}

const capturedFrom = (script: string, saml: string, to = acs): Promise<Captured> =>
  watched(script, saml, to, (capture) => Promise.race([capture.captured, capture.gone.then((error) => Promise.reject(error))]))

const titleIs = (title: string) => browser.driver.wait(async () => (await browser.driver.getTitle()) === title)

const assertion = (bytes: number) => randomBytes(bytes).toString('base64')

describe('an assertion is caught byte by byte, and AWS hears nothing, when it is posted by a', () => {
  test.each(variants)('$name', async ({ script }) => {
    const saml = assertion(3 * 1024)
    expect(await capturedFrom(script, saml)).toEqual({ samlResponse: saml, acs })
    expect(aws.requests).toEqual([])
  })
})

describe('an assertion is caught whatever its size:', () => {
  test.each([
    ['a form of 4 KB', 'form().submit()', 3 * 1024],
    ['a form of 100 KB', 'form().submit()', 75 * 1024],
    ['a form of 5 MB', 'form().submit()', 3_840 * 1024],
    ['a multipart form of 5 MB', "form({ enctype: 'multipart/form-data' }).submit()", 3_840 * 1024],
    ['a fetch of 5 MB', "fetch(ACS, { method: 'POST', body: fields(), mode: 'no-cors' })", 3_840 * 1024],
  ])('%s', async (_, script, bytes) => {
    const saml = assertion(bytes)
    const captured = await capturedFrom(script, saml)
    // Not by toEqual, which would print megabytes.
    expect(captured.samlResponse === saml).toBe(true)
    expect(aws.requests).toEqual([])
  })
})

describe('an assertion is caught on its way to', () => {
  test.each([
    'https://signin.aws.amazon.com/saml',
    'https://signin.aws.amazon.com:443/saml',
    'https://signin.aws.amazon.com/saml?region=eu-west-1',
    'https://eu-west-1.signin.aws.amazon.com/saml',
    'https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSPABCDEF123456',
    'https://signin.amazonaws.cn/saml',
    'https://signin.aws.amazon.com.mcas.ms/saml',
  ])('%s', async (to) => {
    const saml = assertion(1024)
    // The browser leaves out the port that goes without saying.
    expect(await capturedFrom('form().submit()', saml, to)).toEqual({ samlResponse: saml, acs: to.replace(':443', '') })
    expect(aws.requests).toEqual([])
  })
})

test('in the place of AWS’s page the window shows one of ours', () =>
  watched('form().submit()', assertion(1024), acs, async () => {
    await titleIs('Signed in')
    expect(await browser.driver.getCurrentUrl()).toBe(acs)
    expect(await browser.driver.executeScript('return document.body.innerText')).toContain('You may close this window')
    expect(aws.requests).toEqual([])
  }))

test('a script of the portal may read the answer, so that it believes that all is well', () =>
  watched(
    "fetch(ACS, { method: 'POST', body: fields(), credentials: 'include', headers: { 'X-Portal': '1' } }).then((r) => { document.title = 'read ' + r.status })",
    assertion(1024),
    acs,
    () => titleIs('read 200'),
  ))

describe('AWS hears nothing, and nothing is caught, of', () => {
  test.each([
    ['a form without an assertion', "const f = form(); f.querySelector('[name=SAMLResponse]').remove(); f.submit()"],
    ['a form as plain text, which AWS would not read', "form({ enctype: 'text/plain' }).submit()"],
    ['a form by GET', "form({ method: 'GET' }).submit()"],
    ['a link', 'location = ACS + "?SAMLResponse=" + encodeURIComponent(SAML)'],
  ])('%s', (_, script) =>
    watched(script, assertion(1024), acs, async (capture) => {
      await titleIs('Nothing to sign in with')
      expect(await Promise.race([capture.captured, undefined])).toBe(undefined)
      expect(aws.requests).toEqual([])
    }),
  )
})

test('cookies are read and set again as they were, in a browser that has none; AWS’s are left out', async () => {
  const capture = await captureByDevtools(world, browser, portal)
  const inAnHour = Math.floor(Date.now() / 1000) + 3600
  const given: Cookie[] = [
    { name: 'session', value: 's', domain: 'idp.example.com', path: '/', secure: true, httpOnly: true, sameSite: 'Lax' },
    { name: 'lasting', value: 'a=%3D+/', domain: '.example.com', path: '/adfs', expires: inAnHour, secure: true },
    { name: '__Host-id', value: '1', domain: 'login.example.org', path: '/', secure: true, httpOnly: true, sameSite: 'None' },
    { name: 'plain', value: '2', domain: '127.0.0.1', path: '/' },
    {
      name: 'parted',
      value: '3',
      domain: 'cdn.example.net',
      path: '/',
      secure: true,
      sameSite: 'None',
      partitionKey: { topLevelSite: 'https://example.com', hasCrossSiteAncestor: true },
    },
  ]
  const ofAws: Cookie[] = ['.amazon.com', 'signin.aws.amazon.com', '.amazonaws.cn', mcas].map((domain) => ({
    name: 'aws-creds',
    value: 'x',
    domain,
    path: '/',
    secure: true,
  }))
  // The prefix forbids a domain: this one is refused, and the others are not for it.
  const refused: Cookie = { name: '__Host-no', value: 'x', domain: '.example.com', path: '/', secure: true }
  await capture.setCookies([refused, ...given, ...ofAws])
  const first = await capture.cookies()
  const sorted = (cookies: readonly Cookie[]) => [...cookies].sort((a, b) => a.name.localeCompare(b.name))
  expect(sorted(first)).toMatchObject(sorted(given))
  expect(first.find(({ name }) => name === 'session')).not.toHaveProperty('expires')

  const devtools = await connectDevtools(browser.debuggerAddress)
  await devtools.send('Storage.clearCookies')
  devtools.close()
  expect(await capture.cookies()).toEqual([])
  await capture.setCookies(first)
  expect(sorted(await capture.cookies())).toEqual(sorted(first))
  await capture.close()
})

// Last: from here on the stand-in of AWS has heard something.
describe('a request is let go that is none to AWS’s sign-in:', () => {
  test.each([
    ['another page of AWS', `https://${host}/other`, `POST ${host}/other`],
    ['a host that only begins like AWS’s', `https://${lookAlike}/saml`, `POST ${lookAlike}/saml`],
  ])('%s', (_, to, request) =>
    watched('form().submit()', assertion(1024), to, async (capture) => {
      await until(() => aws.requests.includes(request))
      expect(await Promise.race([capture.captured, undefined])).toBe(undefined)
    }),
  )
})
