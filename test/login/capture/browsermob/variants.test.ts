import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { Portal } from '../../../../src/base/config.ts'
import { type OpenBrowser, openBrowser } from '../../../../src/login/browser/open.ts'
import { beyondBrowser } from '../../../../src/login/capture/browsermob/beyond.ts'
import { type Chain, makeChain } from '../../../../src/login/capture/browsermob/chain.ts'
import { authorityBy } from '../../../../src/login/capture/browsermob/reach.ts'
import { captureByDevtools } from '../../../../src/login/capture/devtools.ts'
import { testPortal, testWorld } from '../../browser/support.ts'
import { startPostingPortal } from '../postingPortal.ts'
import { awsNames, blockedIsNotPosted, captureHolds, mcas, othersAreLetGo, type Subject, variantsAreCaught } from '../suite.ts'
import { startDaemon } from './daemon.ts'
import { type FakeAws, startAws, startCompanyProxy, trustStore } from './network.ts'
import { browsermobProgram, canRunBrowsermob } from './release.ts'

// A portal, and AWS beyond a company's proxy: where the browser goes is decided by the daemon's two proxies alone.
describe.skipIf(!canRunBrowsermob)('through a BrowserMob daemon', { timeout: 60_000 }, () => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))
  const world = testWorld(home)
  let portalServer: Awaited<ReturnType<typeof startPostingPortal>>
  let aws: FakeAws
  let company: Awaited<ReturnType<typeof startCompanyProxy>>
  let daemon: Awaited<ReturnType<typeof startDaemon>>
  let portal: Portal
  let chain: Chain
  let browser: OpenBrowser
  beforeAll(async () => {
    browsermobProgram()
    portalServer = await startPostingPortal()
    aws = await startAws(...awsNames)
    company = await startCompanyProxy('jane:secret', (name) => (awsNames.includes(name) ? aws.port : undefined))
    daemon = await startDaemon(trustStore(home, aws.authority))
    const { rest } = daemon
    const { signal } = new AbortController()
    portal = testPortal({ acsHosts: [mcas], proxy: `http://jane:secret@127.0.0.1:${company.port}` })
    chain = await makeChain(world, portal, rest, { id: '0123456789abcdef', made: () => {}, signal })
    const authority = await authorityBy(rest, chain, [{ host: 'signin.aws.amazon.com', port: 443 }], signal)
    browser = await openBrowser(world, portal, { headless: true, signal, behind: { port: chain.inner, bypass: [], authority } })
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    chain?.release()
    await daemon?.stop()
    await company?.close()
    await aws?.close()
    portalServer?.stop()
    rmSync(home, { recursive: true, force: true })
  })

  /** Each test has a tab, a capture and a HAR of its own. */
  const subject: Subject = {
    async watched(posted, then) {
      portalServer.post(posted)
      await daemon.rest.record(chain.inner)
      const { driver } = browser
      const watching = await captureByDevtools(world, browser, portal, beyondBrowser(daemon.rest, chain, portal.acsHosts))
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
  variantsAreCaught(subject)
  blockedIsNotPosted(subject)
  captureHolds(subject)
  // Last: from here on the stand-in of AWS has heard something.
  othersAreLetGo(subject)
})
