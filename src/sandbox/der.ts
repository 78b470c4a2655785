/** The few types of ASN.1 that a certificate is made of, in DER (ITU-T X.690). */

function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => element(0x30, ...contents)
export const setOf = (...contents: readonly Uint8Array[]): Buffer => element(0x31, ...contents)
export const octets = (...contents: readonly Uint8Array[]): Buffer => element(0x04, ...contents)
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text))
export const truth = (): Buffer => element(0x01, Buffer.from([0xff]))
export const nothing = (): Buffer => element(0x05)

/** A bit string; `unused` bits at its end do not count. */
export const bits = (bytes: Uint8Array, unused = 0): Buffer => element(0x03, Buffer.from([unused]), bytes)

/** A positive integer of these bytes, most significant first. */
export function integer(bytes: Uint8Array): Buffer {
  const negative = ((bytes[0] ?? 0) & 0x80) !== 0
  return element(0x02, ...(negative ? [Buffer.from([0])] : []), bytes)
}

/** A context-specific tag: constructed (`[3] { … }`), or primitive with its bare value. */
export const explicit = (number: number, ...contents: readonly Uint8Array[]): Buffer => element(0xa0 | number, ...contents)
export const implicit = (number: number, value: Uint8Array): Buffer => element(0x80 | number, value)

/** An object identifier, `2.5.29.17`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const number of rest) {
    const groups = [number % 128]
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left % 128))
    bytes.push(...groups)
  }
  return element(0x06, Buffer.from(bytes))
}

/** A UTCTime (RFC 5280, 4.1.2.5.1): good until 2049. */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return element(0x17, Buffer.from(`${digits}Z`))
}
