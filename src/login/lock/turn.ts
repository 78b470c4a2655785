import type { Server, Socket } from 'node:net'
import type { Status } from '../status.ts'
import type { Message } from './messages.ts'

/** The owner's side of the lock. */
export interface Turn {
  /** Tells those who wait how far the work is. */
  announce(status: Status): void
  /** Gives the lock up and tells those who wait how it ended; `undefined` lets them contend anew. */
  end(result: Extract<Message, { kind: 'done' | 'failed' }> | undefined): Promise<void>
}

/** Serves those who connect to `server`: who the owner is, its latest status, and at last the result. */
export function turnOf(server: Server, what: string): Turn {
  const waiting = new Set<Socket>()
  let latest: Status | undefined
  const send = (socket: Socket, message: Message) => socket.write(`${JSON.stringify(message)}\n`)

  server.on('connection', (socket) => {
    waiting.add(socket)
    // A waiter that has gone: nothing to do but to forget it.
    socket.on('error', () => {})
    socket.once('close', () => waiting.delete(socket))
    socket.resume()
    send(socket, { kind: 'hello', pid: process.pid, what })
    if (latest) send(socket, { kind: 'status', status: latest })
  })
  // accept(2) failed, for want of file descriptors: that waiter's socket closes, and it contends anew.
  server.on('error', () => {})

  return {
    announce(status) {
      latest = status
      for (const socket of waiting) send(socket, { kind: 'status', status })
    },
    async end(result) {
      // Those who have connected but were not accepted yet hear the result too.
      await turnOfTheLoop()
      await turnOfTheLoop()
      server.close()
      await Promise.all(
        [...waiting].map(async (socket) => {
          if (result) send(socket, result)
          await ended(socket)
        }),
      )
    },
  }
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Ends `socket`, and waits until what was written has been handed over; not for a waiter that is suspended and does not read. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => socket.destroy(), 500)
    socket.once('close', () => {
      clearTimeout(giveUp)
      resolve()
    })
    socket.end()
    if (socket.closed) resolve()
  })
}
