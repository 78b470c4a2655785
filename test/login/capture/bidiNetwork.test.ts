import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import { openWatched, type WatchedBrowser } from '../../../src/login/capture/watched.ts'
import type { View } from '../../../src/login/portal/view.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { firefox } from '../browser/firefox.ts'
import { pidsOf, testPortal, testWorld } from '../browser/support.ts'
import { startProxy } from './servers.ts'

vi.setConfig({ testTimeout: 60_000 })

const portalPage = `<!doctype html><form method="POST" action="/in">
  <input name="user" autocomplete="username"><input name="password" type="password" autocomplete="current-password"><button>Sign in</button>
</form>`
const assertionPage = `<!doctype html><form method="POST" action="https://signin.aws.amazon.com/saml">
  <input type="hidden" name="SAMLResponse" value="QUJD"></form><script>document.forms[0].submit()</script>`

/** The Firefox of one login, closed at the end of the test. */
async function watchedFirefox(more: Partial<Portal> = {}) {
  const world = testWorld(temporaryFolder())
  const portal = testPortal({ browser: 'firefox', ...more })
  const browser = await openWatched(world, portal, { headless: true, signal: new AbortController().signal })
  onTestFinished(() => browser.close())
  return { world, browser }
}

/** What the window shows once it is as it should be. */
async function shown({ page }: WatchedBrowser, isIt: (view: View) => boolean): Promise<View> {
  for (;;) {
    const [view] = (await page.scan([]))?.views ?? []
    if (view && isIt(view)) return view
  }
}

describe.skipIf(!firefox)('Firefox behind a proxy that wants a password', () => {
  const startedProxy = async () => {
    const proxy = await startProxy('jane:p@ss/word', (url, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(url.pathname === '/' ? portalPage : assertionPage)
    })
    onTestFinished(proxy.stop)
    return proxy
  }

  test('gives it, and asks for nothing but the portal; the password is in no command line and no file', async () => {
    const proxy = await startedProxy()
    const { browser, world } = await watchedFirefox({ proxy: `http://jane:${encodeURIComponent('p@ss/word')}@${proxy.address}` })
    await browser.page.open('http://portal.example.test/')
    const { fields, buttons } = await shown(browser, (view) => view.fields.length === 2)
    for (const { handle, type } of fields) {
      expect(await browser.page.fill(handle, type === 'password' ? 'correct horse' : 'jane')).toBe('done')
    }
    await browser.page.click(buttons[0]?.handle ?? '')
    expect(await browser.captured).toEqual({ samlResponse: 'QUJD', acs: 'https://signin.aws.amazon.com/saml' })
    expect([...new Set(proxy.asked)]).toEqual(['GET portal.example.test', 'POST portal.example.test'])
    const [line] = world.traced.filter((text) => text.startsWith('browser: '))
    const profile = /--profile (\S+)/.exec(line ?? '')?.[1] ?? ''
    expect(readFileSync(path.join(profile, 'user.js'), 'utf8')).toContain('network.proxy')
    for (const file of ['user.js', 'prefs.js']) expect(readFileSync(path.join(profile, file), 'utf8')).not.toContain('p@ss')
    expect(pidsOf('p@ss').concat(pidsOf(encodeURIComponent('p@ss')))).toEqual([])
  })

  test('is told once when it is the wrong one', async () => {
    const proxy = await startedProxy()
    const { browser } = await watchedFirefox({ proxy: `http://jane:wrong@${proxy.address}` })
    await browser.page.open('http://portal.example.test/')
    const { documents } = await shown(browser, (view) => view.documents[0]?.networkError !== undefined)
    expect(documents[0]?.networkError).toBe('proxyConnectFailure')
    expect(proxy.asked.filter((line) => line.startsWith('GET'))).toHaveLength(2)
  })
})

test.skipIf(!firefox)('without a proxy AWS’s sign-in is found at this machine, where nothing listens', async () => {
  const { browser } = await watchedFirefox({ acsHosts: ['signin.aws.amazon.com.mcas.ms'] })
  for (const host of [
    'signin.aws.amazon.com',
    'eu-central-2.signin.aws.amazon.com',
    'signin.amazonaws.cn',
    'us-gov-west-1.signin.amazonaws-us-gov.com',
    'signin.aws.amazon.com.mcas.ms',
  ]) {
    // A page that is no ACS, and so is let go.
    const url = `https://${host}/other`
    await browser.page.open(url)
    const { documents } = await shown(browser, (view) => view.documents[0]?.url === url)
    expect(documents[0]?.networkError, host).toBe('connectionFailure')
  }
})
