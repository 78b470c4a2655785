import http, { type IncomingHttpHeaders } from 'node:http'
import https from 'node:https'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

/** An answer of the portal, redirects included: none is followed here. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** A page with an assertion has some 20 KB, at most 200; pages that are larger want a browser. */
const largestPage = 1024 * 1024

/** Connections of one login. */
export interface Connections {
  /** @throws Error where plain requests do not get there */
  agentFor(url: URL): http.Agent
  close(): void
}

/**
 * Sends one request and reads its answer, at most a megabyte of it.
 * @throws Error of the network or TLS, when the answer is too large or not as it says it is encoded, and when `signal` aborts
 */
export function request(
  url: URL,
  { method, headers, body }: { method: string; headers: Readonly<Record<string, string>>; body: string | undefined },
  { connections, signal }: { connections: Connections; signal: AbortSignal },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const agent = connections.agentFor(url)
    const sent = (url.protocol === 'https:' ? https : http).request(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }) },
      agent,
      // Portals set more cookies than Node expects.
      maxHeaderSize: 128 * 1024,
      signal,
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > largestPage) response.destroy(new Error('the page is larger than a megabyte'))
      })
      response.on('end', () => {
        try {
          const { statusCode: status = 0, headers: received } = response
          resolve({ status, headers: received, body: uncompressed(Buffer.concat(chunks), received['content-encoding']) })
        } catch (error) {
          reject(error)
        }
      })
    })
    sent.end(body)
  })
}

/** What `Accept-Encoding` says is understood. */
export const encodings = 'gzip, deflate, br'

function uncompressed(body: Buffer, encoding: string | undefined): Buffer {
  const limit = { maxOutputLength: largestPage }
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return gunzipSync(body, limit)
    case 'deflate':
      return inflateSync(body, limit)
    case 'br':
      return brotliDecompressSync(body, limit)
    case undefined:
    case '':
    case 'identity':
      return body
    default:
      throw new Error(`the answer is encoded as ${encoding}`)
  }
}
