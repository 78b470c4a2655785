/** Sequences of bytes that are UTF-8 (RFC 3629, 4), as characters of ISO 8859-1. */
const sequences =
  /[\0-\x7f]+|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\s\S]/g

/** `bytes` as UTF-8. A byte that is none becomes a lone surrogate (U+DC80 to U+DCFF), as in Python's PEP 383. */
export function losslessText(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (Buffer.from(text).equals(bytes)) return text
  return bytes.toString('latin1').replace(sequences, (sequence) => {
    const code = sequence.charCodeAt(0)
    return sequence.length === 1 && code > 0x7f ? String.fromCharCode(0xdc00 + code) : Buffer.from(sequence, 'latin1').toString()
  })
}

/** The bytes that `losslessText` has read `text` from, also when more was written into it. */
export function losslessBytes(text: string): Buffer {
  const parts = text.split(/([\udc80-\udcff])/u)
  return Buffer.concat(parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) - 0xdc00))))
}
