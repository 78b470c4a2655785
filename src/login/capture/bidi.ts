import type { Portal } from '../../base/config.ts'
import { type AwsfedError, messageOf } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import { isAcs } from '../../session/acs.ts'
import type { Captured } from '../../session/captured.ts'
import type { Connection } from '../browser/connection.ts'
import type { OpenFirefox } from '../browser/firefox/open.ts'
import { proxyOf } from '../browser/proxy.ts'
import { isAwsDomain } from '../cookies.ts'
import { bidiCookie, cookieOfBidi } from './bidiCookies.ts'
import type { Capture } from './capture.ts'
import { endedEarly, unanswered } from './failures.ts'
import { samlResponseOf } from './form.ts'
import { answerInPlace } from './inPlace.ts'
import { observeByBidi } from './observe.ts'

/** `network.BaseParameters` of WebDriver BiDi, as far as it is used. */
interface HeldRequest {
  readonly isBlocked: boolean
  readonly request: {
    readonly request: string
    readonly url: string
    readonly method: string
    readonly headers: readonly { readonly name: string; readonly value: BytesValue }[]
  }
  readonly response?: { readonly status: number }
}

interface BytesValue {
  readonly type: 'string' | 'base64'
  readonly value: string
}

/** Larger bodies are not given; AWS itself takes 100,000 characters (STS, AssumeRoleWithSAML). */
const largestBody = 64 * 1000 * 1000

/**
 * Watches Firefox for the assertion: all windows and frames, and the workers that belong to one. To be called before the first
 * page of the portal. Every request is held until it is known not to be for an ACS: BiDi's patterns name one host each. What
 * belongs to no window (shared and service workers) is not shown by Firefox; that it does not reach AWS is the failsafe's work.
 * @throws AwsfedError `failed` when the browser cannot be spoken to
 */
export async function captureByBidi(
  world: World,
  { bidi, userAgent, headless, close }: OpenFirefox,
  portal: Portal,
): Promise<Capture> {
  let closing = false
  const captured = new Promise<Captured>((resolve) => {
    bidi.on('network.beforeRequestSent', (params) => {
      const held = params as unknown as HeldRequest
      if (!held.isBlocked) return
      answer(bidi, held, portal.acsHosts, world.trace).then(
        (found) => {
          if (!found) return
          world.redactor.conceal(found.samlResponse)
          resolve(found)
        },
        // The page went away before it had its answer; a browser that went away is told by `gone`.
        (error: unknown) => world.trace(`capture: ${messageOf(error)}`),
      )
    })
  })
  const gone = new Promise<AwsfedError>((resolve) => {
    Promise.race([bidi.ended, lastWindowClosed(bidi)]).then(() => {
      if (closing) return
      // Without the connection nothing is stopped any more: the browser must not go on.
      void close()
      resolve(endedEarly(headless))
    })
  })
  try {
    await watch(bidi, world, portal, headless)
  } catch (error) {
    throw unanswered('WebDriver BiDi', error)
  }
  return {
    captured,
    gone,
    userAgent,
    async cookies() {
      const { cookies } = await bidi.send('storage.getCookies')
      const all = (Array.isArray(cookies) ? cookies : []).map(cookieOfBidi).filter((cookie) => cookie !== undefined)
      return all.filter(({ domain }) => !isAwsDomain(domain, portal.acsHosts))
    },
    async setCookies(cookies) {
      await Promise.all(
        cookies.map((cookie) =>
          bidi.send('storage.setCookie', { cookie: bidiCookie(cookie) }).catch((error: unknown) => {
            world.trace(`capture: cookie ${cookie.name} of ${cookie.domain} is not set: ${messageOf(error)}`)
          }),
        ),
      )
    },
    observe: (script, told) => observeByBidi(bidi, script, told),
    async close() {
      closing = true
      bidi.close()
      await bidi.ended
    },
  }
}

