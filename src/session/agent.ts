import { X509Certificate } from 'node:crypto'
import { Agent } from 'node:https'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { AwsfedError } from '../base/errors.ts'
import { readIfThere } from '../base/files.ts'
import type { Environment } from '../base/paths.ts'
import { proxyFor, type Tunnel, tunnelTo } from './proxy.ts'

/** The agent for HTTPS calls, to AWS and to the portal: the one place that knows which certificates are trusted and which way calls go. */
export function httpsAgent(env: Environment): Agent {
  const own = env.AWS_CA_BUNDLE
  if (!own) return new AgentByProxy(env, { keepAlive: true })
  return new AgentByProxy(env, { keepAlive: true, ca: [...defaultCertificates(env), ...certificatesOf(own, 'AWS_CA_BUNDLE')] })
}

type Connecting = Parameters<Agent['createConnection']>[0]
type Connected = (error: Error | null, stream: Duplex) => void

/** Node 20 takes no proxy from the environment: this one has a tunnel made where HTTPS_PROXY says so. */
class AgentByProxy extends Agent {
  readonly #env: Environment
  readonly #underway = new Set<Tunnel>()

  constructor(env: Environment, options: ConstructorParameters<typeof Agent>[0]) {
    super(options)
    this.#env = env
  }

  override createConnection(options: Connecting & tls.ConnectionOptions, connected: Connected): Duplex | null | undefined {
    const [host, port] = [options.host ?? 'localhost', Number(options.port ?? 443)]
    const proxy = proxyFor(this.#env, host, port)
    if (!proxy) return super.createConnection(options, connected)
    const tunnel = tunnelTo(proxy, host, port)
    this.#underway.add(tunnel)
    tunnel.socket
      .finally(() => this.#underway.delete(tunnel))
      .then(
        (socket) => connected(null, tls.connect({ ...options, socket })),
        // Node's own agent hands on an error without a stream.
        (error: Error) => connected(error, undefined as unknown as Duplex),
      )
    return undefined
  }

  override destroy(): void {
    for (const tunnel of this.#underway) tunnel.cancel()
    super.destroy()
  }
}

/**
 * What Node trusts by itself. An agent's `ca` replaces it, NODE_EXTRA_CA_CERTS included (Node's documentation of
 * tls.createSecureContext), so it is to be named again. Newer Nodes tell it, with the system's store where that is in use.
 */
function defaultCertificates(env: Environment): string[] {
  if ('getCACertificates' in tls) {
    const { getCACertificates } = tls as { getCACertificates: (type: 'default') => string[] }
    return getCACertificates('default')
  }
  const extra = env.NODE_EXTRA_CA_CERTS
  return [...tls.rootCertificates, ...(extra ? certificatesOf(extra, 'NODE_EXTRA_CA_CERTS') : [])]
}

/** The certificates of a PEM file that `variable` names. */
function certificatesOf(file: string, variable: string): string[] {
  const fault = (what: string) =>
    new AwsfedError('failed', `${variable} names ${file}, ${what}`, {
      hint: `let ${variable} name a PEM file of certificates, or unset it`,
    })
  const text = readIfThere(file)
  if (text === undefined) throw fault('which does not exist')
  const certificates = text.match(/-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END \1?CERTIFICATE-----/g)
  if (!certificates) throw fault('which holds no PEM certificate')
  for (const [index, certificate] of certificates.entries()) {
    try {
      new X509Certificate(certificate)
    } catch {
      throw fault(`whose certificate ${index + 1} cannot be read`)
    }
  }
  return certificates
}
