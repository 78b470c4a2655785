import { closeSync, mkdirSync, openSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsfedError, codeOf, messageOf } from '../base/errors.ts'
import { writeWhole } from '../base/files.ts'
import type { World } from '../base/world.ts'
import type { Session } from './cache.ts'
import { readSection, withSettings } from './iniSection.ts'

/**
 * Writes the session's keys to `[name]` of the shared credentials file (~/.aws/credentials, AWS_SHARED_CREDENTIALS_FILE),
 * 0600 and whole. Every byte outside of that section's keys stays.
 * @throws AwsfedError `failed` when the section holds long-lived keys, which are the user's only copy; when the file
 * cannot be read or written
 */
export async function writeSharedCredentials(world: World, session: Session, name: string): Promise<void> {
  if (!/^[^\p{Cc}[\]]+$/u.test(name) || name.trim() !== name) {
    throw new AwsfedError('usage', 'write_to is no name of an AWS profile', {
      hint: 'name a profile, such as write_to = "default"',
    })
  }
  // Through links: the file that dotfiles keep elsewhere is replaced, not the link to it.
  const file = targetOf(credentialsFile(world))
  await withLock(`${file}.awsfed-lock`, () => {
    const before = readBytes(file)
    // Read byte by byte, so that bytes that are no UTF-8 stay as they are.
    const section = Buffer.from(name, 'utf8').toString('latin1')
    const { count, settings } = readSection(before, section)
    if (count > 1) {
      throw new AwsfedError('failed', `${file} has [${name}] ${count} times`, { hint: 'leave one of them' })
    }
    refuseLongLived(settings, file, name)
    const keys = new Map([
      ['aws_access_key_id', session.accessKeyId],
      ['aws_secret_access_key', session.secretAccessKey],
      ['aws_session_token', session.sessionToken],
    ])
    // The token's old name, which other tools leave behind: botocore reads it first, and would take a stale one.
    if (settings.has('aws_security_token')) keys.set('aws_security_token', session.sessionToken)
    const after = withSettings(before, section, keys)
    if (after !== before) writeWhole(file, Buffer.from(after, 'latin1'))
  })
}

function credentialsFile(world: World): string {
  const own = world.env.AWS_SHARED_CREDENTIALS_FILE
  if (!own) return path.join(world.home, '.aws', 'credentials')
  return /^~[/\\]/.test(own) ? path.join(world.home, own.slice(2)) : path.resolve(own)
}

/** Where `file` leads to by symbolic links, also when there is nothing there yet. */
function targetOf(file: string): string {
  let target = file
  for (let links = 0; links < 40; links++) {
    try {
      target = path.resolve(path.dirname(target), readlinkSync(target))
    } catch (error) {
      // EINVAL, and UNKNOWN on Windows: it is no link. ENOENT: there is nothing yet.
      if (['EINVAL', 'UNKNOWN', 'ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return target
      throw unreadable(target, error)
    }
  }
  throw new AwsfedError('failed', `${file} is a symbolic link that comes back to itself`, { hint: `remove ${file}` })
}

function readBytes(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return ''
    throw unreadable(file, error)
  }
}

function unreadable(file: string, error: unknown): AwsfedError {
  return new AwsfedError('failed', `cannot read ${file}: ${messageOf(error)}`, {
    hint: 'check who owns the file and its mode',
    cause: error,
  })
}

/** A key without a token, or an AKIA key, is one of an IAM user; it is shown only once by AWS and must not be lost. */
function refuseLongLived(settings: ReadonlyMap<string, string>, file: string, name: string): void {
  const id = settings.get('aws_access_key_id') ?? ''
  const token = settings.get('aws_session_token') || settings.get('aws_security_token')
  if (id === '' || id.startsWith('ASIA') || (token && !id.startsWith('AKIA'))) return
  throw new AwsfedError('failed', `[${name}] of ${file} holds long-lived keys`, {
    hint: 'name another profile in write_to, or remove those keys there',
  })
}

// The keys are read, changed and written in some milliseconds: a lock of this age was left by a process that was killed.
const lockIsStale = 5_000
const lockIsTaken = 15_000

/**
 * Runs `act` while holding `lock`, a file that only one process can make; awsfed's own parallel logins wait for each other.
 * It is asked again and again because no file system tells of a removed file everywhere, network homes included.
 */
async function withLock(lock: string, act: () => void): Promise<void> {
  makeFolder(path.dirname(lock))
  const deadline = Date.now() + lockIsTaken
  while (!takeLock(lock)) {
    if (Date.now() > deadline) {
      throw new AwsfedError('failed', `${lock} is held by another process`, { hint: `remove ${lock} when no awsfed runs` })
    }
    await pause(5 + Math.random() * 20)
  }
  try {
    act()
  } finally {
    rmSync(lock, { force: true })
  }
}

function takeLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600))
    return true
  } catch (error) {
    // EPERM and EBUSY: Windows, while another process removes it.
    const busy = process.platform === 'win32' ? ['EEXIST', 'EPERM', 'EBUSY'] : ['EEXIST']
    if (!busy.includes(codeOf(error) ?? '')) throw unwritable(path.dirname(lock), error)
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Math.abs(Date.now() - since) > lockIsStale) rmSync(lock, { force: true })
    return false
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unwritable(folder, error)
  }
}

function unwritable(folder: string, error: unknown): AwsfedError {
  return new AwsfedError('failed', `cannot write to ${folder}: ${messageOf(error)}`, {
    hint: 'check that the folder is yours and that the disk is not full',
    cause: error,
  })
}
