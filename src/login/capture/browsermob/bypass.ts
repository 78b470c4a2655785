import { signInHosts } from '../../../session/acs.ts'

/** Host names with or without `*`, and addresses with or without a length; any of them with or without a port. */
const understood = /^[*a-z0-9.-]+(:\d+)?$|^[\d.:a-f[\]]+(\/\d+)?$/i

/**
 * Those of `hosts` (entries of a bypass list of Chromium) that the browser may go to by itself: never an ACS, or the assertion
 * would get there; and no entry that is not understood.
 */
export function bypassWithoutAcs(hosts: readonly string[], acsHosts: readonly string[]): string[] {
  const acs = signInHosts(acsHosts).map((host) => host.replace('*', 'region'))
  return hosts.filter((entry) => understood.test(entry) && !acs.some((host) => covers(entry, host)))
}

/** Whether an entry of a bypass list means `host` (net/docs/proxy.md, "Bypass rule: Hostname"). */
export function covers(entry: string, host: string): boolean {
  const pattern = entry.toLowerCase().replace(/:\d+$/, '').replace(/^\./, '*.')
  const expression = pattern.replaceAll('.', '\\.').replaceAll('*', '.*')
  return /^[*a-z0-9.-]+$/.test(pattern) && new RegExp(`^${expression}$`).test(host.toLowerCase())
}
