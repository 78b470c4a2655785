import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { AwsfedError, codeOf } from '../base/errors.ts'
import type { Environment } from '../base/paths.ts'
import { proxyUrlOf } from '../base/proxyUrl.ts'

/**
 * The proxy that the environment names for HTTPS calls to `host`, as curl and the AWS CLI read it: HTTPS_PROXY, less what
 * NO_PROXY names: hosts with their subdomains, with or without a leading dot or a port, or `*` for all. Never for this machine.
 * @throws AwsfedError `failed` where HTTPS_PROXY is no URL of a proxy; its text, which may hold a password, is not shown
 */
export function proxyFor(env: Environment, host: string, port: number): URL | undefined {
  const text = env.https_proxy || env.HTTPS_PROXY
  if (!text || isLoopback(host) || isExcepted(env.no_proxy || env.NO_PROXY || '', host, port)) return undefined
  const url = proxyUrlOf(text)
  if (url?.protocol.startsWith('http')) return url
  throw new AwsfedError('failed', 'HTTPS_PROXY is not the http(s) URL of a proxy', {
    hint: 'set HTTPS_PROXY=http://HOST:PORT, or unset it',
  })
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
}

function isExcepted(list: string, host: string, port: number): boolean {
  const name = host.toLowerCase()
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true
      const [, domain = '', onPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? []
      if (onPort !== undefined && Number(onPort) !== port) return false
      return domain !== '' && (name === domain || name.endsWith(`.${domain}`))
    })
}

/** A tunnel that is being made. */
export interface Tunnel {
  /** @throws AwsfedError `failed` (a rejection) where the proxy cannot be reached or makes none */
  readonly socket: Promise<Socket>
  readonly cancel: () => void
}

/** Has `proxy` make a tunnel to `host` (RFC 9110, CONNECT). */
export function tunnelTo(proxy: URL, host: string, port: number, limit = 10_000): Tunnel {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  const fault = (what: string, hint: string, cause?: unknown) =>
    new AwsfedError('failed', `the proxy ${proxy.host} ${what}`, { hint, cause })
  const check = 'check HTTPS_PROXY, the network and the VPN'
  const request = (proxy.protocol === 'https:' ? https : http).request({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: target,
    headers: {
      host: target,
      ...(user !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
    },
    agent: false,
    timeout: limit,
  })
  const socket = new Promise<Socket>((resolve, reject) => {
    request.on('connect', ({ statusCode = 0 }, connection: Socket) => {
      connection.setTimeout(0)
      if (statusCode === 200) return resolve(connection)
      connection.destroy()
      const hint = statusCode === 407 ? 'set HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT' : check
      reject(fault(`lets nobody through to ${host} (HTTP ${statusCode})`, hint))
    })
    request.on('response', ({ statusCode }) => {
      request.destroy()
      reject(fault(`is none: it answered HTTP ${statusCode}`, check))
    })
    request.on('timeout', () => request.destroy(fault('does not answer', check)))
    request.on('error', (error) =>
      reject(error instanceof AwsfedError ? error : fault(`cannot be reached (${codeOf(error) ?? error.message})`, check, error)),
    )
    request.end()
  })
  return { socket, cancel: () => request.destroy() }
}
