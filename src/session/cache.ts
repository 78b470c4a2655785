import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Profile } from '../base/config.ts'
import { readIfThere, writeWhole } from '../base/files.ts'
import { fileNameOf, type Paths } from '../base/paths.ts'
import { readSealed, writeSealed } from '../base/sealed.ts'

/** The temporary credentials of a profile. Dates are ISO 8601 in UTC. */
export interface Session {
  readonly profile: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  readonly issued: string
  readonly expiration: string
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` */
  readonly arn: string
  readonly account: string
  /** The role that was asked for: a session of another role is no session of this profile. */
  readonly role: string
  /** What it came from: the portal's or the source profile's name. */
  readonly origin: string
  /** The way of the login: `http`, `headless`, `terminal` where a person was asked there, `window`, or `source` for a chained role. */
  readonly via: string
}

type Trace = (line: string) => void

const fields = [
  'profile',
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
  'issued',
  'expiration',
  'arn',
  'account',
  'role',
  'origin',
  'via',
] as const satisfies readonly (keyof Session)[]

function sessionFile(paths: Paths, profile: string): string {
  return path.join(paths.cache, 'sessions', `${fileNameOf(profile)}.json`)
}

/** Beside the session, not in it: `erase` may run while a login writes a new session, and must not undo that. */
function refusalFile(paths: Paths, profile: string): string {
  return path.join(paths.cache, 'sessions', `${fileNameOf(profile)}.refused`)
}

/**
 * The cached session of `profile`, lapsed or not; undefined where there is none, where the file is damaged, where it is
 * of another role or portal than the configuration now names, or where CodeCommit refused it.
 */
export function readSession(paths: Paths, profile: Profile, trace?: Trace): Session | undefined {
  const text = readSealed(paths, sessionFile(paths, profile.name), trace)
  if (text === undefined) return undefined
  const session = sessionOf(text)
  if (!session || session.profile !== profile.name) return undefined
  if (session.origin !== (profile.portal ?? profile.source)) return undefined
  if (profile.role !== undefined && session.role !== profile.role) return undefined
  if (readIfThere(refusalFile(paths, profile.name)) === session.accessKeyId) return undefined
  return session
}

function sessionOf(text: string): Session | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined // damaged: as good as none, the next login writes it anew
  }
  if (typeof value !== 'object' || value === null) return undefined
  const session = value as Session
  // Printable ASCII only: a token with a line feed must never reach git's protocol.
  if (!fields.every((name) => typeof session[name] === 'string' && /^[\x20-\x7e]*$/.test(session[name]))) return undefined
  if (Number.isNaN(Date.parse(session.expiration)) || Number.isNaN(Date.parse(session.issued))) return undefined
  return session
}

/** Keeps `session`, 0600, whole, and sealed where there is a key. */
export function writeSession(paths: Paths, session: Session, trace?: Trace): void {
  writeSealed(paths, sessionFile(paths, session.profile), `${JSON.stringify(session, null, 2)}\n`, trace)
}

/** Marks the session with this access key as refused by CodeCommit, so that the next `get` renews it. */
export function refuseSession(paths: Paths, profile: string, accessKeyId: string): void {
  writeWhole(refusalFile(paths, profile), accessKeyId)
}

/** Forgets the session of `profile`. Returns whether there was one. */
export function forgetSession(paths: Paths, profile: string): boolean {
  const there = readIfThere(sessionFile(paths, profile)) !== undefined
  rmSync(sessionFile(paths, profile), { force: true })
  rmSync(refusalFile(paths, profile), { force: true })
  return there
}

/** Forgets every session, of profiles that the configuration no longer has too. Returns the profiles' names. */
export function forgetAllSessions(paths: Paths): string[] {
  const folder = path.join(paths.cache, 'sessions')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => sessionOf(readSealed(paths, path.join(folder, file)) ?? '')?.profile ?? file)
  rmSync(folder, { recursive: true, force: true })
  return names.sort()
}
