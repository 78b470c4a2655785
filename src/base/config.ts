import { secondsOf } from './duration.ts'
import { AwsfedError } from './errors.ts'
import { readIfThere } from './files.ts'
import { proxyUrlOf } from './proxyUrl.ts'
import { readToml } from './toml.ts'

const browsers = ['chrome', 'chromium', 'edge', 'firefox'] as const
const captures = ['devtools', 'bidi', 'browsermob'] as const
const factors = ['totp', 'push', 'sms', 'email', 'call'] as const

export type Browser = (typeof browsers)[number]
type Capture = (typeof captures)[number]
export type Factor = (typeof factors)[number]

/** `[portal.NAME]`: a company's sign-in site. */
export interface Portal {
  readonly name: string
  readonly url: string
  /** `auto`, the name of a built-in recipe, or a path to one. */
  readonly recipe: string
  readonly capture: Capture | undefined
  readonly browser: Browser | undefined
  readonly browserBinary: string | undefined
  readonly driverBinary: string | undefined
  readonly browserArgs: readonly string[]
  readonly username: string | undefined
  readonly passwordCommand: string | undefined
  readonly otpCommand: string | undefined
  readonly mfa: Factor | undefined
  readonly proxy: string | undefined
  /** Hosts beyond AWS's own that the portal posts the assertion to. */
  readonly acsHosts: readonly string[]
  readonly browsermob: { readonly url: string; readonly command: string | undefined } | undefined
}

/** `[profile.NAME]`: this role, by this portal or from that profile. Exactly one of `portal` and `source` is set. */
export interface Profile {
  readonly name: string
  readonly portal: string | undefined
  readonly source: string | undefined
  readonly role: string | undefined
  readonly provider: string | undefined
  readonly region: string | undefined
  /** Seconds. */
  readonly duration: number | undefined
  /** The profile of ~/.aws/credentials to write after each login. */
  readonly writeTo: string | undefined
}

/** `[[route]]`: which profile a repository uses. `match` is `REGION/REPOSITORY` with `*`. */
interface Route {
  readonly match: string
  readonly profile: string
}

export interface Config {
  readonly path: string
  readonly defaultProfile: string | undefined
  readonly portals: ReadonlyMap<string, Portal>
  readonly profiles: ReadonlyMap<string, Profile>
  /** `[account]`: what an SSH key id, ssh user or codecommit profile stands for. */
  readonly accounts: ReadonlyMap<string, string>
  readonly routes: readonly Route[]
  /** What does not stop awsfed but is hardly meant: unknown keys, a portal over plain http. */
  readonly warnings: readonly string[]
}

/**
 * Reads `config.toml`.
 * @throws AwsfedError `failed` when it is missing, is no TOML (with line and column) or holds a wrong value (with its key).
 */
export function loadConfig(path: string): Config {
  const text = readIfThere(path)
  if (text === undefined) {
    throw new AwsfedError('failed', `no configuration: ${path} does not exist`, {
      hint: 'write one with a [portal.NAME] and a [profile.NAME] (see the README), or try `awsfed sandbox`',
    })
  }
  return parseConfig(text, path)
}

/** The configuration that `text` holds; `path` only names it in errors, which are those of `loadConfig`. */
export function parseConfig(text: string, path: string): Config {
  const root = new Table(tomlOf(text, path), '', path)
  const defaultProfile = root.text('default_profile')
  const portals = new Map(root.tables('portal').map(([name, table]) => [name, portalOf(name, table)]))
  const profiles = new Map(root.tables('profile').map(([name, table]) => [name, profileOf(name, table)]))
  const account = root.table('account')
  const accounts = new Map(account?.names().map((name) => [name, account.requiredText(name)]))
  const routes = root.list('route').map((table) => {
    const route = { match: table.requiredText('match'), profile: table.requiredText('profile') }
    table.end()
    return route
  })
  root.end()

  for (const profile of profiles.values()) checkProfile(profile, profiles, portals, path)
  const known = (name: string, key: string) => {
    if (!profiles.has(name)) throw wrong(path, key, `names ${name}, but there is no [profile.${name}]`)
  }
  if (defaultProfile !== undefined) known(defaultProfile, 'default_profile')
  for (const route of routes) known(route.profile, 'route.profile')
  for (const [name, profile] of accounts) known(profile, `account.${name}`)

  const warnings = [...root.warnings]
  for (const portal of portals.values()) {
    if (portal.url.startsWith('http:'))
      warnings.push(`[portal.${portal.name}] url is plain http: passwords would cross the network in the clear`)
  }
  return { path, defaultProfile, portals, profiles, accounts, routes, warnings }
}

