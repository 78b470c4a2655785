import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import type { World } from '../../../src/base/world.ts'
import type { Preferences } from '../../../src/login/browser/firefox/preferences.ts'
import { captureByBidi } from '../../../src/login/capture/bidi.ts'
import { firefox, startTestFirefox } from '../browser/firefox.ts'
import { testPortal, testWorld } from '../browser/support.ts'
import { startPostingPortal } from './postingPortal.ts'
import { startFakeAws, startTunnel } from './servers.ts'
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
import { variants } from './variants.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let portalServer: Awaited<ReturnType<typeof startPostingPortal>>
let aws: Awaited<ReturnType<typeof startFakeAws>>
let tunnel: Awaited<ReturnType<typeof startTunnel>>
let world: World
const home = mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))

beforeAll(async () => {
  portalServer = await startPostingPortal()
  aws = await startFakeAws(...awsNames)
  tunnel = await startTunnel(aws.port)
  world = testWorld(home)
})
afterAll(() => {
  portalServer?.stop()
  aws?.stop()
  tunnel?.stop()
  rmSync(home, { recursive: true, force: true })
})

/** One Firefox for all tests of a block: each has a session, a capture and a tab of its own. */
function oneFirefox(preferences: () => Preferences, requests: () => readonly string[]): Subject {
  let browser: Awaited<ReturnType<typeof startTestFirefox>>
  let portal: Portal
  beforeAll(async () => {
    portal = testPortal({ acsHosts: [mcas], proxy: `http://${tunnel.address}` })
    browser = await startTestFirefox(world, portal, preferences())
  })
  afterAll(() => browser?.close())
  return {
    async watched(posted, then) {
      portalServer.post(posted)
      const session = await browser.session()
      const { bidi } = session
      const capture = await captureByBidi(world, session, portal)
      const { context } = await bidi.send('browsingContext.create', { type: 'tab' })
      await bidi.send('browsingContext.navigate', { context, url: portalServer.url, wait: 'none' })
      const read = async (expression: string) => {
        const { result } = await bidi.send('script.evaluate', { expression, target: { context }, awaitPromise: false })
        return (result as { value?: unknown } | undefined)?.value
      }
      try {
        return await then({
          capture,
          read,
          async titleIs(title) {
            while ((await read('document.title').catch(() => '')) !== title) await delay(20)
          },
        })
      } finally {
        await bidi.send('session.end')
        await capture.close()
      }
    },
    requests,
  }
}

/** Not even that somebody wanted to speak to it. */
const heard = () => tunnel.asked

describe.skipIf(!firefox)('with the failsafe, which keeps AWS’s sign-in from the proxy too', () => {
  const subject = oneFirefox(() => ({}), heard)
  variantsAreCaught(subject, (variant) => variant.firefox === undefined)
  blockedIsNotPosted(subject)

  describe('AWS hears nothing of what Firefox does not show:', () => {
    test.each(variants.filter((variant) => variant.firefox === 'unseen'))('$name', async ({ script }) => {
      const settled = portalServer.settled()
      await subject.watched({ script, saml: 'QUJD', acs }, () => settled)
      expect(heard()).toEqual([])
    })
  })
})

describe.skipIf(!firefox)('by the interception alone', () => {
  const noFailsafe = () => ({
    'network.dns.localDomains': '',
    'network.proxy.type': 1,
    'network.proxy.ssl': '127.0.0.1',
    'network.proxy.ssl_port': Number(tunnel.address.split(':')[1]),
  })
  const subject = oneFirefox(noFailsafe, () => aws.requests)
  variantsAreCaught(subject, (variant) => variant.firefox === undefined)
  blockedIsNotPosted(subject)
  captureHolds(subject)
  // Last: from here on the stand-in of AWS has heard something.
  othersAreLetGo(subject)
})
