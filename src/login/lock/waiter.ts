import type { Socket } from 'node:net'
import { type Message, messageReader } from './messages.ts'

/** What came of waiting: the owner's result, or undefined when it ended without one (killed, cancelled). */
export type Waited = Extract<Message, { kind: 'done' | 'failed' }> | undefined

/**
 * Listens to the owner of the lock until it has a result or has gone. `receive` hears all else that it says.
 * Ends at once, with undefined, when `signal` aborts.
 */
export function waitFor(owner: Socket, signal: AbortSignal | undefined, receive: (message: Message) => void): Promise<Waited> {
  return new Promise((resolve) => {
    const leave = () => owner.destroy()
    let result: Waited
    const read = messageReader((message) => {
      if (message.kind !== 'done' && message.kind !== 'failed') return receive(message)
      result = message
      owner.end()
    })
    owner.setEncoding('utf8')
    owner.on('data', read)
    owner.once('close', () => {
      signal?.removeEventListener('abort', leave)
      resolve(result)
    })
    signal?.addEventListener('abort', leave, { once: true })
    if (signal?.aborted || owner.destroyed) {
      leave()
      resolve(undefined)
    }
  })
}
