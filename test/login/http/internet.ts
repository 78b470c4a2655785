import { writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net, { type AddressInfo, type Socket } from 'node:net'
import path from 'node:path'
import type { Portal } from '../../../src/base/config.ts'
import type { Jar } from '../../../src/login/cookies.ts'
import { assertionByHttp } from '../../../src/login/http/http.ts'
import { createAuthority } from '../../../src/sandbox/certificates.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { testWorld } from '../../support/world.ts'
import { testPortal } from '../browser/portal.ts'

/** A request as a server of the internet has seen it. */
export interface Seen {
  readonly method: string
  /** `https://idp.example.com/path?query` */
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** What a server answers: a page, or more. Bytes are sent as they are. */
type Reply =
  | string
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string | string[]>>; readonly body?: string | Buffer }

/** Answers by `https://host/path`. A function may also answer by itself, and then returns nothing. */
export type Sites = Readonly<Record<string, Reply | ((seen: Seen, response: http.ServerResponse) => Reply | undefined)>>

/** Names of the tests' internet. Those of AWS are in it, so that a request to AWS would be seen. */
const names = [
  'idp.example.com',
  'login.example.com',
  'example.com',
  'hub.example.org',
  'other.example.net',
  'signin.aws.amazon.com',
  'eu-west-1.signin.aws.amazon.com',
  'signin.aws.amazon.com.example.net',
  'signin.aws.amazon.com.mcas.ms',
]

/**
 * An internet on loopback: one server with certificates for all its names, and a proxy by which they are reached. Plain http and
 * https both arrive there.
 */
export async function startInternet() {
  const authority = await createAuthority()
  const { chain, key } = await authority.issue(names)
  let sites: Sites = {}
  const seen: Seen[] = []
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', headers, url = '' } = request
    const one = { method, headers, url: `https://${headers.host}${url}`, body: Buffer.concat(chunks).toString() }
    seen.push(one)
    const found = sites[`https://${headers.host}${url.split('?')[0]}`] ?? { status: 404, body: 'no such page' }
    const reply = typeof found === 'function' ? found(one, response) : found
    if (reply === undefined) return
    const { status = 200, headers: more = {}, body = '' } = typeof reply === 'string' ? { body: reply } : reply
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...more }).end(body)
  }
  const server = https.createServer({ key, cert: chain }, (request, response) => void answer(request, response))
  const port = await listening(server)
  const sockets = new Set<Socket>()
  const tunnels: string[] = []
  const proxy = http.createServer((_, response) => response.writeHead(502).end())
  proxy.on('connect', (request, socket: Socket) => {
    tunnels.push(request.url ?? '')
    const host = (request.url ?? '').split(':')[0] ?? ''
    if (!names.includes(host)) return void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const upstream = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    for (const one of [socket, upstream]) {
      sockets.add(one)
      one.on('error', () => {})
    }
  })
  const proxyUrl = `http://127.0.0.1:${await listening(proxy)}`
  return {
    seen,
    tunnels,
    /** Logs in by plain requests at `https://idp.example.com/` of these sites. */
    async login(theirs: Sites, jar: Partial<Jar> = {}, more: Partial<Portal> = {}, signal?: AbortSignal) {
      sites = theirs
      seen.length = 0
      tunnels.length = 0
      const home = temporaryFolder()
      const bundle = path.join(home, 'ca.pem')
      writeFileSync(bundle, authority.certificate)
      const trace: string[] = []
      const world = testWorld(home, { env: { AWS_CA_BUNDLE: bundle }, trace: (line) => void trace.push(line) })
      const portal = testPortal({ url: 'https://idp.example.com/', proxy: proxyUrl, ...more })
      const outcome = await assertionByHttp(world, portal, { cookies: [session], userAgent: 'Browser/1', ...jar }, signal)
      return { outcome, trace, requests: seen.map(({ method, url }) => `${method} ${url}`) }
    },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      server.close()
      proxy.close()
    },
  }
}

/** The cookie by which the portal knows its user. */
export const session = { name: 'session', value: 'jane', domain: 'idp.example.com', path: '/', secure: true, httpOnly: true }

async function listening(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
