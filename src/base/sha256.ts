/**
 * SHA-256 and its HMAC (FIPS 180-4, RFC 2104) for the hot path: loading node:crypto takes a fifth of the time that a bare
 * Node takes to start, and a credential helper has a few hundred bytes to hash. Everything else uses node:crypto.
 */

/** The 32 bytes of the SHA-256 of `parts`, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  // The end of the message is marked by a bit, and its length in bits ends the last block of 64 bytes (5.1.1).
  const message = Buffer.alloc(Math.ceil((length + 9) / 64) * 64)
  let end = 0
  for (const part of parts) {
    message.set(part, end)
    end += part.length
  }
  message[end] = 0x80
  message.writeUInt32BE(Math.floor(length / 2 ** 29), message.length - 8)
  message.writeUInt32BE((length * 8) % 2 ** 32, message.length - 4)

  const state = new Int32Array(initial)
  const schedule = new Int32Array(64)
  for (let at = 0; at < message.length; at += 64) mix(state, schedule, message, at)
  const digest = Buffer.alloc(32)
  for (let at = 0; at < 8; at++) digest.writeInt32BE(state[at] as number, at * 4)
  return digest
}

/** The 32 bytes of the HMAC of `data` with `key`. */
export function hmac(key: Uint8Array, data: Uint8Array): Buffer {
  const short = key.length > 64 ? sha256(key) : key
  const inner = Buffer.alloc(64, 0x36)
  const outer = Buffer.alloc(64, 0x5c)
  for (let at = 0; at < short.length; at++) {
    inner[at] = (inner[at] as number) ^ (short[at] as number)
    outer[at] = (outer[at] as number) ^ (short[at] as number)
  }
  return sha256(outer, sha256(inner, data))
}

/** Mixes the block of `message` at `start` into `state`: 6.2.2, with its names. In one piece: V8 interprets what runs once. */
function mix(state: Int32Array, w: Int32Array, message: Uint8Array, start: number): void {
  for (let t = 0, at = start; t < 16; t++, at += 4) {
    w[t] =
      ((message[at] as number) << 24) |
      ((message[at + 1] as number) << 16) |
      ((message[at + 2] as number) << 8) |
      (message[at + 3] as number)
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] as number
    const y = w[t - 2] as number
    w[t] =
      (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)) +
      (w[t - 7] as number) +
      (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
      (w[t - 16] as number)
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let t = 0; t < 64; t++) {
    const t1 =
      h +
      (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
      ((e & f) ^ (~e & g)) +
      (constants[t] as number) +
      (w[t] as number)
    const t2 = (((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

// The first 32 bits of the fractional parts of the square roots and of the cube roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3).
// biome-ignore format: a table
const initial = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]
// biome-ignore format: a table
const constants = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])
