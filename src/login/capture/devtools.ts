import type { Portal } from '../../base/config.ts'
import { AwsfedError, messageOf } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import { acsUrlPatterns, isAcs } from '../../session/acs.ts'
import type { Captured } from '../../session/captured.ts'
import type { Connection } from '../browser/connection.ts'
import type { OpenBrowser } from '../browser/open.ts'
import { proxyOf } from '../browser/proxy.ts'
import { cookieOf, isAwsDomain } from '../cookies.ts'
import type { Capture } from './capture.ts'
import { connectDevtools } from './cdp.ts'
import { endedEarly, unanswered } from './failures.ts'
import { samlResponseOf } from './form.ts'
import { answerInPlace } from './inPlace.ts'
import { observeByDevtools } from './observe.ts'

/** `Fetch.requestPaused` of the devtools protocol, as far as it is used. */
interface PausedRequest {
  readonly requestId: string
  readonly request: {
    readonly url: string
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly hasPostData?: boolean
    readonly postData?: string
    readonly postDataEntries?: readonly { readonly bytes?: string }[]
  }
  /** One of the two is there when the answer has come, or why none will. */
  readonly responseStatusCode?: number
  readonly responseErrorReason?: string
}

/** What stands between the browser and AWS: POSTs to an ACS are let go to it, and it keeps their assertion. */
export interface Beyond {
  /** The assertion of a POST that it has answered; undefined when it had none. @throws AwsfedError where it does not tell */
  assertion(): Promise<Captured | undefined>
  /** Why it has not answered a POST to `url`. */
  failed(url: string): Promise<AwsfedError>
}

/**
 * Watches `browser` for the assertion: all tabs, popups, frames and workers at once, since it speaks to the browser and not to
 * a page. To be called before the first page of the portal. No request to an ACS is ever passed on, but a POST to `beyond`.
 * @throws AwsfedError `failed` when the browser cannot be spoken to
 */
export async function captureByDevtools(world: World, browser: OpenBrowser, portal: Portal, beyond?: Beyond): Promise<Capture> {
  const devtools = await connectDevtools(browser.debuggerAddress).catch((error: unknown) =>
    Promise.reject(unanswered('devtools', error)),
  )
  let closing = false
  let lost: (error: AwsfedError) => void = () => {}
  const captured = new Promise<Captured>((resolve) => {
    devtools.on('Fetch.requestPaused', (params) => {
      const paused = params as unknown as PausedRequest
      answer(devtools, paused, { acsHosts: portal.acsHosts, beyond, trace: world.trace }).then(
        (found) => {
          if (!found) return
          world.redactor.conceal(found.samlResponse)
          resolve(found)
        },
        (error: unknown) => {
          // Else the page went away before it had its answer; a browser that went away is told by `gone`.
          if (error instanceof AwsfedError) lost(error)
          world.trace(`capture: ${messageOf(error)}`)
        },
      )
    })
  })
  const gone = new Promise<AwsfedError>((resolve) => {
    lost = resolve
    Promise.race([devtools.ended, lastPageClosed(devtools)]).then(() => {
      if (closing) return
      // Without the connection nothing is stopped any more: the browser must not go on.
      void browser.close()
      resolve(endedEarly(browser.headless))
    })
  })
  let version: Record<string, unknown>
  try {
    ;[version] = await Promise.all([
      devtools.send('Browser.getVersion'),
      watch(devtools, world, portal, beyond === undefined),
      devtools.send('Target.setDiscoverTargets', { discover: true }),
    ])
  } catch (error) {
    devtools.close()
    throw unanswered('devtools', error)
  }
  return {
    captured,
    gone,
    userAgent: typeof version.userAgent === 'string' ? version.userAgent : undefined,
    async cookies() {
      const { cookies } = await devtools.send('Storage.getCookies')
      const all = (Array.isArray(cookies) ? cookies : []).map(cookieOf).filter((cookie) => cookie !== undefined)
      return all.filter(({ domain }) => !isAwsDomain(domain, portal.acsHosts))
    },
    async setCookies(cookies) {
      // One by one: of a list with one cookie that this version of the browser refuses it would take none.
      await Promise.all(
        cookies.map((cookie) =>
          devtools.send('Storage.setCookies', { cookies: [cookie] }).catch((error: unknown) => {
            world.trace(`capture: cookie ${cookie.name} of ${cookie.domain} is not set: ${messageOf(error)}`)
          }),
        ),
      )
    },
    observe: (script, told) => observeByDevtools(devtools, script, { told, trace: world.trace }),
    async close() {
      closing = true
      devtools.close()
      await devtools.ended
    },
  }
}

