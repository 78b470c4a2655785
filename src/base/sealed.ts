import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { messageOf } from './errors.ts'
import { readIfThere, writeWhole } from './files.ts'
import { keepSecret, secretNow, secretOf } from './keyring.ts'
import type { Paths } from './paths.ts'

// Files that hold secrets are sealed at rest where there is a keyring for the key: a copy of the disk, or a backup of the home
// folder, is then of no use. Where there is none they are plain, and 0600 like the others. The cipher is XChaCha20-Poly1305
// (draft-irtf-cfrg-xchacha), whose nonces may be random: in JavaScript it opens a session in a millisecond, while loading
// node:crypto for AES would cost the hot path eight.

/** What a sealed file begins with; after it, in base64: the nonce, and what is sealed with its tag. */
const mark = 'awsfed sealed 1\n'
const secretName = 'key of sessions and cookies'
const nonceLength = 24
const keyLength = 32

type Trace = (line: string) => void

/** Loaded when a file is sealed, and not with the hot path. */
function random(length: number): Buffer {
  const { randomBytes } = process.getBuiltinModule('node:crypto') as typeof import('node:crypto')
  return randomBytes(length)
}

/**
 * The text of `file`, unsealed if it is sealed; undefined where there is none, and where it is damaged, was moved here from
 * another name, or its key cannot be had: as good as none, which `trace` tells.
 */
export function readSealed(paths: Paths, file: string, trace?: Trace): string | undefined {
  const text = readIfThere(file)
  if (text === undefined || !text.startsWith(mark)) return text
  const sealed = Buffer.from(text.slice(mark.length), 'base64')
  const atHand = keyAtHand(paths)
  const opened = atHand && unseal(atHand, sealed, file)
  if (opened !== undefined) return opened
  // None at hand, or of a keyring that was made anew since.
  const key = keyOfKeyring(paths, trace)
  const unsealed = key && unseal(key, sealed, file)
  if (key && unsealed !== undefined) keepAtHand(paths, key, trace)
  else trace?.(`${file} is sealed, and ${key ? 'the key of the keyring does not open it' : 'there is no key'}: taken as none`)
  return unsealed
}

/** Writes `file` whole, 0600, sealed where `prepareSealing` has found a key. */
export function writeSealed(paths: Paths, file: string, text: string, trace?: Trace): void {
  const key = keyAtHand(paths) ?? keyOfKeyring(paths, trace)
  writeWhole(file, key ? seal(key, text, file) : text)
}

/**
 * Has a key ready for `writeSealed`: of the keyring, where it is made when it is not there yet. To be called where a person may
 * be asked to unlock the keyring. Without one nothing is sealed, which `trace` tells.
 */
export async function prepareSealing(paths: Paths, trace: Trace, signal?: AbortSignal): Promise<void> {
  if (!paths.sealing || keyAtHand(paths)) return
  try {
    if (!keyFrom(await secretOf(secretName, signal))) {
      await keepSecret(secretName, random(keyLength).toString('base64'), signal)
    }
    // Read again: of two processes that make one at the same time the last is right for both.
    const key = keyFrom(await secretOf(secretName, signal))
    if (key) keepAtHand(paths, key, trace)
  } catch (error) {
    trace(`sessions and cookies are not sealed: ${messageOf(error)}`)
  }
}

/** A file that is given another name does not open: one profile cannot have the session of another. */
function cipher(key: Uint8Array, nonce: Uint8Array, file: string) {
  return xchacha20poly1305(key, nonce, Buffer.from(basename(file)))
}

function seal(key: Uint8Array, text: string, file: string): string {
  const nonce = random(nonceLength)
  return `${mark}${Buffer.concat([nonce, cipher(key, nonce, file).encrypt(Buffer.from(text))]).toString('base64')}\n`
}

function unseal(key: Uint8Array, sealed: Buffer, file: string): string | undefined {
  try {
    const opened = cipher(key, sealed.subarray(0, nonceLength), file).decrypt(sealed.subarray(nonceLength))
    return Buffer.from(opened).toString('utf8')
  } catch {
    return undefined // another key, another name, or damaged: which of them the tag does not tell
  }
}

/** The key as it lies in memory while the user is logged in: the keyring's library would cost the hot path a quarter more. */
function keyAtHand({ sealing }: Paths): Buffer | undefined {
  if (sealing?.runtime === undefined) return undefined
  try {
    return keyFrom(readFileSync(join(sealing.runtime, 'key'), 'utf8'))
  } catch {
    return undefined // no file, or not to be read: the keyring has it
  }
}

function keepAtHand({ sealing }: Paths, key: Buffer, trace: Trace | undefined): void {
  if (sealing?.runtime === undefined) return
  try {
    writeWhole(join(sealing.runtime, 'key'), key.toString('base64'))
  } catch (error) {
    trace?.(`the key is not kept at hand: ${messageOf(error)}`)
  }
}

function keyOfKeyring({ sealing }: Paths, trace: Trace | undefined): Buffer | undefined {
  if (!sealing) return undefined
  try {
    return keyFrom(secretNow(secretName))
  } catch (error) {
    trace?.(messageOf(error))
    return undefined
  }
}

function keyFrom(text: string | undefined): Buffer | undefined {
  const key = text === undefined ? undefined : Buffer.from(text, 'base64')
  return key?.length === keyLength ? key : undefined
}
