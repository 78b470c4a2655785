import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AwsfedError, codeOf, messageOf } from '../../base/errors.ts'
import { fileNameOf } from '../../base/paths.ts'
import type { World } from '../../base/world.ts'

/** Where the callers of one lock meet. */
export interface Place {
  /** What is kept of the lock between its owners; 0700. On Unixes the sockets stand here too. */
  readonly folder: string
  /** Windows: the one name that an owner listens on. Undefined elsewhere. */
  readonly pipe: string | undefined
}

/** `sun_path` holds 104 bytes with its end on macOS, 108 on Linux (unix(7)). */
const longestSocketPath = 100
/** `/` and the longest socket name that `claim.ts` makes: a process id, a dot and eight hexadecimal digits. */
const longestSocketName = '/4194304.01234567'.length

/**
 * The places of the lock `name`, best first: in awsfed's own state; where that path is too long for a socket, or on a file
 * system that holds no sockets, a folder of this user's in /tmp. Every process comes to the same answer, because nothing
 * of its own environment but `paths.state` goes into it.
 */
export function placesOf(world: World, name: string): Place[] {
  // The machine is part of the name: in a home that several machines mount, none can reach the other's sockets, and
  // each would take the other's for abandoned.
  const key = `${fileNameOf(name).slice(0, 24)}-${digest(os.hostname(), name)}`
  const folder = path.join(world.paths.state, 'locks', key)
  if (world.platform === 'win32') {
    const user = world.env.USERNAME ?? world.home
    return [{ folder, pipe: `\\\\.\\pipe\\awsfed-${digest(user, world.paths.state, name)}` }]
  }
  const shared = `/tmp/awsfed-${process.getuid?.() ?? 0}-${digest(world.paths.state)}`
  const places = [folder, path.join(shared, key)].map((candidate) => ({ folder: candidate, pipe: undefined }))
  return places.filter((place) => Buffer.byteLength(place.folder) + longestSocketName <= longestSocketPath)
}

/**
 * Makes the folder of `place`, 0700, and makes sure that it is this user's alone: /tmp is everybody's, and who owned the
 * folder could pose as the owner of the lock.
 * @throws AwsfedError `failed` when it cannot be made or is not ours.
 */
export function makePlace(place: Place): void {
  try {
    mkdirSync(place.folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new AwsfedError('failed', `cannot make the folder of the lock, ${place.folder}: ${messageOf(error)}`, {
      hint: 'check who owns that folder, and that the disk is not full; AWSFED_HOME names another place',
      cause: error,
    })
  }
  if (place.pipe !== undefined || !place.folder.startsWith('/tmp/awsfed-')) return
  for (const folder of [path.dirname(place.folder), place.folder]) {
    const status = lstatSync(folder)
    if (status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o077) === 0) continue
    throw new AwsfedError('failed', `${folder} is not this user's alone`, {
      hint: `remove ${folder}, or set AWSFED_HOME to a folder with a shorter path`,
    })
  }
}

const unsupported = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'ENOSYS', 'EINVAL'])

/** Whether `error` says that a file system knows no sockets or no symbolic links (FAT, some network shares). */
export function isUnsupported(error: unknown): boolean {
  return unsupported.has(codeOf(error) ?? '')
}

function digest(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 8)
}
