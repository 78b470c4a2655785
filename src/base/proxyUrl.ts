/** The URL of a proxy as curl and the AWS CLI read it, where http:// may be left away; undefined where `text` is none. */
export function proxyUrlOf(text: string): URL | undefined {
  const address = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url?.hostname && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined
}
