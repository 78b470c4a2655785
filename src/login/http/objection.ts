import { isAcs, isSignInHost } from '../../session/acs.ts'
import type { Step } from './nextStep.ts'

/**
 * Why `step` must not be taken by a plain request; undefined when nothing speaks against it. An assertion's way to its ACS is
 * none of this: it ends there.
 * @param from the address of the page that leads there; undefined for the portal's own
 * @param sameSite whether the step stays on the site of that page
 */
export function objectionTo(
  { url: address, entries }: Step,
  { from, sameSite, acsHosts }: { from: URL | undefined; sameSite: boolean; acsHosts: readonly string[] },
): string | undefined {
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `${url.protocol} is not of the web`
  if (url.protocol === 'http:' && from?.protocol === 'https:') return `${url.host} is without encryption`
  if (url.username !== '' || url.password !== '') return `the address of ${url.host} names a user`
  if (isSignInHost(url.hostname, acsHosts)) return `${url.host} is AWS, which sees nothing of this`
  const saml = entries.find(([name]) => name === 'SAMLResponse')?.[1]
  if (saml !== undefined && isForAws(saml) && !sameSite) {
    return `the assertion for AWS would go to ${url.host}, which is no address of AWS; acs_hosts of the [portal] can make it one`
  }
  return undefined
}

/** Whether a SAML response is meant for AWS: by its audience, or by an address that it names. */
function isForAws(samlResponse: string): boolean {
  const xml = Buffer.from(samlResponse, 'base64').toString('latin1')
  if (xml.includes('urn:amazon:webservices')) return true
  const addresses = [...xml.matchAll(/(?:Destination|Recipient)\s*=\s*["']([^"']*)["']/g)].map(([, address]) => address ?? '')
  return addresses.some((address) => isAcs(address, []))
}
