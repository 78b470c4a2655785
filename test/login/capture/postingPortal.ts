import { startPortal } from './servers.ts'
import { prelude, variants } from './variants.ts'

/** What the portal's page posts: how (a script, see `Variant`), which assertion, and where to. */
export interface Posted {
  readonly script: string
  readonly saml: string
  readonly acs: string
}

/** A portal whose page posts an assertion as it was told last. */
export async function startPostingPortal() {
  let posted: Posted = { script: '', saml: '', acs: '' }
  let settled = () => {}
  const server = await startPortal((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://portal')
    const send = (type: string, text: string) =>
      void response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text)
    const script = variants.find(({ files }) => files?.[pathname] !== undefined)?.files?.[pathname] ?? posted.script
    const before = prelude(posted.saml, posted.acs, server.url)
    if (pathname.startsWith('/redirect/')) response.writeHead(Number(pathname.split('/')[2]), { location: posted.acs }).end()
    else if (pathname === '/prelude.js') send('text/javascript', before)
    else if (pathname.endsWith('.js')) send('text/javascript', before + script)
    else if (pathname === '/settled') response.end(settled())
    else if (pathname === '/favicon.ico') response.writeHead(404).end()
    else send('text/html', `<!doctype html><body><script src="/prelude.js"></script><script>${script}</script>`)
  })
  return {
    url: server.url,
    stop: server.stop,
    post(what: Posted) {
      posted = what
    },
    /** Resolves when a script next tells that what it has posted has come to something. */
    settled: () =>
      new Promise<void>((resolve) => {
        settled = resolve
      }),
  }
}
