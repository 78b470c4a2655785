import type { Portal } from '../../../base/config.ts'
import { type AwsfedError, messageOf } from '../../../base/errors.ts'
import type { World } from '../../../base/world.ts'
import { partitions } from '../../../session/partitions.ts'
import { openBrowser } from '../../browser/open.ts'
import { exceptedHosts } from '../../browser/proxy.ts'
import { endIfCancelled } from '../../cancelled.ts'
import type { Page } from '../../portal/page.ts'
import { webDriverPage } from '../../portal/webDriverPage.ts'
import { captureByDevtools } from '../devtools.ts'
import type { WatchedBrowser } from '../watched.ts'
import { beyondBrowser } from './beyond.ts'
import { bypassWithoutAcs, covers } from './bypass.ts'
import { makeChain } from './chain.ts'
import { daemonOf, isOpenToOthers } from './daemon.ts'
import { checkInEffect } from './effect.ts'
import { removeLeftovers, startCustodian } from './leftovers.ts'
import { authorityBy, type Target, targetOf } from './reach.ts'
import { settingOf } from './setting.ts'
import { markOf, sweep } from './sweep.ts'
import { turnAtDaemon } from './turn.ts'

/**
 * Opens the browser of `portal` behind a BrowserMob daemon, which is started where there is none, and takes the assertion from
 * its HAR. The devtools protocol only tells when the portal has posted it: as long as that POST has no answer nothing is asked
 * of the daemon. All that was made or started for it is gone after `close`, or when this fails, or when this process dies.
 * @throws AwsfedError of the configuration, the daemon or the browser; `cancelled`
 */
export async function openByBrowsermob(
  world: World,
  portal: Portal,
  { headless, signal }: { headless: boolean; signal: AbortSignal },
): Promise<WatchedBrowser> {
  const setting = settingOf(portal)
  await removeLeftovers(world)
  const undo: (() => unknown)[] = []
  const undone = async () => {
    for (const step of undo.splice(0).reverse()) {
      try {
        await step()
      } catch (error) {
        world.trace(`browsermob: ${messageOf(error)}`)
      }
    }
  }
  try {
    // Two logins that start a daemon at one port would be in each other's way.
    if (setting.command !== undefined) undo.push(await turnAtDaemon(world, setting, signal))
    const custodian = startCustodian(world, setting.url)
    const { id } = custodian.belongings
    undo.push(custodian.dismiss)
    const started = (daemon: number) => {
      if (daemon === 0) undo.push(() => sweep(custodian.belongings, world.platform))
      custodian.has({ daemon })
    }
    const rest = await daemonOf(world, setting, { id, started, signal })
    if (await isOpenToOthers(Number(new URL(rest.url).port || 80))) {
      world.say(
        `the BrowserMob daemon at ${rest.url} can be reached from the network, and has no password: run it with -address 127.0.0.1`,
      )
    }
    undo.push(() => rest.end(custodian.belongings.proxies))
    const made = (port: number) => custodian.has({ proxies: [...custodian.belongings.proxies, port] })
    const chain = await makeChain(world, portal, rest, { id, made, signal })
    undo.push(chain.release)
    // NO_PROXY says what the company's proxy is not for: the daemon would lead it there.
    const bypass = chain.company ? bypassWithoutAcs(exceptedHosts(world.env), portal.acsHosts) : []
    const authority = await authorityBy(rest, chain, targetsFor(portal.url, bypass), signal)

    const behind = { port: chain.inner, bypass, authority }
    const browser = await openBrowser(world, portal, { headless, signal, behind })
    undo.push(browser.close)
    await checkInEffect(browser.driver, markOf(id))
    endIfCancelled(signal)
    const beyond = beyondBrowser(rest, chain, portal.acsHosts)
    const capture = await captureByDevtools(world, browser, portal, beyond)
    undo.push(capture.close)
    let closing: Promise<void> | undefined
    return {
      ...capture,
      gone: Promise.race([capture.gone, chain.lost]),
      page: explained(webDriverPage(browser.driver), beyond.failed),
      close() {
        closing ??= undone()
        return closing
      },
    }
  } catch (error) {
    await undone()
    endIfCancelled(signal)
    throw error
  }
}

/** `page`, which says in the daemon's words why there is no way to a page: all that the browser knows is that a proxy says no. */
function explained(page: Page, reason: (url: string) => Promise<AwsfedError>): Page {
  return {
    ...page,
    async scan(selectors) {
      const scan = await page.scan(selectors)
      for (const { documents } of scan?.views ?? []) {
        const [top] = documents
        if (top?.networkError === 'ERR_TUNNEL_CONNECTION_FAILED') throw await reason(top.url)
      }
      return scan
    },
  }
}

/** The servers for whose certificate the daemon is asked: the portal, else, where that has none, AWS of the first partition that it reaches. */
function targetsFor(url: string, bypass: readonly string[]): [Target, ...Target[]] {
  const portal = targetOf(url)
  const direct = bypass.some((entry) => covers(entry, portal.host))
  if (url.startsWith('https:') && !direct) return [portal]
  const [first, ...others] = partitions.map(({ signInHost }) => ({ host: signInHost, port: 443 }))
  return first ? [first, ...others] : [portal]
}
