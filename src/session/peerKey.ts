import { createHash } from 'node:crypto'
import https from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Environment } from '../base/paths.ts'
import { httpsAgent } from './agent.ts'

/**
 * The key of the server at `url`, an https URL, if its certificate is good by what awsfed trusts (Node's certificates,
 * AWS_CA_BUNDLE, NODE_EXTRA_CA_CERTS, the system's) and for that host: the base64 of the SHA-256 of its SubjectPublicKeyInfo, as
 * Chromium's `--ignore-certificate-errors-spki-list` and RFC 7469 have it.
 * @param proxy as in `httpsAgent`
 * @throws Error of TLS or the network; AwsfedError `failed` by the proxy or AWS_CA_BUNDLE
 */
export async function trustedKeyOf(env: Environment, proxy: string | undefined, url: URL, signal: AbortSignal): Promise<string> {
  const agent = httpsAgent(env, proxy)
  try {
    return await new Promise((resolve, reject) => {
      // Nothing is asked of the server: the handshake is enough.
      const request = https.request(url, { agent, method: 'HEAD', signal, timeout: 10_000 })
      request.on('socket', (socket) => {
        const key = (socket as TLSSocket).getPeerX509Certificate()?.publicKey
        request.destroy()
        if (!key) return reject(new Error('the server shows no certificate'))
        resolve(
          createHash('sha256')
            .update(key.export({ type: 'spki', format: 'der' }))
            .digest('base64'),
        )
      })
      request.on('timeout', () => request.destroy(new Error('the server does not answer')))
      request.on('error', reject)
    })
  } finally {
    agent.destroy()
  }
}
