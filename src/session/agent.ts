import { X509Certificate } from 'node:crypto'
import { Agent } from 'node:https'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { AwsfedError } from '../base/errors.ts'
import { readIfThere } from '../base/files.ts'
import type { Environment } from '../base/paths.ts'
import { proxyFor, type Tunnel, tunnelTo } from './proxy.ts'

/**
 * The agent for HTTPS calls, to AWS and to the portal: the one place that knows which certificates are trusted and which way
 * calls go.
 * @param proxy the URL of a proxy that comes before that of the environment
 * @throws AwsfedError `failed` where AWS_CA_BUNDLE cannot be read
 */
export function httpsAgent(env: Environment, proxy?: string): Agent {
  const secureContext = trustOf(env)
  return new AgentByProxy(proxy === undefined ? env : { ...env, https_proxy: proxy }, {
    keepAlive: true,
    ...(secureContext && { secureContext }),
  })
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

/** A bundle may hold some 150 certificates, which take 50 ms: they are read once for all agents of an environment. */
const trusted = new WeakMap<Environment, tls.SecureContext>()

/**
 * What Node trusts by itself, and what AWS_CA_BUNDLE names; undefined where it names nothing. By an agent's `ca`, which replaces
 * what Node trusts, all of that would have to be named and parsed again. The handle is not documented, but as old as TLS in
 * Node, and what Node itself goes by.
 */
function trustOf(env: Environment): tls.SecureContext | undefined {
  const known = trusted.get(env)
  if (known || !env.AWS_CA_BUNDLE) return known
  const made = tls.createSecureContext()
  for (const certificate of certificatesOf(env.AWS_CA_BUNDLE)) made.context.addCACert(certificate)
  // Of what Node trusts Node 20 leaves this out where something is added. It reads all certificates that the text holds.
  const extra = env.NODE_EXTRA_CA_CERTS && readIfThere(env.NODE_EXTRA_CA_CERTS)
  if (extra) made.context.addCACert(extra)
  trusted.set(env, made)
  return made
}

/** The certificates of the PEM file that AWS_CA_BUNDLE names. */
function certificatesOf(file: string): string[] {
  const fault = (what: string) =>
    new AwsfedError('failed', `AWS_CA_BUNDLE names ${file}, ${what}`, {
      hint: 'let AWS_CA_BUNDLE name a PEM file of certificates, or unset it',
    })
  const text = readIfThere(file)
  if (text === undefined) throw fault('which does not exist')
  const certificates = text.match(/-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END \1?CERTIFICATE-----/g)
  if (!certificates) throw fault('which holds no PEM certificate')
  for (const [index, certificate] of certificates.entries()) {
    try {
      // The context would pass over it without a word.
      new X509Certificate(certificate)
    } catch {
      throw fault(`whose certificate ${index + 1} cannot be read`)
    }
  }
  return certificates
}