function tomlOf(text: string, path: string): Record<string, unknown> {
  const reading = readToml(text)
  if (reading.document !== undefined) return reading.document
  throw new AwsfedError('failed', `${path}:${reading.line}:${reading.column}: ${reading.what}`, {
    hint: 'correct that line; the format is TOML (https://toml.io)',
    cause: reading.cause,
  })
}

function portalOf(name: string, table: Table): Portal {
  const url = table.requiredText('url')
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) throw table.wrong('url', 'is not an http(s) URL')
  const proxy = table.text('proxy')
  // Its text, which may hold a password, is not shown.
  if (proxy !== undefined && !proxyUrlOf(proxy)) throw table.wrong('proxy', 'is not the URL of a proxy (http, https or socks)')
  const acsHosts = table.texts('acs_hosts')
  for (const host of acsHosts) {
    // They become rules and patterns of the browser: a URL, or a `*`, would stand for nothing there, or for everything.
    if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(host)) {
      throw table.wrong('acs_hosts', `"${host}" is not the name of a host, such as "signin.aws.amazon.com.mcas.ms"`)
    }
  }
  const mob = table.table('browsermob')
  const portal: Portal = {
    name,
    url,
    recipe: table.text('recipe') ?? 'auto',
    capture: table.oneOf('capture', captures),
    browser: table.oneOf('browser', browsers),
    browserBinary: table.text('browser_binary'),
    driverBinary: table.text('driver_binary'),
    browserArgs: table.texts('browser_args'),
    username: table.text('username'),
    passwordCommand: table.text('password_command'),
    otpCommand: table.text('otp_command'),
    mfa: table.oneOf('mfa', factors),
    proxy,
    acsHosts,
    browsermob: mob && { url: mob.requiredText('url'), command: mob.text('command') },
  }
  mob?.end()
  table.end()
  return portal
}

const roleArn = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/
const providerArn = /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w._-]+$/

function profileOf(name: string, table: Table): Profile {
  const duration = table.text('duration')
  const seconds = duration === undefined ? undefined : secondsOf(duration)
  if (duration !== undefined && (seconds === undefined || seconds < 900 || seconds > 43_200)) {
    throw table.wrong('duration', `"${duration}" is not a duration from 15m to 12h, such as "8h"`)
  }
  const role = table.text('role')
  if (role !== undefined && !roleArn.test(role)) throw table.wrong('role', `"${role}" is not the ARN of a role`)
  const provider = table.text('provider')
  if (provider !== undefined && !providerArn.test(provider)) {
    throw table.wrong('provider', `"${provider}" is not the ARN of a SAML provider`)
  }
  const region = table.text('region')
  if (region !== undefined && !/^[a-z]{2,4}(-[a-z0-9]+)+-\d+$/.test(region)) {
    throw table.wrong('region', `"${region}" is not an AWS region`)
  }
  const profile: Profile = {
    name,
    portal: table.text('portal'),
    source: table.text('source'),
    role,
    provider,
    region,
    duration: seconds,
    writeTo: table.text('write_to'),
  }
  table.end()
  return profile
}

