import type { Environment } from '../../base/paths.ts'
import { proxyUrlOf } from '../../base/proxyUrl.ts'

/** A proxy as the configuration or the environment names it. */
interface Proxy {
  /** Without user and password. */
  readonly server: string
  readonly credentials: { readonly username: string; readonly password: string } | undefined
}

/**
 * The proxy of the portal: `proxy` of its configuration, else HTTPS_PROXY. (Chromium itself reads HTTPS_PROXY on some Linux
 * desktops only.) Undefined where there is none, so that the system's own settings hold.
 */
export function proxyOf(configured: string | undefined, env: Environment): Proxy | undefined {
  const text = configured ?? (env.HTTPS_PROXY || env.https_proxy)
  if (!text) return undefined
  const url = proxyUrlOf(text)
  if (!url) return undefined
  const credentials =
    url.username === '' && url.password === ''
      ? undefined
      : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  return { server: `${url.protocol}//${url.host}`, credentials }
}

/** Chromium's switches for it. Chromium takes no password there, and a command line is no place for one: the capture answers for it. */
export function proxyFlags(configured: string | undefined, env: Environment): string[] {
  const proxy = proxyOf(configured, env)
  if (!proxy) return []
  const bypass = exceptedHosts(env)
  return [`--proxy-server=${proxy.server}`, ...(bypass.length > 0 ? [`--proxy-bypass-list=${bypass.join(';')}`] : [])]
}

/** The hosts of NO_PROXY: each with its subdomains, whether or not it is written with a dot before it; `*` is all. */
export function noProxyHosts(env: Environment): string[] {
  return (env.NO_PROXY || env.no_proxy || '')
    .split(',')
    .map((host) => host.trim().replace(/^\*?\.+/, ''))
    .filter(Boolean)
}

/** The same as Chromium's bypass list names them, which wants subdomains said. */
export function exceptedHosts(env: Environment): string[] {
  return noProxyHosts(env).flatMap((host) => (host === '*' ? [host] : [host, `*.${host}`]))
}

/** A proxy on this machine that the browser is behind, and that shows it certificates of its own. */
export interface Behind {
  readonly port: number
  /** Hosts to which the browser goes by itself, as its bypass list names them. */
  readonly bypass: readonly string[]
  /** The fingerprint of the authority of those certificates. It is good for this run of the browser only, and in no store. */
  readonly authority: string
}

/** Chromium's switches for it. `<-loopback>`: without that it goes to this machine by itself. */
export function behindFlags({ port, bypass, authority }: Behind): string[] {
  return [
    `--proxy-server=http://127.0.0.1:${port}`,
    `--proxy-bypass-list=${['<-loopback>', ...bypass].join(';')}`,
    `--ignore-certificate-errors-spki-list=${authority}`,
  ]
}
