import { accessSync, constants, statSync } from 'node:fs'
import type { Environment } from '../../base/paths.ts'

/**
 * `/com.google.chrome.for.testing.AbCdEf/SingletonSocket`, the longest name, has 53 bytes, and the path of a socket at most 103
 * (unix(7), macOS).
 */
const longest = 50
const otherwise = ['/tmp', '/var/tmp']

/**
 * The TMPDIR for driver and browser: Chromium makes the socket of its lock there, and ends at once where the folder does not
 * exist, cannot be written or has too long a name. Undefined where TMPDIR is best left as it is.
 */
export function socketFolder(env: Environment, platform: NodeJS.Platform): string | undefined {
  const own = env.TMPDIR
  if (platform === 'win32' || !own || (Buffer.byteLength(own) <= longest && canBeWritten(own))) return undefined
  return otherwise.find(canBeWritten)
}

/** All folders that such a socket may be in. */
export function socketFolders(env: Environment): string[] {
  return [...(env.TMPDIR ? [env.TMPDIR.replace(/(?<=.)\/+$/, '')] : []), ...otherwise]
}

function canBeWritten(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}
