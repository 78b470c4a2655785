import type { Portal } from '../../base/config.ts'
import { messageOf } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import { isAcs } from '../../session/acs.ts'
import type { Captured } from '../../session/captured.ts'
import { endIfCancelled } from '../cancelled.ts'
import type { Jar } from '../cookies.ts'
import { connectionsTo } from './connections.ts'
import { httpCookies } from './cookieJar.ts'
import { nextStep, type Step } from './nextStep.ts'
import { objectionTo } from './objection.ts'
import { pageOf } from './page.ts'
import { redirectOf } from './redirect.ts'
import type { Answer } from './request.ts'
import { decoded } from './text.ts'
import { type From, staysOnSite, take, type Visitor } from './visit.ts'

/** The assertion, or why plain requests do not get to it; and the cookies as they are after that. */
export type ByHttp =
  | { readonly kind: 'caught'; readonly captured: Captured; readonly jar: Jar }
  | { readonly kind: 'stopped'; readonly why: string; readonly jar: Jar }

/** Browsers give up after 20 redirects of one page; a federation may have several pages. */
const mostSteps = 30
/** Whoever is slower than this is given up, milliseconds. */
const limit = 10_000
/** A page with more tags is none that only leads on. */
const mostTags = 20_000

/**
 * Signs in at `portal` by its cookies and plain requests, no browser: redirects and pages that lead on by themselves are followed
 * as a browser would, and the assertion is read from the form that holds it. That form is never posted; nothing is filled in,
 * pressed or decided. It sends what the browser of the cookies calls itself, to which portals tie them.
 * @throws AwsfedError `cancelled` when `signal` aborts; whatever else stands in the way is told by the result
 */
export async function assertionByHttp(world: World, portal: Portal, jar: Jar, signal: AbortSignal | undefined): Promise<ByHttp> {
  const { userAgent } = jar
  if (jar.cookies.length === 0) return { kind: 'stopped', why: 'no cookies of this portal are kept', jar }
  if (userAgent === undefined) return { kind: 'stopped', why: 'it is not known which browser the cookies are of', jar }
  const cookies = httpCookies(jar.cookies)
  const late = AbortSignal.timeout(limit)
  let connections: ReturnType<typeof connectionsTo> | undefined
  let end: End
  try {
    connections = connectionsTo(portal, world.env)
    const visitor = { userAgent, cookies, connections, signal: signal ? AbortSignal.any([signal, late]) : late }
    end = await walk(world, portal, visitor)
  } catch (error) {
    endIfCancelled(signal)
    // A browser may trust and reach what Node does not; where it does not either, it says so in its own words.
    end = { kind: 'stopped', why: late.aborted ? `no answer within ${limit / 1000} seconds` : messageOf(error) }
  } finally {
    connections?.close()
  }
  return { ...end, jar: { userAgent, cookies: await cookies.all() } }
}

type End = { readonly kind: 'caught'; readonly captured: Captured } | { readonly kind: 'stopped'; readonly why: string }

async function walk({ trace }: World, { url: start, acsHosts }: Portal, visitor: Visitor): Promise<End> {
  const stopped = (why: string): End => ({ kind: 'stopped', why })
  let step: Step = { method: 'GET', url: start, entries: [], why: 'the portal' }
  let from: From | undefined
  let before: URL | undefined
  for (let count = 0; count < mostSteps; count++) {
    const url = new URL(step.url)
    const samlResponse = step.entries.find(([name]) => name === 'SAMLResponse')?.[1]
    if (samlResponse && step.method === 'POST' && isAcs(step.url, acsHosts)) {
      return { kind: 'caught', captured: { samlResponse, acs: step.url } }
    }
    const objection = objectionTo(step, { from: before, sameSite: staysOnSite(from, url), acsHosts })
    if (objection !== undefined) return stopped(objection)
    const answer = await take(visitor, step, from)
    trace(`http: ${step.method} ${shown(url)} (${step.why}): ${answer.status}`)
    before = url
    const redirect = redirectOf(answer, step)
    if (redirect) {
      step = redirect
      continue
    }
    const unfit = unfitness(answer)
    if (unfit !== undefined) return stopped(`${unfit} at ${shown(url)}`)
    const page = pageOf(step.url, decoded(answer.body, answer.headers['content-type']))
    const next = nextStep(page, acsHosts, headerOf(answer, 'refresh'))
    if (next.kind === 'assertion') return { kind: 'caught', captured: next.captured }
    if (next.kind === 'stop') return stopped(`${next.why}, at ${shown(url)}`)
    from = { url, policy: headerOf(answer, 'referrer-policy') ?? page.referrer }
    step = next.step
  }
  return stopped(`still not there after ${mostSteps} requests`)
}

/** Why an answer is not read as a page. */
function unfitness(answer: Answer): string | undefined {
  const { status, body } = answer
  const type = headerOf(answer, 'content-type')?.split(';')[0]?.trim().toLowerCase() ?? 'no type'
  const scheme = headerOf(answer, 'www-authenticate')?.split(/[\s,]/)[0]
  if (status === 401 && scheme) return `HTTP authentication (${scheme}) is asked for`
  if (status < 200 || status > 299) return `HTTP status ${status}`
  if (type !== 'text/html' && type !== 'application/xhtml+xml') return `no page (${type})`
  return countOf(body, '<') > mostTags ? 'a page of very many tags' : undefined
}

function countOf(body: Buffer, character: string): number {
  let count = 0
  for (let at = body.indexOf(character); at >= 0 && count <= mostTags; at = body.indexOf(character, at + 1)) count++
  return count
}

function headerOf({ headers }: Answer, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** An address without what may be secret in it. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}
