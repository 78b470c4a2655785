import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { readIfThere } from '../base/files.ts'
import { fileNameOf, type Paths } from '../base/paths.ts'
import { readSealed, writeSealed } from '../base/sealed.ts'
import type { World } from '../base/world.ts'

/**
 * A cookie as the devtools protocol takes it (`Network.CookieParam`), so that one that was read can be set again. A secret:
 * with it the portal lets in whoever has it.
 */
export interface Cookie {
  readonly name: string
  readonly value: string
  /** With a leading dot when subdomains get it too. */
  readonly domain: string
  readonly path: string
  /** Seconds since 1970; absent for a cookie of the session, which would end with the browser. */
  readonly expires?: number
  readonly secure?: boolean
  readonly httpOnly?: boolean
  readonly sameSite?: 'Strict' | 'Lax' | 'None'
  readonly priority?: 'Low' | 'Medium' | 'High'
  readonly sourceScheme?: 'Unset' | 'NonSecure' | 'Secure'
  readonly sourcePort?: number
  /** Of a partitioned cookie (CHIPS): the site in whose pages it is sent. */
  readonly partitionKey?: { readonly topLevelSite: string; readonly hasCrossSiteAncestor: boolean }
}

const words = {
  sameSite: ['Strict', 'Lax', 'None'],
  priority: ['Low', 'Medium', 'High'],
  sourceScheme: ['Unset', 'NonSecure', 'Secure'],
} as const

type Clock = Partial<Pick<World, 'now' | 'trace'>>

/** What a portal knows a browser by. */
export interface Jar {
  readonly cookies: readonly Cookie[]
  /** What the browser of the cookies calls itself, to which portals tie them; undefined where that is not known. */
  readonly userAgent: string | undefined
}

function jarFile(paths: Paths, portal: string): string {
  return path.join(paths.state, 'cookies', `${fileNameOf(portal)}.json`)
}

/** The jar kept for `portal`, without cookies that have expired; an empty one where there is no file or a damaged one. */
export function readJar(paths: Paths, portal: string, { now = () => new Date(), trace }: Clock = {}): Jar {
  const text = readSealed(paths, jarFile(paths, portal), trace)
  const jar = text === undefined ? undefined : jarOf(text)
  if (!jar) {
    if (text !== undefined) trace?.('cookies: the jar is damaged and taken as empty')
    return { cookies: [], userAgent: undefined }
  }
  const seconds = now().getTime() / 1000
  return { ...jar, cookies: jar.cookies.filter(({ expires }) => expires === undefined || expires > seconds) }
}

/** Keeps `jar` for the next login at `portal`, 0600, in the place of the one kept before. AWS's cookies are left out. */
export function writeJar(paths: Paths, portal: string, { cookies, userAgent }: Jar): void {
  const kept = cookies.filter(({ domain }) => !isAwsDomain(domain))
  writeSealed(paths, jarFile(paths, portal), `${JSON.stringify({ userAgent, cookies: kept }, null, 1)}\n`)
}

/** Forgets the cookies of `portal`. Returns whether there were any. */
export function forgetCookies(paths: Paths, portal: string): boolean {
  const file = jarFile(paths, portal)
  const there = readIfThere(file) !== undefined
  rmSync(file, { force: true })
  return there
}

/** Forgets the cookies of every portal, of those that the configuration no longer has too. Returns the portals' names. */
export function forgetAllCookies(paths: Paths): string[] {
  const folder = path.join(paths.state, 'cookies')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replace(/\.json$/, ''))
  rmSync(folder, { recursive: true, force: true })
  return names.sort()
}

function jarOf(text: string): Jar | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { cookies, userAgent } = (value ?? {}) as { cookies?: unknown; userAgent?: unknown }
  if (!Array.isArray(cookies)) return undefined
  return {
    cookies: cookies.map(cookieOf).filter((cookie) => cookie !== undefined && !isAwsDomain(cookie.domain)) as Cookie[],
    // It becomes a header.
    userAgent: typeof userAgent === 'string' && /^[\x20-\x7e]+$/.test(userAgent) ? userAgent : undefined,
  }
}

/** Reads a cookie of the jar, or of `Storage.getCookies`, which gives session cookies an end of -1; undefined when it is none. */
export function cookieOf(value: unknown): Cookie | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const from = value as Readonly<Record<string, unknown>>
  const { name, value: content, domain, path: folder, expires, partitionKey } = from
  if (typeof name !== 'string' || typeof content !== 'string') return undefined
  if (typeof domain !== 'string' || domain === '' || typeof folder !== 'string') return undefined
  const lasting = typeof expires === 'number' && expires > 0 && from.session !== true
  const partition = partitionOf(partitionKey)
  return {
    name,
    value: content,
    domain,
    path: folder,
    ...(lasting ? { expires } : {}),
    ...(typeof from.secure === 'boolean' ? { secure: from.secure } : {}),
    ...(typeof from.httpOnly === 'boolean' ? { httpOnly: from.httpOnly } : {}),
    ...wordOf('sameSite', from.sameSite),
    ...wordOf('priority', from.priority),
    ...wordOf('sourceScheme', from.sourceScheme),
    ...(typeof from.sourcePort === 'number' ? { sourcePort: from.sourcePort } : {}),
    ...(partition ? { partitionKey: partition } : {}),
  }
}

/** `{[key]: value}` where it is one of the protocol's words, else nothing. */
function wordOf<Key extends keyof typeof words>(key: Key, value: unknown): Pick<Cookie, Key> | Record<never, never> {
  return typeof value === 'string' && (words[key] as readonly string[]).includes(value) ? { [key]: value } : {}
}

function partitionOf(value: unknown): Cookie['partitionKey'] {
  if (typeof value !== 'object' || value === null) return undefined
  const { topLevelSite, hasCrossSiteAncestor } = value as Readonly<Record<string, unknown>>
  if (typeof topLevelSite !== 'string' || typeof hasCrossSiteAncestor !== 'boolean') return undefined
  return { topLevelSite, hasCrossSiteAncestor }
}

/** Domains of AWS in all partitions, that of the `.aws` names included. */
const awsDomains = [
  'amazon.com',
  'amazon.cn',
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.cn',
  'amazonaws.eu',
  'amazonaws-us-gov.com',
  'amazonaws-eusc.eu',
  'amazonaws-eusc.com',
  'awsapps.com',
  'awsapps.cn',
  'awsstatic.com',
  'aws',
]

/**
 * Whether cookies of `domain` are AWS's, which are never kept: they would open the console.
 * @param more hosts that stand for AWS (`acs_hosts` of the configuration)
 */
export function isAwsDomain(domain: string, more: readonly string[] = []): boolean {
  const host = domain.toLowerCase().replace(/^\./, '').replace(/\.$/, '')
  return [...awsDomains, ...more].some((suffix) => host === suffix.toLowerCase() || host.endsWith(`.${suffix.toLowerCase()}`))
}
