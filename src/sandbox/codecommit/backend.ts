import { type ChildProcess, spawn } from 'node:child_process'
import type http from 'node:http'
import { messageOf } from '../../base/errors.ts'

/** Runs `git http-backend` (git-http-backend(1)) as CGI (RFC 3875), for requests that are already allowed. */
export class GitBackend {
  readonly #running = new Set<ChildProcess>()
  readonly #environment: Record<string, string>

  constructor(environment: Record<string, string>) {
    this.#environment = environment
  }

  /**
   * Streams the request through git and its answer back. Returns the status, once it is known.
   * `pathInfo` is what follows the repository's folder: `/info/refs`.
   */
  serve(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    repository: string,
    pathInfo: string,
    user: string,
  ): Promise<number> {
    const env = { ...this.#environment, ...cgiVariables(request, repository, pathInfo, user) }
    const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true })
    this.#running.add(child)
    child.on('close', () => this.#running.delete(child))
    // The client went away: git has nobody to work for. After a whole answer this finds it ended.
    response.on('close', () => child.kill())
    // git may stop reading before the request ends, when it refuses a push.
    child.stdin.on('error', () => request.unpipe(child.stdin).resume())
    request.pipe(child.stdin)
    return new Promise((resolve) => {
      const fail = (text: string) => {
        if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`${text}\n`)
        resolve(500)
      }
      child.on('error', (error) => fail(`git http-backend does not run: ${messageOf(error)}`))
      let head = Buffer.alloc(0)
      const readHead = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk])
        const parsed = cgiHead(head)
        if (!parsed) {
          if (head.length > 65_536) child.kill()
          return
        }
        child.stdout.off('data', readHead)
        response.writeHead(parsed.status, parsed.headers)
        response.flushHeaders()
        resolve(parsed.status)
        response.write(head.subarray(parsed.length))
        child.stdout.pipe(response)
      }
      child.stdout.on('data', readHead)
      child.on('close', () => fail('git http-backend ended without an answer'))
    })
  }

  /** Resolves when every git that runs now has ended. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running].map((child) => new Promise<void>((resolve) => child.once('close', () => resolve()))))
  }

  /** Ends every git that still runs. */
  async close(): Promise<void> {
    const ended = this.idle()
    for (const child of this.#running) child.kill()
    await ended
  }
}

function cgiVariables(request: http.IncomingMessage, repository: string, pathInfo: string, user: string): Record<string, string> {
  const [, query = ''] = (request.url ?? '').split('?', 2)
  const variables: Record<string, string | undefined> = {
    GATEWAY_INTERFACE: 'CGI/1.1',
    GIT_PROJECT_ROOT: repository,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: pathInfo,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method,
    REMOTE_ADDR: '127.0.0.1',
    REMOTE_USER: user,
    SERVER_PROTOCOL: 'HTTP/1.1',
    CONTENT_TYPE: request.headers['content-type'],
    // Absent for a chunked request: http-backend then reads to the end.
    CONTENT_LENGTH: request.headers['content-length'],
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'],
    HTTP_ACCEPT: request.headers.accept,
    HTTP_USER_AGENT: request.headers['user-agent'],
    GIT_PROTOCOL: [request.headers['git-protocol']].flat().join(':') || undefined,
  }
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** The head of a CGI answer (RFC 3875, 6): undefined while its end, an empty line, has not come. */
export function cgiHead(
  bytes: Buffer,
): { status: number; headers: Record<string, string | string[]>; length: number } | undefined {
  const ends = ['\r\n\r\n', '\n\n'].map((end) => ({ at: bytes.indexOf(end), end })).filter(({ at }) => at >= 0)
  const first = ends.sort((a, b) => a.at - b.at)[0]
  if (!first) return undefined
  const headers: Record<string, string | string[]> = {}
  let status = 200
  for (const line of bytes.subarray(0, first.at).toString('latin1').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon)
    const value = line.slice(colon + 1).trim()
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10) || 500
    else headers[name] = name in headers ? [headers[name] ?? [], value].flat() : value
  }
  return { status, headers, length: first.at + first.end.length }
}
