// @peculiar/x509 decorates its classes at run time and wants this first.
import 'reflect-metadata'
import { createHash, type webcrypto as crypto, KeyObject, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

export interface Certificate {
  /** PEM. A leaf is followed by its CA, so that a client that pins the CA finds it in the chain. */
  readonly chain: string
  /** PEM, PKCS#8. A secret. */
  readonly key: string
}

export interface Authority {
  /** PEM. */
  readonly certificate: string
  /** Base64 SHA-256 of the public key: what Chromium's `--ignore-certificate-errors-spki-list` takes. */
  readonly fingerprint: string
  /** A server's certificate for these host names and IP addresses. */
  issue(names: readonly string[]): Promise<Certificate>
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
} as const

/** A certificate authority of this run's own; its key lives in memory only. */
export async function createAuthority(): Promise<Authority> {
  const keys = await newKeys(ecdsa)
  const name = 'CN=awsfed sandbox CA'
  const ca = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name,
      keys,
      signingAlgorithm: ecdsa,
      ...validity(),
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as Crypto),
      ],
    },
    webcrypto as Crypto,
  )
  const certificate = pemOf(ca)
  return {
    certificate,
    fingerprint: createHash('sha256').update(new Uint8Array(ca.publicKey.rawData)).digest('base64'),
    issue: async (names) => {
      const own = await newKeys(ecdsa)
      const leaf = await x509.X509CertificateGenerator.create(
        {
          subject: `CN=${names[0] ?? 'localhost'}`,
          issuer: name,
          publicKey: own.publicKey,
          signingKey: keys.privateKey,
          signingAlgorithm: ecdsa,
          ...validity(),
          extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
            new x509.SubjectAlternativeNameExtension(
              names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
            ),
            await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as Crypto),
          ],
        },
        webcrypto as Crypto,
      )
      return { chain: pemOf(leaf) + certificate, key: privatePemOf(own.privateKey) }
    },
  }
}

/** A self-signed RSA certificate, as AD FS signs its tokens with. */
export async function createSigner(subject: string): Promise<Certificate> {
  const keys = await newKeys(rsa)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: `CN=${subject}`, keys, signingAlgorithm: rsa, ...validity() },
    webcrypto as Crypto,
  )
  return { chain: pemOf(certificate), key: privatePemOf(keys.privateKey) }
}

async function newKeys(algorithm: typeof ecdsa | typeof rsa): Promise<crypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as crypto.CryptoKeyPair
}

const day = 86_400_000

/** The certificates' own time is the machine's, whatever clock the sandbox was given: TLS clients look at theirs. */
function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - day), notAfter: new Date(now + 30 * day) }
}

const pemOf = (certificate: x509.X509Certificate): string => `${certificate.toString('pem')}\n`
const privatePemOf = (key: crypto.CryptoKey): string => KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()
