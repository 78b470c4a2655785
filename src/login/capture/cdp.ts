import { get } from 'node:http'
import { type Connection, connect } from '../browser/connection.ts'

/** Connects to the devtools of the browser that listens at `address` (`localhost:40123`): to the browser as a whole, no page. */
export async function connectDevtools(address: string): Promise<Connection> {
  return connect(await socketUrl(address))
}

/** The address of the browser's own target, from its HTTP endpoint. */
function socketUrl(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(`http://${address}/json/version`, { timeout: 5_000 }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', reject)
      response.on('end', () => {
        try {
          const { webSocketDebuggerUrl } = JSON.parse(text) as { webSocketDebuggerUrl?: unknown }
          if (typeof webSocketDebuggerUrl !== 'string') throw new Error('no webSocketDebuggerUrl')
          resolve(webSocketDebuggerUrl)
        } catch (error) {
          reject(error)
        }
      })
    })
    request.on('timeout', () => request.destroy(new Error('no answer')))
    request.on('error', reject)
  })
}
