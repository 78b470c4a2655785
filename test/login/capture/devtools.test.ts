import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import type { World } from '../../../src/base/world.ts'
import { type OpenBrowser, openBrowser } from '../../../src/login/browser/open.ts'
import { connectDevtools } from '../../../src/login/capture/cdp.ts'
import { captureByDevtools } from '../../../src/login/capture/devtools.ts'
import type { Cookie } from '../../../src/login/cookies.ts'
import { testPortal, testWorld } from '../browser/support.ts'
import { startPostingPortal } from './postingPortal.ts'
import { startFakeAws } from './servers.ts'
import {
  acs,
  awsNames,
  blockedIsNotPosted,
  captureHolds,
  mcas,
  othersAreLetGo,
  type Subject,
  variantsAreCaught,
} from './suite.ts'

let portalServer: Awaited<ReturnType<typeof startPostingPortal>>
let aws: Awaited<ReturnType<typeof startFakeAws>>
let world: World
const home = mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))

beforeAll(async () => {
  portalServer = await startPostingPortal()
  aws = await startFakeAws(...awsNames)
  world = testWorld(home)
})
afterAll(() => {
  portalServer?.stop()
  aws?.stop()
  rmSync(home, { recursive: true, force: true })
})

/** One browser for all tests of a block: each has a tab and a capture of its own. */
function oneBrowser(configured: () => Partial<Portal>) {
  let browser: OpenBrowser
  let portal: Portal
  beforeAll(async () => {
    portal = testPortal({ acsHosts: [mcas], ...configured() })
    browser = await openBrowser(world, portal, { headless: true, signal: new AbortController().signal })
  })
  afterAll(() => browser?.close())
  const capture = () => captureByDevtools(world, browser, portal)
  const subject: Subject = {
    async watched(posted, then) {
      portalServer.post(posted)
      const { driver } = browser
      const watching = await capture()
      try {
        await driver.switchTo().newWindow('tab')
        await driver.get(portalServer.url)
        return await then({
          capture: watching,
          async titleIs(title) {
            await driver.wait(async () => (await driver.getTitle()) === title)
          },
          read: (expression) => driver.executeScript(`return ${expression}`),
        })
      } finally {
        await watching.close()
      }
    },
    requests: () => aws.requests,
  }
  return { subject, capture, browser: () => browser }
}

// Where names do not resolve nothing can leak: that the interception alone suffices is seen without the failsafe.
describe('with the failsafe', () => {
  const { subject } = oneBrowser(() => ({}))
  variantsAreCaught(subject)
  blockedIsNotPosted(subject)
})

describe('by the interception alone', () => {
  const { subject, capture, browser } = oneBrowser(() => ({ browserArgs: aws.flags }))
  variantsAreCaught(subject)
  blockedIsNotPosted(subject)
  captureHolds(subject)

  test('an assertion is caught in an incognito window', async () => {
    portalServer.post({ script: 'form().submit()', saml: 'QUJD', acs })
    const devtools = await connectDevtools(browser().debuggerAddress)
    const watching = await capture()
    const { browserContextId } = await devtools.send('Target.createBrowserContext')
    await devtools.send('Target.createTarget', { url: portalServer.url, browserContextId })
    expect(await watching.captured).toEqual({ samlResponse: 'QUJD', acs })
    expect(aws.requests).toEqual([])
    await watching.close()
    devtools.close()
  })

  test('cookies are read and set again as they were, in a browser that has none; AWS’s are left out', async () => {
    const watching = await capture()
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
    await watching.setCookies([refused, ...given, ...ofAws])
    const first = await watching.cookies()
    const sorted = (cookies: readonly Cookie[]) => [...cookies].sort((a, b) => a.name.localeCompare(b.name))
    expect(sorted(first)).toMatchObject(sorted(given))
    expect(first.find(({ name }) => name === 'session')).not.toHaveProperty('expires')

    const devtools = await connectDevtools(browser().debuggerAddress)
    await devtools.send('Storage.clearCookies')
    devtools.close()
    expect(await watching.cookies()).toEqual([])
    await watching.setCookies(first)
    expect(sorted(await watching.cookies())).toEqual(sorted(first))
    await watching.close()
  })

  // Last: from here on the stand-in of AWS has heard something.
  othersAreLetGo(subject)
})
