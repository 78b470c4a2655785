import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

interface Post {
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
}

/** What answers a request: HTML, or a function of the fields that were posted. */
export type Answer =
  | string
  | ((fields: Readonly<Record<string, string>>, response: ServerResponse) => string | undefined | Promise<string | undefined>)

export interface TestPortal {
  readonly url: string
  readonly port: number
  /** All that was posted, in order. */
  readonly posts: Post[]
  /** Resolves when a page calls for the path `/done`: what catching the assertion is in a real sign-in. */
  readonly captured: Promise<void>
}

/** A portal of this test's own: `answers` are its pages by `METHOD /path`, and `/done` ends it. */
export async function startPortal(answers: Readonly<Record<string, Answer>>): Promise<TestPortal> {
  const posts: Post[] = []
  let capture: () => void
  const captured = new Promise<void>((resolve) => {
    capture = resolve
  })
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const fields = request.method === 'POST' ? await fieldsOf(request) : {}
    if (request.method === 'POST') posts.push({ path, fields })
    if (path === '/done') {
      response.end('<!DOCTYPE html><title>Done</title>You may close this window.')
      capture()
      return
    }
    const answer = answers[`${request.method} ${path}`]
    const html = typeof answer === 'function' ? await answer(fields, response) : answer
    if (response.writableEnded || (response.headersSent && html === undefined)) return
    if (html === undefined) response.writeHead(404).end()
    else {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(html)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, port, posts, captured }
}

async function fieldsOf(request: IncomingMessage): Promise<Record<string, string>> {
  let body = ''
  for await (const chunk of request) body += chunk
  return Object.fromEntries(new URLSearchParams(body))
}

/** A page with `body`. */
export function html(title: string, body: string, language = 'en'): string {
  return `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${title}</title></head><body>${body}</body></html>`
}

/** Goes on to `path` at once, as the page does that posts the assertion. */
export function onTo(path: string): (fields: Readonly<Record<string, string>>, response: ServerResponse) => undefined {
  return (_, response) => {
    response.writeHead(302, { location: path }).end()
    return undefined
  }
}
