/**
 * The URL of a proxy as curl and the browsers read it, where http:// may be left away; undefined where `text` is none. Through
 * SOCKS only browsers go.
 */
export function proxyUrlOf(text: string): URL | undefined {
  const address = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.hostname && /^(?:https?|socks[45]?):$/.test(url.protocol) ? url : undefined
}
