import { X509Certificate } from 'node:crypto'
import { Agent } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { AwsfedError, codeOf } from '../base/errors.ts'
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

/** What Node calls a chain that ends at nobody whom it trusts (OpenSSL's X509_V_ERR names). */
const untrusted = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
])

type Connecting = Parameters<Agent['createConnection']>[0]
type Connected = (error: Error | null, stream: Duplex) => void

/** Node 20 takes no proxy from the environment: this one has a tunnel made where HTTPS_PROXY says so. */
class AgentByProxy extends Agent {
  readonly #env: Environment
  readonly #underway = new Set<Tunnel>()
  readonly #securing = new Set<tls.TLSSocket>()

  constructor(env: Environment, options: ConstructorParameters<typeof Agent>[0]) {
    super(options)
    this.#env = env
  }

  override createConnection(options: Connecting & tls.ConnectionOptions, connected: Connected): Duplex | null | undefined {
    this.#connect(options).then(
      (socket) => connected(null, socket),
      // Node's own agent hands on an error without a stream.
      (error: Error) => connected(error, undefined as unknown as Duplex),
    )
    return undefined
  }

  /** Where what Node trusts does not do, the system's certificates may: they are read only then, since that takes a while. */
  async #connect(options: Connecting & tls.ConnectionOptions): Promise<tls.TLSSocket> {
    try {
      return await this.#secured(options)
    } catch (error) {
      if (!untrusted.has(codeOf(error) ?? '')) throw error
      const secureContext = trustOfSystem(this.#env)
      if (!secureContext) throw error
      return this.#secured({ ...options, secureContext })
    }
  }

  async #secured(options: Connecting & tls.ConnectionOptions): Promise<tls.TLSSocket> {
    const [host, port] = [options.host ?? 'localhost', Number(options.port ?? 443)]
    const proxy = proxyFor(this.#env, host, port)
    const socket = proxy && (await this.#tunnelled(tunnelTo(proxy, host, port)))
    return new Promise((resolve, reject) => {
      const secured = tls.connect(socket ? { ...options, socket } : options)
      this.#securing.add(secured)
      const over = () => {
        this.#securing.delete(secured)
        secured.off('error', failed)
      }
      const failed = (error: Error) => {
        over()
        reject(error)
      }
      secured.once('error', failed)
      secured.once('close', () => failed(new Error('the connection was closed')))
      secured.once('secureConnect', () => {
        over()
        resolve(secured)
      })
    })
  }

  async #tunnelled(tunnel: Tunnel): Promise<Socket> {
    this.#underway.add(tunnel)
    try {
      return await tunnel.socket
    } finally {
      this.#underway.delete(tunnel)
    }
  }

  override destroy(): void {
    for (const tunnel of this.#underway) tunnel.cancel()
    for (const socket of this.#securing) socket.destroy()
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
  const made = contextOf(env)
  trusted.set(env, made)
  return made
}

/** Where Linux and other Unixes keep the certificates that the system trusts, private ones of the company too. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Arch, Alpine
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, RHEL
  '/etc/ssl/ca-bundle.pem', // openSUSE
  '/etc/ssl/cert.pem', // macOS, BSD
]

/** What the system trusts besides; undefined where it does not tell. Newer Nodes read the stores of macOS and Windows. */
function trustOfSystem(env: Environment): tls.SecureContext | undefined {
  const certificates = systemCertificates(env)
  if (certificates.length === 0) return undefined
  const made = contextOf(env)
  for (const text of certificates) made.context.addCACert(text)
  return made
}

function systemCertificates(env: Environment): string[] {
  // Named as for OpenSSL and curl.
  const files = env.SSL_CERT_FILE ? [env.SSL_CERT_FILE] : systemBundles
  const bundle = files.map((file) => readIfThere(file)).find((text) => text?.includes('-----BEGIN'))
  if (bundle !== undefined) return [bundle]
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] }
  return getCACertificates?.('system') ?? []
}

function contextOf(env: Environment): tls.SecureContext {
  const made = tls.createSecureContext()
  if (env.AWS_CA_BUNDLE) for (const certificate of certificatesOf(env.AWS_CA_BUNDLE)) made.context.addCACert(certificate)
  // Of what Node trusts Node 20 leaves this out where something is added. It reads all certificates that the text holds.
  const extra = env.NODE_EXTRA_CA_CERTS && readIfThere(env.NODE_EXTRA_CA_CERTS)
  if (extra) made.context.addCACert(extra)
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
