import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AwsfedError, codeOf, messageOf } from './errors.ts'

/**
 * Writes `file` whole: into a temporary file beside it, synced, then renamed over it, so that a reader sees the old
 * or the new text and never a part. Folders that are missing are made 0700; the file is 0600 unless `mode` says otherwise.
 * @throws AwsfedError `failed` when it cannot be written (full disk, read-only folder); the old file is then untouched.
 */
export function writeWhole(file: string, text: string | Uint8Array, mode = 0o600): void {
  const temporary = `${file}.${process.pid}.${process.hrtime.bigint().toString(36)}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const descriptor = openSync(temporary, 'wx', mode)
    try {
      // writeFileSync goes on after a short write, as a plain writeSync does not.
      writeFileSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new AwsfedError('failed', `cannot write ${file}: ${messageOf(error)}`, {
      hint: 'check that the folder is yours and that the disk is not full',
      cause: error,
    })
  }
}

/**
 * Makes what was created, renamed and removed in `folder` last, also when the power fails.
 * @throws the system's error
 */
export function syncFolder(folder: string): void {
  // Windows opens no folder for that; its file system keeps a journal of such changes.
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The text of `file`, or undefined where there is none. Other errors are thrown. */
export function readIfThere(file: string): string | undefined {
  return bytesIfThere(file)?.toString('utf8')
}

/** The same as bytes, for what may not be UTF-8. */
export function bytesIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
    throw new AwsfedError('failed', `cannot read ${file}: ${messageOf(error)}`, {
      hint: 'check who owns the file and its mode',
      cause: error,
    })
  }
}
