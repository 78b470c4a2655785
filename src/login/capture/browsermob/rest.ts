import { setTimeout as delay } from 'node:timers/promises'
import BrowserMobClient from 'browsermob-proxy-client'
import { codeOf } from '../../../base/errors.ts'
import { isTaken, unexpectedStatus } from './failures.ts'

/** What answers at the daemon's address. */
type Answering = 'browsermob' | 'nothing' | 'something-else'

/** How a proxy is made. All are bound to this machine's loopback. */
export interface ProxyOptions {
  /** The proxy that it sends everything on to; without one the daemon's own (`-Dhttp.proxyHost`), if it has one. */
  readonly upstream?: { readonly address: string; readonly username?: string; readonly password?: string } | undefined
  /** Whether it takes any certificate of a server for good. */
  readonly trustsAll?: boolean
}

/** A BrowserMob daemon's REST interface (github.com/lightbody/browsermob-proxy, "REST API"). */
export interface Rest {
  /** Its origin: `http://127.0.0.1:9900`. */
  readonly url: string
  answering(): Promise<Answering>
  /** The ports of its proxies, whoever has made them. */
  ports(): Promise<number[]>
  /** @throws AwsfedError `failed` where the daemon makes none */
  newProxy(options: ProxyOptions): Promise<number>
  /** Answers requests whose method and whole URL match these expressions (of Java) itself, by an empty page. */
  answerItself(port: number, url: string, method: string): Promise<void>
  /** Starts a HAR with the contents of requests and answers. */
  record(port: number): Promise<void>
  har(port: number): Promise<unknown>
  /** Ends proxies, and waits until they are gone. Those that are gone already are no error. */
  end(ports: readonly number[]): Promise<void>
}

const loopback = '127.0.0.1'
const mostTakenPorts = 50

/**
 * The REST interface at `url`. It is spoken to by browsermob-proxy-client; but that sends as JSON what the daemon reads from
 * the query, and the proxies of its `start({ bindAddress })` are open to the network: parameters stand in the path here.
 */
export function restAt(url: string): Rest {
  const { protocol, hostname, port } = new URL(url)
  const client = BrowserMobClient.createClient({
    browserMob: { protocol: protocol.slice(0, -1), host: hostname, port: Number(port || 80) },
  })
  const call = async (path: string, method: string, query: Readonly<Record<string, string>>) => {
    try {
      return await client.callRest(`${path}?${new URLSearchParams(query)}`, method)
    } catch (error) {
      throw unexpectedStatus(url, error)
    }
  }
  const ports = async () => portsOf(await client.listProxies())
  return {
    url,
    async answering() {
      try {
        portsOf(await client.listProxies())
        return 'browsermob'
      } catch (error) {
        return isRefused(error) ? 'nothing' : 'something-else'
      }
    },
    async ports() {
      try {
        return await ports()
      } catch (error) {
        throw unexpectedStatus(url, error)
      }
    },
    async newProxy({ upstream, trustsAll = false }) {
      const query = {
        bindAddress: loopback,
        trustAllServers: String(trustsAll),
        ...(upstream && { httpProxy: upstream.address }),
        ...(upstream?.username !== undefined && { proxyUsername: upstream.username }),
        ...(upstream?.password !== undefined && { proxyPassword: upstream.password }),
      }
      const answer = await untilPortIsFree(() => client.callRest(`proxy?${new URLSearchParams(query)}`, 'POST')).catch((error) =>
        Promise.reject(unexpectedStatus(url, error)),
      )
      const made = (answer as { port?: unknown } | null)?.port
      if (typeof made !== 'number') throw unexpectedStatus(url, new Error('it names no port'))
      return made
    },
    async answerItself(port, regex, method) {
      await call(`proxy/${port}/blacklist`, 'PUT', { regex, status: '200', method })
    },
    async record(port) {
      await call(`proxy/${port}/har`, 'PUT', { captureContent: 'true' })
    },
    async har(port) {
      client.proxy = { port }
      try {
        return await client.getHar()
      } catch (error) {
        throw unexpectedStatus(url, error)
      }
    },
    async end(ended) {
      // The answers come two seconds after the proxies have gone: their going is what is waited for.
      const asked = Promise.all(ended.map((port) => client.end(port).catch(ignoreGone)))
      let over = false
      const gone = async () => {
        while (!over && (await ports()).some((port) => ended.includes(port))) await delay(20)
      }
      try {
        await Promise.race([asked, gone()])
      } finally {
        over = true
        asked.catch(() => {}) // they have gone, or the race has told it
      }
    },
  }
}

/**
 * The daemon takes the next port of its range (8081 and up) without a look at who else listens there, and answers by a stack
 * trace: asked again it takes the one after that.
 */
async function untilPortIsFree(make: () => Promise<unknown>): Promise<unknown> {
  for (let left = mostTakenPorts; ; left--) {
    try {
      return await make()
    } catch (error) {
      if (left === 0 || !isTaken(error)) throw error
    }
  }
}

/** @throws RangeError where `answer` is not a BrowserMob's to GET /proxy: `{"proxyList":[{"port":8081}]}` */
function portsOf(answer: unknown): number[] {
  const list = (answer as { proxyList?: unknown } | null)?.proxyList
  if (!Array.isArray(list)) throw new RangeError('no list of proxies')
  return list.map((each: { port?: unknown } | null) => Number(each?.port))
}

function isRefused(error: unknown): boolean {
  // `localhost` has two addresses, and an error for each.
  if (error instanceof AggregateError) return error.errors.every(isRefused)
  return ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error) ?? '')
}

function ignoreGone(error: unknown): void {
  if ((error as { statusCode?: unknown }).statusCode !== 404) throw error
}
