import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { codeOf } from '../../base/errors.ts'
import type { ByteText } from '../bytes.ts'

const buffer = Buffer.allocUnsafeSlow(64 * 1024)
// So that a pipe in the place of a file is empty, and does not wait for a writer. Windows has no such thing.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * The text of `file`. Three system calls for a small file, which most configurations and manifests are.
 * @throws the system's error; EINVAL for a device without an end
 */
export function readText(file: string): ByteText {
  const descriptor = openSync(file, flags)
  try {
    const length = readSync(descriptor, buffer, 0, buffer.length, null)
    const beginning = buffer.toString('latin1', 0, length)
    if (length < buffer.length) return beginning
    if (!fstatSync(descriptor).isFile()) throw Object.assign(new Error(`${file} is no file`), { code: 'EINVAL' })
    return beginning + readFileSync(descriptor, 'latin1')
  } finally {
    closeSync(descriptor)
  }
}

/** The same; undefined where there is none, or none that this user may read: the search tells that. */
export function textIfReadable(file: string): ByteText | undefined {
  try {
    return readText(file)
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return undefined
  }
}
