import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { AwsfedError, codeOf, messageOf } from '../../base/errors.ts'

const prefix = 'awsfed-migrate-'

/**
 * Does `work` in a private folder of the system's temporary one, which is removed afterwards; so are those that killed runs
 * have left, since the copies in them hold what the user's files hold.
 * @throws AwsfedError `failed` when the folder cannot be made or written
 */
export async function inWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  let folder: string | undefined
  try {
    removeLeftovers()
    folder = mkdtempSync(path.join(os.tmpdir(), `${prefix}${process.pid}-`))
    return await work(folder)
  } catch (error) {
    if (error instanceof AwsfedError || codeOf(error) === undefined) throw error
    throw new AwsfedError('failed', `cannot work in ${os.tmpdir()}, so nothing was changed: ${messageOf(error)}`, {
      hint: 'check that the folder is yours and that the disk is not full; TMPDIR names another one',
      cause: error,
    })
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
}

/** Folders of this user whose process, named in them, has gone. */
function removeLeftovers(): void {
  for (const name of readdirSync(os.tmpdir())) {
    if (!name.startsWith(prefix)) continue
    const folder = path.join(os.tmpdir(), name)
    const owner = lstatSync(folder, { throwIfNoEntry: false })?.uid
    // Windows knows no uid, and has a temporary folder for each user.
    const own = owner !== undefined && owner === (process.getuid?.() ?? owner)
    if (own && !isRunning(Number.parseInt(name.slice(prefix.length), 10))) {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}
