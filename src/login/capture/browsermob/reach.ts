import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { AwsfedError, codeOf, messageOf } from '../../../base/errors.ts'
import { tunnelTo } from '../../../session/proxy.ts'
import { cancelled } from '../../cancelled.ts'
import { certificatesShown, fingerprintOf, type Shown } from './authority.ts'
import type { Chain } from './chain.ts'
import { lost, noAuthority, noWay, refusedByDaemon, untrusted } from './failures.ts'
import type { Rest } from './rest.ts'

/** A server that TLS is spoken to. */
export interface Target {
  readonly host: string
  readonly port: number
}

/** The server of a `https:` URL. */
export function targetOf(url: string): Target {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443) }
}

const patience = 30_000

/**
 * The fingerprint of the authority whose certificates the daemon shows to the browser, from one that it makes for the first of
 * `targets` that it gets to: it opens its connection to a server before it says yes to a CONNECT.
 * @throws AwsfedError `failed`: why it does not get to the first, or that it shows no authority; `cancelled`
 */
export async function authorityBy(
  rest: Rest,
  chain: Chain,
  targets: readonly [Target, ...Target[]],
  signal: AbortSignal,
): Promise<string> {
  let shown: Shown | undefined
  let failure: unknown
  for (const target of targets) {
    try {
      shown = await shownThrough(chain.inner, target, signal)
      break
    } catch (error) {
      if (signal.aborted) throw cancelled(signal.reason)
      failure ??= error
    }
  }
  if (!shown) throw await reasonOf(rest, chain, targets[0], failure)
  const authority = shown.certificates.at(-1)
  // One that is alone is the server's own, and good for no other.
  if (shown.certificates.length < 2 || !authority) throw noAuthority(rest.url)
  return fingerprintOf(authority)
}

/** What `target` shows through the proxy at `port` of this machine. */
async function shownThrough(port: number, { host, port: targetPort }: Target, signal: AbortSignal): Promise<Shown> {
  const tunnel = tunnelTo(new URL(`http://127.0.0.1:${port}`), host, targetPort, patience)
  const cancel = () => tunnel.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await certificatesShown(await tunnel.socket, host)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Why the daemon made no tunnel to `target`: awsfed goes the same way itself, as far as that is trusted or not. */
export async function reasonOf(rest: Rest, chain: Chain, target: Target, cause: unknown): Promise<AwsfedError> {
  const ports = await rest.ports().catch((): number[] => [])
  if (!ports.includes(chain.inner) || !ports.includes(chain.outer)) return lost(rest.url)
  try {
    const socket = await (chain.company ? tunnelTo(chain.company, target.host, target.port).socket : connected(target))
    const { certificates, isPublic } = await certificatesShown(socket, target.host)
    // Java trusts what everybody trusts.
    if (isPublic) return refusedByDaemon(target.host)
    return untrusted(target.host, certificates[0]?.issuer.split('\n').at(-1) ?? 'nobody knows whom')
  } catch (error) {
    return noWay(target.host, wordsOf(error), cause)
  }
}

async function connected({ host, port }: Target): Promise<Socket> {
  const socket = connect({ host, port, timeout: 10_000 })
  socket.once('timeout', () => socket.destroy(new Error('it does not answer')))
  await once(socket, 'connect')
  return socket
}

function wordsOf(error: unknown): string {
  if (error instanceof AwsfedError) return error.message
  if (error instanceof AggregateError) return wordsOf(error.errors[0])
  const code = codeOf(error)
  const known = code === undefined ? undefined : words[code]
  return known ?? code ?? messageOf(error)
}

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known here',
  EAI_AGAIN: 'its name is not known here',
  ECONNREFUSED: 'it refuses the connection',
  ETIMEDOUT: 'it does not answer',
  ENETUNREACH: 'there is no way to its network',
  EHOSTUNREACH: 'there is no way to it',
}
