import { connect } from 'node:net'
import type { Portal } from '../../../base/config.ts'
import { type AwsfedError, codeOf } from '../../../base/errors.ts'
import type { World } from '../../../base/world.ts'
import { acsExpressions } from '../../../session/acs.ts'
import { exceptedHosts, proxyOf } from '../../browser/proxy.ts'
import { cancelled, endIfCancelled } from '../../cancelled.ts'
import { lost, unfitProxy, unreachable } from './failures.ts'
import type { ProxyOptions, Rest } from './rest.ts'
import { markOf } from './sweep.ts'

/**
 * Two proxies in one daemon: the browser speaks to the inner one, that to the outer one, and that to the world.
 *
 * One cannot do both: what it answers itself is missing from its HAR, and what it does not answer itself gets to AWS. So the
 * outer one answers POSTs to every ACS itself, checks the servers' certificates, and goes through the company's proxy; the
 * inner one records. It takes any certificate, since it only ever meets the outer one's.
 */
export interface Chain {
  /** Of the proxy that the browser is to use. */
  readonly inner: number
  readonly outer: number
  /** The company's proxy, that the outer one goes through. */
  readonly company: URL | undefined
  /** Resolves when the inner proxy, or the daemon, has gone. */
  readonly lost: Promise<AwsfedError>
  /** Ends the watch over it; its proxies are the caller's to end. */
  release(): void
}

/**
 * Makes the chain. Only the portal's `proxy`, else HTTPS_PROXY, is gone through; the daemon's own settings hold without it.
 * @param made told of each proxy at once after it is made
 * @throws AwsfedError `failed` where the daemon makes no proxies, or none that can be reached
 */
export async function makeChain(
  world: World,
  portal: Portal,
  rest: Rest,
  { id, made, signal }: { id: string; made: (port: number) => void; signal: AbortSignal },
): Promise<Chain> {
  const company = companyProxy(world, portal)
  const proxy = async (options: ProxyOptions) => {
    endIfCancelled(signal)
    const port = await rest.newProxy(options)
    made(port)
    await rest.answerItself(port, `^${markOf(id).replaceAll('.', '\\.')}$`, 'GET')
    return port
  }
  const outer = await proxy({ upstream: company && upstreamOf(company) })
  for (const expression of acsExpressions(portal.acsHosts)) await rest.answerItself(outer, expression, 'POST')
  const inner = await proxy({ upstream: { address: `127.0.0.1:${outer}` }, trustsAll: true })
  await rest.record(inner)
  world.trace(`browsermob: browser → 127.0.0.1:${inner} → 127.0.0.1:${outer} → ${company ? company.host : 'the network'}`)
  const { lost, release } = await watchOver(rest, inner, signal)
  return { inner, outer, company, lost, release }
}

/** @throws AwsfedError `failed` where it is none that BrowserMob can go through */
function companyProxy(world: World, portal: Portal): URL | undefined {
  const proxy = proxyOf(portal.proxy, world.env)
  if (!proxy || exceptedHosts(world.env).includes('*')) return undefined
  const url = new URL(proxy.server)
  if (url.protocol !== 'http:') throw unfitProxy(url.protocol.slice(0, -1))
  if (proxy.credentials) {
    world.redactor.conceal(proxy.credentials.password)
    url.username = encodeURIComponent(proxy.credentials.username)
    url.password = encodeURIComponent(proxy.credentials.password)
  }
  return url
}

function upstreamOf({ hostname, port, username, password }: URL): ProxyOptions['upstream'] {
  const address = `${hostname}:${port || 80}`
  if (!username) return { address }
  return { address, username: decodeURIComponent(username), password: decodeURIComponent(password) }
}

/**
 * Holds a connection to the proxy at `port`, made anew whenever the proxy ends an idle one: its end is told at once.
 * @throws AwsfedError `failed` where it cannot be connected to at all
 */
function watchOver({ url }: Rest, port: number, signal: AbortSignal): Promise<Pick<Chain, 'lost' | 'release'>> {
  return new Promise((resolve, reject) => {
    let released = false
    let tellLost: (error: AwsfedError) => void = () => {}
    const lostNow = new Promise<AwsfedError>((tell) => {
      tellLost = tell
    })
    let socket = hold()
    const release = () => {
      released = true
      socket.destroy()
    }
    const abort = () => {
      release()
      reject(cancelled(signal.reason))
    }
    signal.addEventListener('abort', abort, { once: true })

    function hold() {
      const next = connect({ host: '127.0.0.1', port })
      next.unref()
      next.once('connect', () => resolve({ lost: lostNow, release }))
      next.on('error', (error) => {
        reject(unreachable(url, port)) // only the first attempt is waited for
        if (released || codeOf(error) !== 'ECONNREFUSED') return
        released = true
        tellLost(lost(url))
      })
      next.once('close', () => {
        if (!released) setTimeout(again, 50).unref()
      })
      next.resume()
      return next
    }
    function again() {
      if (!released) socket = hold()
    }
  })
}
