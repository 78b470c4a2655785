import type { Portal } from '../../../base/config.ts'
import type { Environment } from '../../../base/paths.ts'
import { signInHosts } from '../../../session/acs.ts'
import { noProxyHosts, proxyOf } from '../proxy.ts'
import type { Preferences } from './preferences.ts'

/**
 * The preferences of the proxy: the system's settings where none is named, else a script that also keeps AWS's sign-in from it:
 * a proxy resolves names by itself, so that those of `network.dns.localDomains` would be found.
 */
export function proxyPreferences(portal: Pick<Portal, 'acsHosts' | 'proxy'>, env: Environment): Preferences {
  const proxy = proxyOf(portal.proxy, env)
  if (!proxy) return { 'network.proxy.type': 5 }
  const script = proxyScript(
    proxy.server,
    noProxyHosts(env).map((host) => host.toLowerCase()),
    signInHosts(portal.acsHosts),
  )
  return {
    'network.proxy.type': 2,
    'network.proxy.autoconfig_url': `data:application/x-ns-proxy-autoconfig;base64,${Buffer.from(script).toString('base64')}`,
    'network.proxy.failover_direct': false,
  }
}

/**
 * A proxy auto-configuration file (developer.mozilla.org, "Proxy Auto-Configuration (PAC) file"). Nothing listens at the
 * discard port.
 * @param server `http://HOST:PORT`, `https://…` or `socks5://…`
 * @param excepted hosts that are reached without it, with their subdomains; `*` is all
 * @param blocked hosts that are not reached at all; `*.HOST` is those below it
 */
function proxyScript(server: string, excepted: readonly string[], blocked: readonly string[]): string {
  const url = new URL(server)
  const kind = { 'https:': 'HTTPS', 'socks4:': 'SOCKS', 'socks:': 'SOCKS5', 'socks5:': 'SOCKS5' }[url.protocol] ?? 'PROXY'
  const port = url.port || (url.protocol === 'https:' ? '443' : url.protocol === 'http:' ? '80' : '1080')
  return `function FindProxyForURL(url, host) {
  const name = host.toLowerCase()
  const below = (domain) => name.endsWith('.' + domain)
  const matches = (pattern) => pattern.startsWith('*.') ? below(pattern.slice(2)) : name === pattern
  if (${JSON.stringify(blocked)}.some(matches)) return 'PROXY 127.0.0.1:9'
  if (${JSON.stringify(excepted)}.some((host) => host === '*' || name === host || below(host))) return 'DIRECT'
  return '${kind} ${url.hostname}:${port}'
}
`
}
