import { createHash, X509Certificate } from 'node:crypto'
import { isIP, type Socket } from 'node:net'
import tls from 'node:tls'

/** Milliseconds for a handshake. */
const patience = 15_000

export interface Shown {
  /** The server's own certificate first. */
  readonly certificates: readonly X509Certificate[]
  /** Whether one of the authorities that everybody trusts has issued it, for this host. */
  readonly isPublic: boolean
}

/** The certificates that a server shows, whether they can be trusted or not: nothing is sent there. */
export function certificatesShown(socket: Socket, host: string): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) ? {} : { servername: host }
    const secure = tls.connect({ socket, host, ...name, rejectUnauthorized: false, ca: [...tls.rootCertificates] })
    secure.setTimeout(patience, () => secure.destroy(new Error('no answer')))
    secure.once('error', reject)
    secure.once('secureConnect', () => {
      resolve({ certificates: chainOf(secure.getPeerCertificate(true)), isPublic: secure.authorized })
      secure.destroy()
    })
  })
}

function chainOf(leaf: tls.DetailedPeerCertificate): X509Certificate[] {
  const chain: tls.DetailedPeerCertificate[] = []
  for (let next = leaf; next?.raw && !chain.includes(next); next = next.issuerCertificate) chain.push(next)
  return chain.map(({ raw }) => new X509Certificate(raw))
}

/** Base64 SHA-256 of a certificate's public key (RFC 7469, 2.4): what Chromium's `--ignore-certificate-errors-spki-list` takes. */
export function fingerprintOf({ publicKey }: X509Certificate): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}
