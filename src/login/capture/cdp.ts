import { get } from 'node:http'
import { WebSocket } from 'ws'

type Params = Readonly<Record<string, unknown>>

/** A connection to the browser's devtools protocol (chromedevtools.github.io/devtools-protocol), to the browser as a whole. */
export interface Devtools {
  /** Sends a command and returns its result. Rejects when the browser refuses it or the connection ends. */
  send(method: string, params?: Params): Promise<Record<string, unknown>>
  on(method: string, listener: (params: Record<string, unknown>) => void): void
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>
  close(): void
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message?: string }
}

/** Connects to the browser that listens at `address` (`localhost:40123`). */
export async function connectDevtools(address: string): Promise<Devtools> {
  const socket = new WebSocket(await socketUrl(address), { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 })
  const waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>()
  const listeners = new Map<string, (params: Record<string, unknown>) => void>()
  let last = 0
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const { reject } of waiting.values()) reject(new Error('the connection to the browser ended'))
      waiting.clear()
      resolve()
    })
  })
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message
    if (message.method !== undefined) listeners.get(message.method)?.(message.params ?? {})
    const caller = message.id === undefined ? undefined : waiting.get(message.id)
    if (message.id === undefined || !caller) return
    waiting.delete(message.id)
    if (message.error) caller.reject(new Error(message.error.message ?? 'refused by the browser'))
    else caller.resolve(message.result ?? {})
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {}) // always followed by `close`
  return {
    send(method, params = {}) {
      return new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(new Error('the connection to the browser ended'))
        last += 1
        waiting.set(last, { resolve, reject })
        socket.send(JSON.stringify({ id: last, method, params }))
      })
    },
    on: (method, listener) => void listeners.set(method, listener),
    ended,
    close: () => socket.terminate(),
  }
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