/** Asks for every request to an ACS to be held, and (with `direct`) for the login at a proxy that wants one. */
async function watch(devtools: Connection, world: World, portal: Portal, direct: boolean): Promise<void> {
  const credentials = direct ? proxyOf(portal.proxy, world.env)?.credentials : undefined
  if (!credentials) {
    await devtools.send('Fetch.enable', { patterns: patternsOf(acsUrlPatterns(portal.acsHosts)) })
    return
  }
  world.redactor.conceal(credentials.password)
  // A proxy that asks again has not taken them; to go on would lock the account.
  const given = new Set<unknown>()
  devtools.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
    const { source } = (authChallenge ?? {}) as { source?: unknown }
    const wanted = source === 'Proxy' && !given.has(requestId)
    given.add(requestId)
    const response = wanted
      ? { response: 'ProvideCredentials', ...credentials }
      : { response: source === 'Proxy' ? 'CancelAuth' : 'Default' }
    devtools
      .send('Fetch.continueWithAuth', { requestId, authChallengeResponse: response })
      .catch((error: unknown) => world.trace(`capture: ${messageOf(error)}`))
  })
  // Only requests that are held can be helped with a login: here all of them are.
  await devtools.send('Fetch.enable', { patterns: patternsOf(['*']), handleAuthRequests: true })
}

function patternsOf(urls: readonly string[]) {
  return urls.map((urlPattern) => ({ urlPattern, requestStage: 'Request' }))
}

interface Answering {
  readonly acsHosts: readonly string[]
  readonly beyond: Beyond | undefined
  readonly trace: World['trace']
}

/**
 * Answers a held request: those to an ACS with a page of our own, all others by letting them go on.
 * Returns the assertion when there is one in it.
 */
async function answer(
  devtools: Connection,
  paused: PausedRequest,
  { acsHosts, beyond, trace }: Answering,
): Promise<Captured | undefined> {
  const { requestId, request } = paused
  if (!isAcs(request.url, acsHosts)) {
    await devtools.send('Fetch.continueRequest', { requestId })
    return undefined
  }
  if (beyond && request.method === 'POST') return fromBeyond(devtools, paused, beyond, trace)
  const samlResponse = request.method === 'POST' ? samlResponseOf(bodyOf(request), headerOf(request, 'content-type')) : undefined
  trace(
    `capture: ${request.method} to an ACS ${samlResponse === undefined ? 'without an assertion' : 'with the assertion'}, stopped`,
  )
  try {
    // Before anything else is done: what is still held when the connection ends is let go.
    await devtools.send('Fetch.fulfillRequest', { requestId, ...responseTo(request, samlResponse !== undefined) })
  } catch (error) {
    trace(`capture: ${messageOf(error)}`) // the page is gone; the assertion is as good
  }
  return samlResponse === undefined ? undefined : { samlResponse, acs: request.url }
}

/** Lets a POST go to `beyond`, and takes its assertion from there when it is answered: it is held twice, before and after. */
async function fromBeyond(
  devtools: Connection,
  { requestId, request, responseStatusCode, responseErrorReason }: PausedRequest,
  beyond: Beyond,
  trace: World['trace'],
): Promise<Captured | undefined> {
  if (responseErrorReason !== undefined) {
    trace(`capture: POST to an ACS, ${responseErrorReason}`)
    throw await beyond.failed(request.url)
  }
  if (responseStatusCode === undefined) {
    trace('capture: POST to an ACS, let go to what is before it')
    await devtools.send('Fetch.continueRequest', { requestId, interceptResponse: true })
    return undefined
  }
  trace(`capture: POST to an ACS, answered by HTTP ${responseStatusCode}`)
  const found = await beyond.assertion()
  await devtools
    .send('Fetch.fulfillRequest', { requestId, ...responseTo(request, found !== undefined) })
    .catch((error: unknown) => trace(`capture: ${messageOf(error)}`)) // the page is gone; the assertion is as good
  return found
}

function bodyOf({ postDataEntries, postData }: PausedRequest['request']): Buffer {
  if (postDataEntries?.length) return Buffer.concat(postDataEntries.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64')))
  return Buffer.from(postData ?? '', 'utf8')
}

function headerOf({ headers }: PausedRequest['request'], name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
}

function responseTo(request: PausedRequest['request'], done: boolean) {
  const stopped = { method: request.method, header: (name: string) => headerOf(request, name) }
  const { status, headers, body } = answerInPlace(stopped, done)
  return { responseCode: status, responseHeaders: headers, body: Buffer.from(body).toString('base64') }
}

/** Resolves when no page is left: on macOS the browser itself goes on without a window. */
function lastPageClosed(devtools: Connection): Promise<void> {
  const pages = new Set<unknown>()
  return new Promise((resolve) => {
    devtools.on('Target.targetCreated', ({ targetInfo }) => {
      const { targetId, type, subtype } = (targetInfo ?? {}) as { targetId?: unknown; type?: unknown; subtype?: unknown }
      if (type === 'page' && !subtype) pages.add(targetId)
    })
    devtools.on('Target.targetDestroyed', ({ targetId }) => {
      if (pages.delete(targetId) && pages.size === 0) resolve()
    })
  })
}
