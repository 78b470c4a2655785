import { AwsfedError } from '../base/errors.ts'

// Git's credential protocol: INPUT/OUTPUT FORMAT in git-credential(1), CUSTOM HELPERS in gitcredentials(7).

/** What git tells a helper. Attributes that git left out are undefined; those that awsfed has no use for are dropped. */
export interface CredentialRequest {
  readonly protocol: string | undefined
  /** With the port, if the URL has one. */
  readonly host: string | undefined
  /** Only with `credential.<url>.useHttpPath`. */
  readonly path: string | undefined
  readonly username: string | undefined
  readonly password: string | undefined
  readonly capabilities: readonly string[]
}

/** A request that git would not have sent, and why: not to be answered. */
export interface Malformed {
  readonly malformed: 'control character' | 'not UTF-8' | 'line without =' | 'attribute given twice' | 'too long'
}

/** The most bytes of a request that are read; git's own are some kilobytes. */
export const longestRequest = 1024 * 1024
const longestLine = 64 * 1024

/** Attributes that have one value (git-credential(1) as of git 2.46). Keys that end in `[]` have several, others are unknown. */
const single = new Set([
  ...['protocol', 'host', 'path', 'username', 'password', 'url', 'quit', 'password_expiry_utc', 'oauth_refresh_token'],
  ...['authtype', 'credential', 'ephemeral', 'continue'],
])

const lineFeed = 10
const carriageReturn = 13

/**
 * The request that `input` holds. It ends with the input or with the first empty line; a line ends with LF or CRLF, as
 * git itself reads it (strbuf_getline). A line that is no attribute spoils the whole request, as it does for git, and so
 * do a CR or NUL anywhere else and an attribute that is given twice: of two hosts either could be the one that is meant
 * (CVE-2020-5260, CVE-2024-52006).
 */
export function readRequest(input: Uint8Array): CredentialRequest | Malformed {
  if (input.length > longestRequest) return { malformed: 'too long' }
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.length)
  const text = bytes.toString('utf8')
  // Not by isUtf8, which Nodes that are too old do not have: one of them has to get as far as saying so.
  if (!Buffer.from(text).equals(bytes)) return { malformed: 'not UTF-8' }
  const values = new Map<string, string>()
  const capabilities: string[] = []
  const lines = text.split('\n')
  const last = lines.length - 1
  for (const [at, ended] of lines.entries()) {
    const line = at < last && ended.endsWith('\r') ? ended.slice(0, -1) : ended
    if (line === '') break
    if (Buffer.byteLength(line) >= longestLine) return { malformed: 'too long' }
    if (line.includes('\r') || line.includes('\0')) return { malformed: 'control character' }
    const equals = line.indexOf('=')
    if (equals < 0) return { malformed: 'line without =' }
    const key = line.slice(0, equals)
    const value = line.slice(equals + 1)
    if (key === 'capability[]') {
      // An empty value forgets those before it.
      if (value === '') capabilities.length = 0
      else capabilities.push(value)
    } else if (single.has(key)) {
      if (values.has(key)) return { malformed: 'attribute given twice' }
      values.set(key, value)
    }
  }
  return {
    protocol: values.get('protocol'),
    host: values.get('host'),
    path: values.get('path'),
    username: values.get('username'),
    password: values.get('password'),
    capabilities,
  }
}

/** Whether `input`, as far as it has been read, holds the whole request: it has an empty line. */
export function isWhole(input: Uint8Array): boolean {
  const first = input[0]
  if (first === lineFeed || (first === carriageReturn && input[1] === lineFeed)) return true
  for (let lf = input.indexOf(lineFeed); lf >= 0; lf = input.indexOf(lineFeed, lf + 1)) {
    const after = input[lf + 1]
    if (after === lineFeed || (after === carriageReturn && input[lf + 2] === lineFeed)) return true
  }
  return false
}

/** What a helper may answer. There is no host in it: git would take an answered host for the one to talk to. */
export interface Credential {
  readonly username: string
  readonly password: string
  /** When the password ends. Git understands it since 2.40. */
  readonly expiry: Date
}

/** Tells git that no other helper and no person is to be asked. Git understands it since 2.3. */
export const quit = 'quit=1\n'

/**
 * The lines that answer `credential` to a git that has these `capabilities`. To one that knows `authtype` (git 2.46) it
 * says `ephemeral`: a password of 15 minutes is not worth storing. Capabilities stand first, as git-credential(1) asks.
 * @throws AwsfedError `failed` instead of a value with a control character, which could smuggle in a line.
 */
export function answer(credential: Credential, capabilities: readonly string[]): string {
  const attributes = [
    ...(capabilities.includes('authtype') ? ['capability[]=authtype', 'ephemeral=1'] : []),
    `username=${credential.username}`,
    `password=${credential.password}`,
    `password_expiry_utc=${Math.floor(credential.expiry.getTime() / 1000)}`,
  ]
  if (attributes.some((attribute) => /\p{Cc}/u.test(attribute))) {
    throw new AwsfedError('failed', 'the session holds a control character, which git must not see', {
      hint: 'run `awsfed login --force`',
    })
  }
  return `${attributes.join('\n')}\n`
}

/** The answer to the operation `capability`: CAPABILITY INPUT/OUTPUT FORMAT in git-credential(1). */
export const capabilityAnswer = 'version 0\ncapability authtype\n'
