import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import path from 'node:path'
import { createAuthority } from '../../../../src/sandbox/certificates.ts'
import { type Listening, listen } from '../../../../src/sandbox/server.ts'

/** Stands where AWS's sign-in would be, and keeps what gets there. */
export interface FakeAws extends Listening {
  /** `POST signin.aws.amazon.com/saml` */
  readonly requests: string[]
  /** PEM of the authority that has issued its certificate. */
  readonly authority: string
}

export async function startAws(...hosts: string[]): Promise<FakeAws> {
  const authority = await createAuthority()
  const { chain, key } = await authority.issue(hosts)
  const requests: string[] = []
  const server = https.createServer({ cert: chain, key }, (request, response) => {
    requests.push(`${request.method} ${request.headers.host}${request.url}`)
    request.resume().on('end', () => response.end('AWS'))
  })
  return { ...(await listen(server)), requests, authority: authority.certificate }
}

/**
 * A company's proxy: makes tunnels and hands on plain requests, by Basic authentication, and keeps where to. `at` says at which
 * port of this machine hosts really are.
 */
export async function startCompanyProxy(credentials: string, at: (host: string) => number | undefined) {
  const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`
  const tunnels: string[] = []
  const refused: string[] = []
  const server = http.createServer((request, response) => {
    // A daemon whose upstream has gone may take the proxy for the server itself: no proxy serves that (RFC 9112, 3.2.2).
    if (!URL.canParse(request.url ?? '')) return void response.writeHead(400).end()
    const { hostname, port, pathname, search } = new URL(request.url ?? '')
    const { 'proxy-authorization': credentials, ...headers } = request.headers
    if (credentials !== wanted) {
      refused.push(`${request.method} ${request.url}`)
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end()
      return
    }
    const to = { host: '127.0.0.1', port: at(hostname) ?? Number(port), method: request.method ?? 'GET', path: pathname + search }
    const upstream = http.request({ ...to, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    upstream.on('error', () => response.destroy())
    request.pipe(upstream)
  })
  server.on('connect', (request, client, head) => {
    const target = request.url ?? ''
    if (request.headers['proxy-authorization'] !== wanted) {
      refused.push(target)
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n',
      )
      return
    }
    tunnels.push(target)
    const [host = '', port] = target.split(':')
    const upstream = net.connect(at(host) ?? Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    let connected = false
    upstream.once('connect', () => {
      connected = true
    })
    const ends = () => {
      // As proxies do where there is no way.
      if (!connected && client.writable) client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
      upstream.destroy()
      if (!connected) return
      client.destroy()
    }
    for (const end of [upstream, client]) end.on('error', ends).on('close', ends)
  })
  return { ...(await listen(server)), tunnels, refused }
}

/** A trust store for Java that holds these authorities (PEM): the flags that name it. */
export function trustStore(folder: string, ...authorities: string[]): string {
  const store = path.join(folder, 'trust.p12')
  for (const [index, pem] of authorities.entries()) {
    const file = path.join(folder, `authority-${index}.pem`)
    writeFileSync(file, pem)
    const args = ['-importcert', '-noprompt', '-alias', `a${index}`, '-file', file, '-keystore', store, '-storepass', 'changeit']
    const { status, stdout, stderr } = spawnSync('keytool', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stdout + stderr)
  }
  return `-Djavax.net.ssl.trustStore=${store} -Djavax.net.ssl.trustStorePassword=changeit`
}
