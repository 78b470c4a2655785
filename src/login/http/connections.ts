import { Agent } from 'node:http'
import type { Portal } from '../../base/config.ts'
import type { Environment } from '../../base/paths.ts'
import { httpsAgent } from '../../session/agent.ts'
import type { Connections } from './request.ts'

/**
 * The door that a portal's plain requests go through: by its `proxy`, else by that of the environment, and trusting what calls to
 * AWS trust.
 * @throws AwsfedError `failed` where AWS_CA_BUNDLE cannot be read
 */
export function connectionsTo(portal: Pick<Portal, 'proxy'>, env: Environment): Connections & { close(): void } {
  const proxied = portal.proxy ?? (env.https_proxy || env.HTTPS_PROXY)
  const connections = {
    https: httpsAgent(env, portal.proxy),
    http: proxied ? undefined : new Agent({ keepAlive: true }),
  }
  return {
    ...connections,
    close() {
      connections.https.destroy()
      connections.http?.destroy()
    },
  }
}
