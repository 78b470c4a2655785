import { partitionOfRegion, partitions } from './partitions.ts'

// Read as text and not by URL, which would forgive backslashes, tabs and an empty user: the whole of it must be of this form.
// A query is allowed: Microsoft Defender adds one (aws-azure-login #323), and AWS does not look at it.
const acsUrl = /^https:\/\/(?<host>[a-z0-9.-]+)(?::443)?(?<path>\/[^?#]*)(?:[?#][\x21-\x7e]*)?$/i

/** `/saml`, and `/saml/acs/ID` of a provider that takes encrypted assertions (IAM guide, "Configure your SAML 2.0 IdP"). */
const acsPath = /^\/saml(\/acs\/SAMLSP[A-Za-z0-9]{1,128})?$/

interface AcsOrigin {
  readonly partition: string
  /** Set when the host is a regional one. */
  readonly region: string | undefined
}

/**
 * Whether `url` is an address of AWS that takes assertions: host and path anchored, https on its own port, no user.
 * @param extraHosts hosts beyond AWS's own, exactly (`acs_hosts` of the configuration), with the same paths
 */
export function isAcs(url: string, extraHosts: readonly string[]): boolean {
  const host = hostOfAcs(url)
  if (host === undefined) return false
  return originOfHost(host) !== undefined || extraHosts.some((extra) => extra.toLowerCase() === host)
}

/** Whether `host` is one of AWS's sign-in hosts, below one, or one of `extraHosts`: whatever it is asked for. */
export function isSignInHost(host: string, extraHosts: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (extraHosts.some((extra) => extra.toLowerCase() === name)) return true
  return partitions.some(({ signInHost }) => name === signInHost || name.endsWith(`.${signInHost}`))
}

/** The partition, and the region of a regional host, that an assertion posted to `url` is for; undefined when it is not AWS's own. */
export function partitionOfAcs(url: string): AcsOrigin | undefined {
  const host = hostOfAcs(url)
  return host === undefined ? undefined : originOfHost(host)
}

/**
 * The hosts that must not resolve while a browser is watched, as patterns of Chromium's `--host-resolver-rules`:
 * should the interception fail, the assertion still does not reach AWS.
 */
export function signInHosts(extraHosts: readonly string[]): string[] {
  return [
    ...partitions.flatMap(({ signInHost }) => [signInHost, `*.${signInHost}`]),
    ...extraHosts.map((host) => host.toLowerCase()),
  ]
}

/** `signInHosts` without patterns, for a browser that takes none: the regional hosts are those of the regions known today. */
export function knownSignInHosts(extraHosts: readonly string[]): string[] {
  return [
    ...partitions.flatMap(({ signInHost, knownRegions }) => [
      signInHost,
      ...knownRegions.map((region) => `${region}.${signInHost}`),
    ]),
    ...extraHosts.map((host) => host.toLowerCase()),
  ]
}

/**
 * URL patterns of the devtools protocol (`Fetch.RequestPattern`: `*` is any characters) that match every ACS, and some
 * more: what they stop is still to be asked `isAcs`.
 */
export function acsUrlPatterns(extraHosts: readonly string[]): string[] {
  return signInHosts(extraHosts).map((host) => `https://${host}/saml*`)
}

/**
 * Regular expressions, the same to Java and to JavaScript, that match the whole URL of every ACS as a browser writes it, and some
 * more: hosts before AWS's that are no region.
 */
export function acsExpressions(extraHosts: readonly string[]): string[] {
  const literal = (host: string) => host.toLowerCase().replaceAll('.', '\\.')
  const hosts = [...partitions.map(({ signInHost }) => `([a-z0-9-]+\\.)*${literal(signInHost)}`), ...extraHosts.map(literal)]
  return hosts.map((host) => `^https?://${host}(:[0-9]+)?/saml(/acs/[A-Za-z0-9]+)?([?#].*)?$`)
}

function hostOfAcs(url: string): string | undefined {
  const groups = acsUrl.exec(url)?.groups
  return groups?.host !== undefined && acsPath.test(groups.path ?? '') ? groups.host.toLowerCase() : undefined
}

function originOfHost(host: string): AcsOrigin | undefined {
  for (const { name, signInHost } of partitions) {
    if (host === signInHost) return { partition: name, region: undefined }
    if (!host.endsWith(`.${signInHost}`)) continue
    const region = host.slice(0, -signInHost.length - 1)
    if (partitionOfRegion(region) === name) return { partition: name, region }
  }
  return undefined
}
