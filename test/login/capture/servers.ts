import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { createAuthority } from '../../../src/sandbox/certificates.ts'

interface Server {
  listen(port: number, host: string, done: () => void): unknown
  address(): unknown
  close(): unknown
  closeAllConnections(): void
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function stop(server: Server): void {
  server.closeAllConnections()
  server.close()
}

/** A portal on loopback: what it answers is told by `answer`. */
export async function startPortal(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createHttpServer(answer)
  const url = `http://127.0.0.1:${await listen(server)}`
  return { url, stop: () => stop(server) }
}

/**
 * Stands where AWS's sign-in would be, and keeps the requests that get there. With `flags` a browser finds it, and trusts
 * it, under AWS's names: they take the place of the failsafe, by which it would find nothing.
 */
export async function startFakeAws(...names: string[]) {
  const authority = await createAuthority()
  const { chain, key } = await authority.issue(names)
  const requests: string[] = []
  const server = createHttpsServer({ cert: chain, key }, (request, response) => {
    requests.push(`${request.method} ${request.headers.host}${request.url}`)
    request.resume().on('end', () => response.end('AWS'))
  })
  const port = await listen(server)
  const flags = [
    `--host-resolver-rules=${names.map((name) => `MAP ${name} 127.0.0.1:${port}`).join(', ')}`,
    `--ignore-certificate-errors-spki-list=${authority.fingerprint}`,
  ]
  return { requests, flags, port, stop: () => stop(server) }
}

/**
 * A proxy of a company: wants `credentials` (`user:password`) by Basic authentication, answers plain requests as the portal by
 * `answer`, refuses tunnels, and keeps what it was asked for.
 */
export async function startProxy(credentials: string, answer: (url: URL, response: ServerResponse) => void) {
  const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`
  const asked: string[] = []
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${new URL(request.url ?? '').host}`)
    if (request.headers['proxy-authorization'] === wanted) answer(new URL(request.url ?? ''), response)
    else response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end()
  })
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  })
  return { asked, address: `127.0.0.1:${await listen(server)}`, stop: () => stop(server) }
}

/** A proxy that leads to the server at `port`, whoever is asked for, and keeps whom it was asked for. */
export async function startTunnel(port: number) {
  const asked: string[] = []
  const server = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  return { asked, address: `127.0.0.1:${await listen(server)}`, stop: () => stop(server) }
}
