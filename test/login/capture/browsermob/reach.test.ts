import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { checkInEffect } from '../../../../src/login/capture/browsermob/effect.ts'
import { openByBrowsermob } from '../../../../src/login/capture/browsermob/open.ts'
import { temporaryFolder } from '../../../support/programs.ts'
import { testBrowser, testPortal, testWorld } from '../../browser/support.ts'
import { startPortal } from '../servers.ts'
import { type Company, leftIn, signIn, startCompany, userOf } from './corp.ts'
import { freePort, startDaemon } from './daemon.ts'
import { startAws, startCompanyProxy, trustStore } from './network.ts'
import { browsermobProgram, canRunBrowsermob } from './release.ts'

describe.skipIf(!canRunBrowsermob)('where a BrowserMob daemon does not get through', { timeout: 120_000 }, () => {
  let company: Company
  let sandboxAuthority: string
  beforeAll(async () => {
    browsermobProgram()
    company = await startCompany({ factor: 'none' })
    sandboxAuthority = readFileSync(path.join(company.sandbox.folder, 'ca.pem'), 'utf8')
  }, 300_000)
  afterAll(() => company?.stop())

  async function daemonThatTrusts(...authorities: string[]) {
    const daemon = await startDaemon(trustStore(temporaryFolder(), ...authorities))
    onTestFinished(daemon.stop)
    return daemon
  }

  test('an untrusted portal: whose certificate it is, and how Java is told; no browser is opened', async () => {
    const daemon = await daemonThatTrusts(company.aws.authority)
    const user = userOf(company, { url: daemon.url, proxy: company.proxyUrl })
    const events = company.sandbox.events.length
    const { code, stderr } = await user.awsfed(['login'])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'awsfed: the BrowserMob daemon does not trust the certificate of localhost (issued by CN=awsfed sandbox CA)\n',
    )
    expect(stderr).toMatch(/hint: .*keytool -importcert .*-Djavax\.net\.ssl\.trustStore=/)
    expect(company.sandbox.events.slice(events)).toEqual([])
    expect(await daemon.rest.ports()).toEqual([])
    expect(leftIn(user.state)).toEqual([])
  })

  test('AWS is not trusted: so the assertion cannot be caught, and it says why', async () => {
    const daemon = await daemonThatTrusts(sandboxAuthority)
    const user = userOf(company, { url: daemon.url, proxy: company.proxyUrl })
    const { code, stderr } = await user.awsfed(['login'])
    expect(code).toBe(1)
    expect(stderr).toContain(`awsfed: the BrowserMob daemon does not trust the certificate of ${signIn} (issued by`)
    expect(company.aws.requests).toEqual([])
    expect(await daemon.rest.ports()).toEqual([])
  })

  test('AWS cannot be reached', async () => {
    const closed = await freePort()
    const proxy = await startCompanyProxy('jane:secret', (host) => (host === signIn ? closed : undefined))
    onTestFinished(() => proxy.close())
    const daemon = await daemonThatTrusts(sandboxAuthority)
    const user = userOf(company, { url: daemon.url, proxy: `http://jane:secret@127.0.0.1:${proxy.port}` })
    const { code, stderr } = await user.awsfed(['login'])
    expect(code).toBe(1)
    expect(stderr).toContain(`awsfed: the BrowserMob daemon cannot reach ${signIn}: `)
    expect(stderr).not.toContain('secret')
  })

  test('the company’s proxy wants another password', async () => {
    const daemon = await daemonThatTrusts(sandboxAuthority)
    const user = userOf(company, { url: daemon.url, proxy: `http://jane:wr0ng-one@127.0.0.1:${company.proxy.port}` })
    const { code, stderr } = await user.awsfed(['login'])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /cannot reach localhost: the proxy .* lets nobody through to localhost \(HTTP 407\)\n {2}hint: .*user and password/,
    )
    expect(stderr).not.toContain('wr0ng')
    company.proxy.refused.length = 0
  })

  test('the company’s proxy is none that BrowserMob can go through', async () => {
    const daemon = await daemonThatTrusts(sandboxAuthority)
    const user = userOf(company, { url: daemon.url, proxy: 'socks5://127.0.0.1:1080' })
    const { code, stderr } = await user.awsfed(['login'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('proxy is a socks5 one') })
  })

  test('what NO_PROXY names the browser reaches by itself; the assertion still goes the daemon’s way', async () => {
    // It trusts AWS alone: the portal is not its to reach.
    const daemon = await daemonThatTrusts(company.aws.authority)
    const user = userOf(company, { url: daemon.url, proxy: company.proxyUrl })
    company.proxy.tunnels.length = 0
    const { code, stderr } = await user.awsfed(['login'], { env: { NO_PROXY: 'localhost,.amazon.com' } })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect([...new Set(company.proxy.tunnels)]).toEqual([`${signIn}:443`])
    expect(company.aws.requests).toEqual([])
  })

  test('a page that the portal leads on to is not trusted', async () => {
    const aws = await startAws(signIn)
    const other = await startAws('login.partner.example')
    const page = await startPortal(
      (_, response) => void response.writeHead(302, { location: 'https://login.partner.example/' }).end(),
    )
    const proxy = await startCompanyProxy('jane:secret', (host) =>
      host === signIn ? aws.port : host.startsWith('login.') ? other.port : undefined,
    )
    for (const end of [aws.close, other.close, proxy.close, page.stop]) onTestFinished(() => end())
    const daemon = await daemonThatTrusts(aws.authority)
    const portal = testPortal({
      proxy: `http://jane:secret@127.0.0.1:${proxy.port}`,
      url: page.url,
      browsermob: { url: daemon.url, command: undefined },
    })
    const { signal } = new AbortController()
    const browser = await openByBrowsermob(testWorld(temporaryFolder()), portal, { headless: true, signal })
    onTestFinished(() => browser.close())
    await browser.page.open(page.url)
    const scans = async (): Promise<never> => {
      for (;;) await browser.page.scan([])
    }
    await expect(scans()).rejects.toMatchObject({
      message: expect.stringContaining('does not trust the certificate of login.partner.example'),
    })
    expect(other.requests).toEqual([])
  })
})

test('a browser that does not go through the daemon, as a policy can have it, is told before anything is opened in it', async () => {
  const { browser } = await testBrowser()
  await expect(checkInEffect(browser.driver, 'http://awsfed-0123456789abcdef.invalid/')).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(/^the browser does not go through the BrowserMob daemon \(.*ERR_NAME_NOT_RESOLVED/),
    hint: expect.stringContaining('chrome://policy'),
  })
})
