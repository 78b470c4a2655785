import { Agent } from 'node:http'
import type { Portal } from '../../base/config.ts'
import type { Environment } from '../../base/paths.ts'
import { httpsAgent } from '../../session/agent.ts'
import { proxyFor } from '../../session/proxy.ts'
import type { Connections } from './request.ts'

/**
 * The door that a portal's plain requests go through: by its `proxy`, else by that of the environment, and trusting what calls to
 * AWS trust.
 * @throws AwsfedError `failed` where AWS_CA_BUNDLE cannot be read
 */
export function connectionsTo(portal: Pick<Portal, 'proxy'>, env: Environment): Connections {
  const secure = httpsAgent(env, portal.proxy)
  const plain = new Agent({ keepAlive: true })
  return {
    agentFor({ protocol, hostname, port }) {
      if (protocol === 'https:') return secure
      const proxied = proxyFor(
        portal.proxy === undefined ? env : { ...env, https_proxy: portal.proxy },
        hostname,
        Number(port || 80),
      )
      if (proxied) throw new Error('plain http by a proxy is left to the browser')
      return plain
    },
    close() {
      secure.destroy()
      plain.destroy()
    },
  }
}
