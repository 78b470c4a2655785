import http from 'node:http'
import net from 'node:net'
import type { Recorder } from './events.ts'
import { type Listening, listen } from './server.ts'

/**
 * A proxy that connects CodeCommit's real host names to the sandbox's CodeCommit (RFC 9110, 9.3.6: CONNECT), so that git
 * uses `https://git-codecommit.REGION.amazonaws.com` as it does in earnest. Everything else is refused.
 */
export function startProxy(hosts: ReadonlySet<string>, codecommitPort: number, record: Recorder): Promise<Listening> {
  const refuse = (what: string) => record({ server: 'proxy', what, status: 403, reason: 'no host of the sandbox' })
  const server = http.createServer((request, response) => {
    refuse(`${request.method} ${hostOf(request.url)}`)
    response.writeHead(403, { 'Content-Type': 'text/plain' }).end('The sandbox connects to its own CodeCommit only.\n')
  })
  server.on('connect', (request, client, head) => {
    const target = request.url ?? ''
    const [host = '', port] = target.toLowerCase().split(':')
    if (port !== '443' || !hosts.has(host)) {
      refuse(`CONNECT ${target}`)
      client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const upstream = net.connect(codecommitPort, '127.0.0.1', () => {
      record({ server: 'proxy', what: `CONNECT ${target}`, status: 200 })
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client)
      client.pipe(upstream)
    })
    // Either end may go away at any time: the other end then goes too.
    for (const [one, other] of [
      [upstream, client],
      [client, upstream],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  return listen(server)
}

function hostOf(url: string | undefined): string {
  return url !== undefined && URL.canParse(url) ? new URL(url).host : '(no absolute URL)'
}
