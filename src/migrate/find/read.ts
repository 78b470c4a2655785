import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { type ByteText, byteText } from '../bytes.ts'

const buffer = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * The text of `file`. Three system calls for a small file, which most configurations and manifests are.
 * @throws the system's error
 */
export function readText(file: string): ByteText {
  const descriptor = openSync(file, constants.O_RDONLY)
  try {
    const length = readSync(descriptor, buffer, 0, buffer.length, null)
    if (length < buffer.length) return buffer.toString('latin1', 0, length)
  } finally {
    closeSync(descriptor)
  }
  return byteText(readFileSync(file))
}
