import type http from 'node:http'
import https from 'node:https'
import type { Certificate } from '../certificates.ts'
import type { CredentialStore } from '../credentials.ts'
import type { NewEvent, Recorder } from '../events.ts'
import { listen } from '../server.ts'
import { gitCallerOf } from './authorization.ts'
import type { GitBackend } from './backend.ts'
import { isRepositoryName, type Repositories } from './repositories.ts'

export interface CodeCommitOptions {
  readonly repositories: Repositories
  readonly backend: GitBackend
  readonly store: CredentialStore
  /** The hosts it answers for, and their regions. */
  readonly hosts: ReadonlyMap<string, string>
  readonly tls: Certificate
  readonly now: () => Date
  readonly record: Recorder
}

interface GitRequest {
  readonly host: string
  readonly region: string
  readonly name: string
  /** `/info/refs`, `/git-upload-pack`, `/git-receive-pack` */
  readonly pathInfo: string
  readonly service: 'git-upload-pack' | 'git-receive-pack'
}

/** CodeCommit's git over HTTPS: `git http-backend` behind a check of who asks, for what, and when it was signed. */
export function startCodeCommit(options: CodeCommitOptions) {
  const server = https.createServer({ key: options.tls.key, cert: options.tls.chain }, (request, response) =>
    answer(request, response, options),
  )
  // A large push on a slow machine takes as long as it takes.
  server.requestTimeout = 0
  return listen(server)
}

async function answer(request: http.IncomingMessage, response: http.ServerResponse, options: CodeCommitOptions): Promise<void> {
  const asked = gitRequestOf(request, options.hosts)
  const what = asked ? `${request.method} ${asked.pathInfo.slice(1)} ${asked.service}` : `${request.method} (no git request)`
  const about: Pick<NewEvent, 'server' | 'what' | 'repository'> = {
    server: 'codecommit',
    what,
    ...(asked ? { repository: `${asked.region}/${asked.name}` } : {}),
  }
  const refuse = (status: number, reason: string, more: { keyId?: string; user?: string } = {}) => {
    options.record({ ...about, status, reason, ...more })
    // git sends the whole pack before it reads the answer: let it.
    request.resume()
    response.writeHead(status, {
      'Content-Type': 'text/plain',
      ...(status === 401 ? { 'WWW-Authenticate': 'Basic realm="AWS CodeCommit"' } : {}),
    })
    response.end(`${reason}\n`)
  }
  if (!asked) return refuse(404, 'not the path of a repository')
  const target = { host: asked.host, region: asked.region, path: `/v1/repos/${asked.name}` }
  const caller = gitCallerOf(request.headers.authorization, target, options.store, options.now())
  if ('status' in caller) return refuse(caller.status, caller.reason, caller.keyId ? { keyId: caller.keyId } : {})
  const who = { keyId: caller.accessKeyId, user: caller.arn }
  const allowed =
    caller.role.repositories === 'push' || (caller.role.repositories === 'pull' && asked.service === 'git-upload-pack')
  if (!allowed) return refuse(403, `the role may not ${asked.service === 'git-upload-pack' ? 'pull' : 'push'}`, who)
  const repository = options.repositories.find(caller.account, asked.region, asked.name)
  if (repository === undefined) return refuse(404, `account ${caller.account} has no such repository`, who)
  const status = await options.backend.serve(request, response, repository, asked.pathInfo, caller.arn)
  options.record({ ...about, status, ...who })
}

/** What git asks for by the smart protocol (gitprotocol-http(5)); undefined for anything else. */
function gitRequestOf(request: http.IncomingMessage, hosts: ReadonlyMap<string, string>): GitRequest | undefined {
  const host = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
  const region = hosts.get(host)
  const [path = '', query = ''] = (request.url ?? '').split('?', 2)
  const match = /^\/v1\/repos\/([^/]+)(\/info\/refs|\/git-upload-pack|\/git-receive-pack)$/.exec(path)
  const [, name = '', pathInfo = ''] = match ?? []
  const service = pathInfo === '/info/refs' ? new URLSearchParams(query).get('service') : pathInfo.slice(1)
  const method = pathInfo === '/info/refs' ? 'GET' : 'POST'
  if (region === undefined || !isRepositoryName(name) || request.method !== method) return undefined
  if (service !== 'git-upload-pack' && service !== 'git-receive-pack') return undefined
  return { host, region, name, pathInfo, service }
}
