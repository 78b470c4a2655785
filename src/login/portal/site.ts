/** The general part of the names of organisations in some countries: `co.uk`, `com.au`, `ac.jp`. */
const general = /^(?:co|com|net|org|ac|edu|gov|gob|go|gv|or|ne|nom|mil)$/

/**
 * Whether two addresses belong to one site, as cookies see it: the same registrable domain; ports do not count, and loopback is one
 * site under all its names. Addresses without a host (files, `about:blank`) are of no site and of every one.
 */
export function sameSite(one: string, other: string): boolean {
  const [a, b] = [siteOf(one), siteOf(other)]
  return a === '' || b === '' || a === b
}

function siteOf(address: string): string {
  if (!URL.canParse(address)) return ''
  const { hostname } = new URL(address)
  if (isLoopback(hostname)) return 'localhost'
  if (/^[\d.]+$|^\[/.test(hostname)) return hostname
  const labels = hostname.replace(/\.$/, '').split('.')
  const second = labels.at(-2) ?? ''
  return labels.slice(labels.at(-1)?.length === 2 && general.test(second) ? -3 : -2).join('.')
}

/** This machine: what is sent there leaves it not. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname)
}
