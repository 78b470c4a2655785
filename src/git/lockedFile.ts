import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { AwsfedError, codeOf, messageOf } from '../base/errors.ts'
import { bytesIfThere } from '../base/files.ts'
import { linkTarget } from './linkTarget.ts'
import { losslessBytes, losslessText } from './losslessText.ts'

/**
 * Rewrites a file of git's configuration by git's own lock protocol: `FILE.lock` is created exclusively, written, synced
 * and renamed over FILE, so that no concurrent `git config` is lost. A symlink stays one; the mode stays.
 * @param change the new text for the old one (undefined: there is no file), whose bytes are kept also where they are no UTF-8;
 *   undefined removes the file, and the same text leaves it untouched
 * @param prove called with the lock file's path, which holds the new text, before it takes the file's place
 * @throws AwsfedError `failed` when somebody else holds the lock, or when it is no regular file
 */
export async function rewriteUnderLock(
  file: string,
  change: (text: string | undefined) => string | undefined,
  prove: (candidate: string) => Promise<void>,
): Promise<void> {
  const target = linkTarget(file)
  const before = statSync(target, { throwIfNoEntry: false })
  if (before && !before.isFile()) {
    throw new AwsfedError('failed', `${file} is no regular file: git's configuration cannot be written there`, {
      hint: 'unset GIT_CONFIG_GLOBAL, or have it name a file',
    })
  }
  const lock = `${target}.lock`
  const descriptor = openLock(lock, file)
  try {
    const bytes = bytesIfThere(target)
    const old = bytes && losslessText(bytes)
    const text = writeAndClose(descriptor, () => change(old), file)
    if (text === old) return
    if (text === undefined) return rmSync(target, { force: true })
    if (before) chmodSync(lock, before.mode & 0o777)
    await prove(lock)
    renameSync(lock, target)
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Writes what `text` returns; closed before anything else happens to the file, as Windows wants it. */
function writeAndClose(descriptor: number, text: () => string | undefined, file: string): string | undefined {
  try {
    const written = text()
    try {
      writeFileSync(descriptor, losslessBytes(written ?? ''))
      fsyncSync(descriptor)
    } catch (error) {
      throw new AwsfedError('failed', `cannot write ${file}: ${messageOf(error)}`, {
        hint: 'check that the disk is not full',
        cause: error,
      })
    }
    return written
  } finally {
    closeSync(descriptor)
  }
}

function openLock(lock: string, file: string): number {
  try {
    return openSync(lock, 'wx', 0o666)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      throw new AwsfedError('failed', `${lock} is there: another git writes ${file} just now, or died doing so`, {
        hint: 'try again; remove that file if no git runs',
        cause: error,
      })
    }
    throw new AwsfedError('failed', `cannot write ${file}: ${messageOf(error)}`, {
      hint: 'check that the folder is there and yours',
      cause: error,
    })
  }
}
