import { posix, resolve, win32 } from 'node:path'
import { sha256 } from './sha256.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where awsfed keeps its files. All absolute. */
export interface Paths {
  /** `config.toml`, written by the user. */
  readonly config: string
  /** Sessions: what can be had again by a login. */
  readonly cache: string
  /** Cookies, locks, journals, what was learned of a role: what should outlive a cleaned cache. */
  readonly state: string
  /** Whether files with secrets are sealed; undefined with AWSFED_KEYRING=never. */
  readonly sealing: Sealing | undefined
}

interface Sealing {
  /** A folder in memory that lasts as long as the user is logged in, where the platform has one (XDG_RUNTIME_DIR). */
  readonly runtime: string | undefined
}

/**
 * The folders of `$AWSFED_HOME`, else the platform's: XDG on Linux and other Unixes,
 * `~/Library` on macOS, `%APPDATA%` and `%LOCALAPPDATA%` on Windows.
 */
export function awsfedPaths(env: Environment, platform: NodeJS.Platform, home: string): Paths {
  const join = platform === 'win32' ? win32.join : posix.join
  const isAbsolute = platform === 'win32' ? win32.isAbsolute : posix.isAbsolute
  const own = env.AWSFED_HOME
  const sealing = sealingOf(env, platform)
  if (own) {
    const root = isAbsolute(own) ? own : resolve(own)
    return { config: join(root, 'config.toml'), cache: join(root, 'cache'), state: join(root, 'state'), sealing }
  }
  if (platform === 'win32') {
    const roaming = env.APPDATA || join(home, 'AppData', 'Roaming')
    const local = env.LOCALAPPDATA || join(home, 'AppData', 'Local')
    return {
      config: join(roaming, 'awsfed', 'config.toml'),
      cache: join(local, 'awsfed', 'cache'),
      state: join(local, 'awsfed', 'state'),
      sealing,
    }
  }
  // The XDG specification: a relative path is invalid and to be ignored.
  const xdg = (name: string, ...otherwise: string[]) => {
    const value = env[name]
    return value && isAbsolute(value) ? value : join(home, ...otherwise)
  }
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'awsfed')
    const config = env.XDG_CONFIG_HOME ? join(xdg('XDG_CONFIG_HOME', '.config'), 'awsfed') : support
    return {
      config: join(config, 'config.toml'),
      cache: join(home, 'Library', 'Caches', 'awsfed'),
      state: join(support, 'state'),
      sealing,
    }
  }
  return {
    config: join(xdg('XDG_CONFIG_HOME', '.config'), 'awsfed', 'config.toml'),
    cache: join(xdg('XDG_CACHE_HOME', '.cache'), 'awsfed'),
    state: join(xdg('XDG_STATE_HOME', '.local', 'state'), 'awsfed'),
    sealing,
  }
}

function sealingOf(env: Environment, platform: NodeJS.Platform): Sealing | undefined {
  if (env.AWSFED_KEYRING?.toLowerCase() === 'never') return undefined
  const folder = platform === 'win32' || platform === 'darwin' ? undefined : env.XDG_RUNTIME_DIR
  return { runtime: folder && posix.isAbsolute(folder) ? posix.join(folder, 'awsfed') : undefined }
}

/**
 * A file name for `name` (of a profile or portal) that no other name has, on file systems that fold case too:
 * plain lower-case names stay as they are, others get a digest.
 */
export function fileNameOf(name: string): string {
  if (/^[a-z0-9_-]{1,64}$/.test(name)) return name
  const readable = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .slice(0, 40)
  return `${readable}.${Buffer.from(sha256(Buffer.from(name)))
    .toString('hex')
    .slice(0, 16)}`
}
