import { WebSocket } from 'ws'

type Params = Readonly<Record<string, unknown>>
type Listener = (params: Record<string, unknown>, session: string | undefined) => void

/**
 * A connection to a browser by which it is told what to do, and tells what happens: Chrome's devtools protocol
 * (chromedevtools.github.io/devtools-protocol) and WebDriver BiDi (w3.org/TR/webdriver-bidi) both have this form.
 */
export interface Connection {
  /**
   * Sends a command and returns its result. Rejects when the browser refuses it, with the protocol's own word for why as the
   * error's name where it has one (`no such frame`), or when the connection ends.
   */
  send(method: string, params?: Params, session?: string): Promise<Record<string, unknown>>
  /** `session` names the part of the browser that an event is from: devtools speak with several over one connection. */
  on(method: string, listener: Listener): void
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>
  close(): void
}

interface Message {
  readonly id?: number | null
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly sessionId?: string
  readonly result?: Record<string, unknown>
  /** Of devtools an object, of BiDi a word beside the message. */
  readonly error?: { readonly message?: string } | string
  readonly message?: string
}

/** Connects to the browser that listens at `url` (`ws://127.0.0.1:40123/…`). */
export async function connect(url: string): Promise<Connection> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 256 * 1024 * 1024 })
  const waiting = new Map<number, { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }>()
  const listeners = new Map<string, Listener[]>()
  let last = 0
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const { reject } of waiting.values()) reject(connectionEnded())
      waiting.clear()
      resolve()
    })
  })
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message
    if (message.method !== undefined)
      for (const listener of listeners.get(message.method) ?? []) listener(message.params ?? {}, message.sessionId)
    const caller = typeof message.id === 'number' ? waiting.get(message.id) : undefined
    if (typeof message.id !== 'number' || !caller) return
    waiting.delete(message.id)
    if (message.error === undefined) caller.resolve(message.result ?? {})
    else caller.reject(refusedBy(message.error, message.message))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {}) // always followed by `close`
  return {
    send(method, params = {}, session) {
      return new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(connectionEnded())
        last += 1
        waiting.set(last, { resolve, reject })
        socket.send(JSON.stringify({ id: last, method, params, ...(session !== undefined && { sessionId: session }) }))
      })
    },
    on(method, listener) {
      listeners.set(method, [...(listeners.get(method) ?? []), listener])
    },
    ended,
    close: () => socket.terminate(),
  }
}

function connectionEnded(): Error {
  return Object.assign(new Error('the connection to the browser ended'), { name: 'ended' })
}

function refusedBy(error: NonNullable<Message['error']>, message: string | undefined): Error {
  if (typeof error !== 'string') return new Error(error.message ?? 'refused by the browser')
  return Object.assign(new Error(message || error), { name: error })
}