/** Asks for every request to be held, with its body, and for every login that a proxy or a server wants of the browser itself. */
async function watch(bidi: Connection, world: World, portal: Portal, headless: boolean): Promise<void> {
  const credentials = proxyOf(portal.proxy, world.env)?.credentials
  if (credentials) world.redactor.conceal(credentials.password)
  // A proxy that asks again has not taken them; to go on would lock the account.
  const given = new Set<string>()
  bidi.on('network.authRequired', (params) => {
    const { isBlocked, request, response } = params as unknown as HeldRequest
    if (!isBlocked) return
    const wanted = response?.status === 407 && !given.has(request.request)
    given.add(request.request)
    // Where nobody sees the browser's own box, the page that says no is shown.
    const login =
      credentials && wanted
        ? { action: 'provideCredentials', credentials: { type: 'password', ...credentials } }
        : { action: headless ? 'cancel' : 'default' }
    bidi
      .send('network.continueWithAuth', { request: request.request, ...login })
      .catch((error: unknown) => world.trace(`capture: ${messageOf(error)}`))
  })
  await bidi.send('session.subscribe', {
    events: [
      'network.beforeRequestSent',
      'network.authRequired',
      'browsingContext.contextCreated',
      'browsingContext.contextDestroyed',
    ],
  })
  await bidi.send('network.addDataCollector', { dataTypes: ['request'], maxEncodedDataSize: largestBody })
  await bidi.send('network.addIntercept', { phases: ['beforeRequestSent', 'authRequired'] })
}

/**
 * Answers a held request: those to an ACS with a page of our own, all others by letting them go on.
 * Returns the assertion when there is one in it.
 */
async function answer(
  bidi: Connection,
  { request }: HeldRequest,
  acsHosts: readonly string[],
  trace: World['trace'],
): Promise<Captured | undefined> {
  if (!isAcs(request.url, acsHosts)) {
    await bidi.send('network.continueRequest', { request: request.request })
    return undefined
  }
  const header = (name: string) => {
    const found = request.headers.find((candidate) => candidate.name.toLowerCase() === name)
    return found && String(bytesOf(found.value))
  }
  const body = request.method === 'POST' ? await bodyOf(bidi, request.request, trace) : undefined
  const samlResponse = body && samlResponseOf(body, header('content-type'))
  trace(
    `capture: ${request.method} to an ACS ${samlResponse === undefined ? 'without an assertion' : 'with the assertion'}, stopped`,
  )
  const inPlace = answerInPlace({ method: request.method, header }, samlResponse !== undefined)
  try {
    // Before anything else is done: what is still held when the connection ends is let go.
    await bidi.send('network.provideResponse', {
      request: request.request,
      statusCode: inPlace.status,
      headers: inPlace.headers.map(({ name, value }) => ({ name, value: { type: 'string', value } })),
      body: { type: 'string', value: inPlace.body },
    })
  } catch (error) {
    trace(`capture: ${messageOf(error)}`) // the page is gone; the assertion is as good
  }
  return samlResponse === undefined ? undefined : { samlResponse, acs: request.url }
}

async function bodyOf(bidi: Connection, request: string, trace: World['trace']): Promise<Buffer | undefined> {
  try {
    const { bytes } = await bidi.send('network.getData', { request, dataType: 'request' })
    return bytesOf(bytes as BytesValue)
  } catch (error) {
    trace(`capture: the body of a request to an ACS is not to be had: ${messageOf(error)}`)
    return undefined
  }
}

function bytesOf({ type, value }: BytesValue): Buffer {
  return Buffer.from(value, type === 'base64' ? 'base64' : 'utf8')
}

/** Resolves when no window is left: on macOS the browser itself goes on without one. */
function lastWindowClosed(bidi: Connection): Promise<void> {
  const windows = new Set<unknown>()
  return new Promise((resolve) => {
    bidi.on('browsingContext.contextCreated', ({ context, parent }) => {
      if (parent === null) windows.add(context)
    })
    bidi.on('browsingContext.contextDestroyed', ({ context }) => {
      if (windows.delete(context) && windows.size === 0) resolve()
    })
  })
}
