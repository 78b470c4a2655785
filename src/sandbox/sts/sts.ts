import { randomUUID } from 'node:crypto'
import type http from 'node:http'
import https from 'node:https'
import { messageOf } from '../../base/errors.ts'
import type { Certificate } from '../certificates.ts'
import type { Recorder } from '../events.ts'
import { bodyOf, type Listening, listen } from '../server.ts'
import { invalid, resultXml, StsError } from './answer.ts'
import { assumeRole, assumeRoleWithSaml, getCallerIdentity, type Outcome, type StsState } from './operations.ts'
import { callerOf, type SignedRequest } from './sigv4.ts'

const version = '2011-06-15'

/** A Security Token Service that speaks AWS's Query protocol over HTTPS. */
export function startSts(state: StsState, tls: Certificate, record: Recorder): Promise<Listening> {
  const server = https.createServer({ key: tls.key, cert: tls.chain }, async (request, response) => {
    const requestId = randomUUID()
    const { status, body } = await answerTo(request, requestId, state, record)
    response.writeHead(status, { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId })
    response.end(body)
  })
  return listen(server)
}

async function answerTo(
  request: http.IncomingMessage,
  requestId: string,
  state: StsState,
  record: Recorder,
): Promise<{ status: number; body: string }> {
  let action = 'unknown operation'
  let parameters = new URLSearchParams()
  try {
    const body = await bodyOf(request, 1_000_000)
    if (!body) throw new StsError(413, 'RequestEntityTooLarge', 'The request is too large.')
    parameters = new URLSearchParams(body.toString())
    const named = parameters.get('Action')
    if (named === null) throw new StsError(400, 'MissingAction', 'The request must contain the parameter Action.')
    action = /^\w{1,64}$/.test(named) ? named : action
    const outcome = await perform(action, parameters, wireRequest(request, body), state)
    record({ server: 'sts', what: action, status: 200, keyId: outcome.keyId, ...(outcome.role ? { role: outcome.role } : {}) })
    return { status: 200, body: resultXml(action, outcome.result, requestId) }
  } catch (error) {
    const refusal = error instanceof StsError ? error : new StsError(500, 'InternalFailure', messageOf(error))
    const role = parameters.get('RoleArn')
    const reason = `${refusal.code}: ${refusal.message}`
    record({ server: 'sts', what: action, status: refusal.status, reason, ...(role ? { role } : {}) })
    return { status: refusal.status, body: refusal.xml(requestId) }
  }
}

async function perform(action: string, parameters: URLSearchParams, request: SignedRequest, state: StsState): Promise<Outcome> {
  if (request.method !== 'POST') throw new StsError(405, 'MethodNotAllowed', 'The sandbox takes POST only.')
  const asked = parameters.get('Version')
  const known = ['AssumeRoleWithSAML', 'AssumeRole', 'GetCallerIdentity']
  if (asked !== version || !known.includes(action)) {
    throw new StsError(400, 'InvalidAction', `Could not find operation ${action} for version ${asked ?? 'NO_VERSION_SPECIFIED'}`)
  }
  for (const name of new Set(parameters.keys())) {
    if (parameters.getAll(name).length > 1) throw invalid(`Parameter ${name} is given more than once`)
  }
  if (action === 'AssumeRoleWithSAML') return assumeRoleWithSaml(parameters, state)
  const caller = callerOf(request, state.store, state.now())
  return action === 'AssumeRole' ? assumeRole(parameters, state, caller) : getCallerIdentity(caller)
}

function wireRequest(request: http.IncomingMessage, body: Buffer): SignedRequest {
  const headers = new Map<string, string>()
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase()
    const value = request.rawHeaders[index + 1] ?? ''
    headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value)
  }
  return { method: request.method ?? '', url: request.url ?? '/', headers, body }
}
