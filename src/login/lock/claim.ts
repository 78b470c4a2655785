import { randomBytes } from 'node:crypto'
import { readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../../base/errors.ts'
import type { Place } from './place.ts'

/** Either this process is the owner, and listens; or another one is, and this process is connected to it. */
export type Claim = { readonly server: Server } | { readonly owner: Socket }

/**
 * Claims the lock at `place`, or connects to its owner.
 *
 * The owner listens on a socket, so the kernel itself tells when it has gone, by SIGKILL too. What the kernel does not do
 * is to hand a socket's *name* on: between "nobody answers there" and "so I take it" another process may have taken it.
 * Hence names are never taken over. Claims are symbolic links named 1, 2, 3…, made exclusively (EEXIST), each to the socket
 * of its claimant, which listens before it claims; and `current` is a link that names the last number that was owned:
 *
 * 1. Start at `current` and go up while the claims are of the dead (their sockets refuse).
 * 2. A claim that answers is the owner: wait for it. The first number that is free: claim it.
 * 3. Look at `current` again. Is it beyond my number, then I was so slow that my number had been used, abandoned and
 *    removed meanwhile: give it up and start again. Else I am the owner.
 * 4. The owner sets `current` to its number, and only then removes what is below.
 *
 * There are never two owners: the second would have had to pass the first one's number, either by finding it dead,
 * which it is not, or by starting beyond it, for which `current` had to be beyond it, which the first one looked at last.
 */
export async function claim(place: Place, signal: AbortSignal | undefined): Promise<Claim> {
  return place.pipe === undefined ? claimByLink(place.folder, signal) : claimByPipe(place.pipe, signal)
}

async function claimByLink(folder: string, signal: AbortSignal | undefined): Promise<Claim> {
  for (;;) {
    signal?.throwIfAborted()
    const current = currentOf(folder)
    let number = current
    for (let target = linkOf(folder, number); target !== undefined; target = linkOf(folder, ++number)) {
      const owner = await connected(path.join(folder, target), signal)
      if (owner) return { owner }
    }
    const name = `${process.pid}.${randomBytes(4).toString('hex')}`
    const server = await listening(path.join(folder, name))
    try {
      if (link(folder, number, name)) {
        if (currentOf(folder) <= number) {
          become(folder, number)
          return { server }
        }
        rmSync(path.join(folder, String(number)), { force: true })
      }
    } catch (error) {
      server.close()
      throw error
    }
    server.close()
  }
}

/** Windows ends a named pipe with its last handle, so there its one name is the lock. */
async function claimByPipe(pipe: string, signal: AbortSignal | undefined): Promise<Claim> {
  for (;;) {
    signal?.throwIfAborted()
    try {
      return { server: await listening(pipe) }
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' && codeOf(error) !== 'EACCES') throw error
    }
    const owner = await connected(pipe, signal)
    if (owner) return { owner }
    // Its owner has closed it, and a waiter has not let go of its end yet: Windows tells of neither.
    await delay(20, undefined, signal ? { signal } : {})
  }
}

/** The last number that was owned; 1 where none was. */
function currentOf(folder: string): number {
  return Number(linkOf(folder, 'current') ?? 1)
}

function linkOf(folder: string, name: string | number): string | undefined {
  try {
    return readlinkSync(path.join(folder, String(name)))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Makes the claim `number`; false when there is one. */
function link(folder: string, number: number, target: string): boolean {
  try {
    symlinkSync(target, path.join(folder, String(number)))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** To be called by the owner only: points `current` at its number, then clears away the claims and sockets of the dead below. */
function become(folder: string, number: number): void {
  const fresh = path.join(folder, `current.${process.pid}.${randomBytes(4).toString('hex')}`)
  symlinkSync(String(number), fresh)
  renameSync(fresh, path.join(folder, 'current'))
  for (const name of readdirSync(folder)) {
    if (name.startsWith('current.')) rmSync(path.join(folder, name), { force: true })
    if (!/^\d+$/.test(name) || Number(name) >= number) continue
    const socket = linkOf(folder, name)
    if (socket !== undefined) rmSync(path.join(folder, socket), { force: true })
    rmSync(path.join(folder, name), { force: true })
  }
}

function listening(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ path: address }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

/** A connection to who listens at `address`; undefined when nobody does any more. */
async function connected(address: string, signal: AbortSignal | undefined): Promise<Socket | undefined> {
  for (;;) {
    const outcome = await attempt(address)
    if (typeof outcome === 'object') return outcome
    if (outcome === 'nobody') return undefined
    // No event tells when there is room again.
    if (outcome === 'full') await delay(50, undefined, signal ? { signal } : {})
  }
}

/** What `connect` meets. `reset`: the owner ended between the kernel's yes and its accept; the next attempt tells. */
const outcomes: Readonly<Record<string, 'nobody' | 'full' | 'reset'>> = {
  ENOENT: 'nobody',
  ECONNREFUSED: 'nobody',
  // So many wait already that the kernel takes no more (unix(7)); a named pipe of which all instances are taken.
  EAGAIN: 'full',
  EBUSY: 'full',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
}

function attempt(address: string): Promise<Socket | 'nobody' | 'full' | 'reset'> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: address })
    socket.once('error', (error) => {
      const outcome = outcomes[codeOf(error) ?? '']
      if (outcome) resolve(outcome)
      else reject(error)
    })
    socket.once('connect', () => {
      // From here on the end of the socket tells enough.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}
