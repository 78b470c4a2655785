import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { promisify } from 'node:util'
import { bits, explicit, implicit, integer, nothing, octets, oid, sequence, setOf, truth, utcTime, utf8 } from './der.ts'

const newKeyPair = promisify(generateKeyPair)

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
  /** A server's certificate for these host names and IPv4 addresses. */
  issue(names: readonly string[]): Promise<Certificate>
}

/** A certificate authority of this run's own; its key lives in memory only. */
export async function createAuthority(): Promise<Authority> {
  const keys = await newKeyPair('ec', { namedCurve: 'P-256' })
  const name = 'awsfed sandbox CA'
  const certificate = certificateOf({
    subject: name,
    publicKey: keys.publicKey,
    issuer: name,
    issuerKey: keys.privateKey,
    extensions: [
      extension('2.5.29.19', sequence(truth()), 'critical'), // basicConstraints: a CA
      extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), 'critical'), // keyUsage: keyCertSign, cRLSign
      extension('2.5.29.14', octets(keyIdOf(keys.publicKey))),
    ],
  })
  return {
    certificate,
    fingerprint: createHash('sha256').update(spkiOf(keys.publicKey)).digest('base64'),
    issue: async (names) => {
      const leaf = await newKeyPair('ec', { namedCurve: 'P-256' })
      const own = certificateOf({
        subject: names[0] ?? 'localhost',
        publicKey: leaf.publicKey,
        issuer: name,
        issuerKey: keys.privateKey,
        extensions: [
          extension('2.5.29.19', sequence(), 'critical'),
          extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), 'critical'), // keyUsage: digitalSignature
          extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), // extKeyUsage: serverAuth
          extension('2.5.29.17', sequence(...names.map(generalName))),
          extension('2.5.29.14', octets(keyIdOf(leaf.publicKey))),
          extension('2.5.29.35', sequence(implicit(0, keyIdOf(keys.publicKey)))),
        ],
      })
      return { chain: own + certificate, key: pemOf(leaf.privateKey) }
    },
  }
}

/** A self-signed RSA certificate, as AD FS signs its tokens with. */
export async function createSigner(subject: string): Promise<Certificate> {
  const keys = await newKeyPair('rsa', { modulusLength: 2048 })
  const chain = certificateOf({ subject, publicKey: keys.publicKey, issuer: subject, issuerKey: keys.privateKey, extensions: [] })
  return { chain, key: pemOf(keys.privateKey) }
}

const day = 86_400_000

/** RFC 5280, 4.1. */
function certificateOf(what: {
  subject: string
  publicKey: KeyObject
  issuer: string
  issuerKey: KeyObject
  extensions: readonly Buffer[]
}): string {
  const algorithm =
    what.issuerKey.asymmetricKeyType === 'rsa'
      ? sequence(oid('1.2.840.113549.1.1.11'), nothing()) // sha256WithRSAEncryption
      : sequence(oid('1.2.840.10045.4.3.2')) // ecdsa-with-SHA256
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  // The certificates' own time is the machine's, whatever clock the sandbox was given: TLS clients look at theirs.
  const now = Date.now()
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    algorithm,
    nameOf(what.issuer),
    sequence(utcTime(new Date(now - day)), utcTime(new Date(now + 30 * day))),
    nameOf(what.subject),
    spkiOf(what.publicKey),
    ...(what.extensions.length > 0 ? [explicit(3, sequence(...what.extensions))] : []),
  )
  const der = sequence(toBeSigned, algorithm, bits(sign('sha256', toBeSigned, what.issuerKey)))
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  return sequence(oid(id), ...(critical ? [truth()] : []), octets(value))
}

function generalName(name: string): Buffer {
  return isIPv4(name) ? implicit(7, Buffer.from(name.split('.').map(Number))) : implicit(2, Buffer.from(name))
}

const nameOf = (commonName: string): Buffer => sequence(setOf(sequence(oid('2.5.4.3'), utf8(commonName))))
const spkiOf = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' })
const keyIdOf = (key: KeyObject): Buffer => createHash('sha1').update(spkiOf(key)).digest()
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()