function checkProfile(
  profile: Profile,
  profiles: ReadonlyMap<string, Profile>,
  portals: ReadonlyMap<string, Portal>,
  path: string,
): void {
  const key = (name: string) => `profile.${profile.name}.${name}`
  if (profile.portal !== undefined && profile.source !== undefined) {
    throw wrong(path, key('source'), 'stands beside portal: a profile has one of the two')
  }
  if (profile.portal !== undefined) {
    if (!portals.has(profile.portal))
      throw wrong(path, key('portal'), `names ${profile.portal}, but there is no [portal.${profile.portal}]`)
    return
  }
  if (profile.source === undefined) throw wrong(path, `profile.${profile.name}`, 'names neither a portal nor a source')
  if (profile.role === undefined) throw wrong(path, key('role'), 'is missing: a profile with a source assumes a role')
  const seen = new Set([profile.name])
  for (let next = profile.source; ; ) {
    const source = profiles.get(next)
    if (!source) throw wrong(path, key('source'), `names ${next}, but there is no [profile.${next}]`)
    if (seen.has(next)) throw wrong(path, key('source'), `comes back to itself by ${[...seen, next].join(' → ')}`)
    seen.add(next)
    if (source.source === undefined) return
    next = source.source
  }
}

function wrong(path: string, key: string, what: string): AwsfedError {
  return new AwsfedError('failed', `${path}: ${key} ${what}`, { hint: `correct ${key} in ${path}` })
}

/** A TOML table that is read key by key and knows at the end which keys nobody asked for. */
class Table {
  readonly warnings: string[]
  readonly #values: Readonly<Record<string, unknown>>
  readonly #key: string
  readonly #path: string
  readonly #asked = new Set<string>()

  constructor(values: Readonly<Record<string, unknown>>, key: string, path: string, warnings: string[] = []) {
    this.#values = values
    this.#key = key
    this.#path = path
    this.warnings = warnings
  }

  wrong(name: string, what: string): AwsfedError {
    return wrong(this.#path, this.#full(name), what)
  }

  text(name: string): string | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value === '') throw this.wrong(name, 'must be a text that is not empty')
    return value
  }

  requiredText(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw this.wrong(name, 'is missing')
    return value
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const word = words.find((candidate) => candidate === value)
    if (word === undefined) throw this.wrong(name, `is "${value}"; it may be ${words.join(', ')}`)
    return word
  }

  texts(name: string): string[] {
    const value = this.#take(name)
    if (value === undefined) return []
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
      throw this.wrong(name, 'must be a list of texts')
    }
    return value
  }

  table(name: string): Table | undefined {
    const value = this.#take(name)
    if (value === undefined) return undefined
    if (!isTable(value)) throw this.wrong(name, 'must be a table')
    return new Table(value, this.#full(name), this.#path, this.warnings)
  }

  /** The tables in table `name`: `[portal.a]` and `[portal.b]` of `portal`. */
  tables(name: string): [string, Table][] {
    const outer = this.table(name)
    return (outer?.names() ?? []).map((inner) => {
      const table = outer?.table(inner)
      if (!table) throw this.wrong(`${name}.${inner}`, 'must be a table')
      return [inner, table]
    })
  }

  /** The tables of an array of tables: `[[route]]`. */
  list(name: string): Table[] {
    const value = this.#take(name)
    if (value === undefined) return []
    if (!Array.isArray(value) || !value.every(isTable)) throw this.wrong(name, `must be written as [[${name}]]`)
    return value.map((item) => new Table(item, this.#full(name), this.#path, this.warnings))
  }

  names(): string[] {
    return Object.keys(this.#values)
  }

  /** To be called when every known key has been read: warns of the others. */
  end(): void {
    for (const name of this.names()) {
      if (!this.#asked.has(name)) this.warnings.push(`${this.#path}: ${this.#full(name)} is no setting of awsfed`)
    }
  }

  #take(name: string): unknown {
    this.#asked.add(name)
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
  }

  #full(name: string): string {
    return this.#key ? `${this.#key}.${name}` : name
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
