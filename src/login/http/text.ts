/** What a page was sent as: its text, and the encoding that it is in (a label of encoding.spec.whatwg.org). */
export interface Decoded {
  readonly text: string
  readonly encoding: string
}

/**
 * Decodes a page as browsers do: by its byte order mark, else by the header's charset, else by what it says of itself in its
 * first kilobyte, else as Windows-1252 (html.spec.whatwg.org, "Determining the character encoding").
 */
export function decoded(body: Buffer, contentType: string | undefined): Decoded {
  const label = markOf(body) ?? charsetOf(contentType) ?? declared(body.subarray(0, 1024).toString('latin1')) ?? 'windows-1252'
  const decoder = decoderOf(label) ?? new TextDecoder('windows-1252')
  return { text: decoder.decode(body), encoding: decoder.encoding }
}

function decoderOf(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label)
  } catch {
    return undefined // no encoding of that name
  }
}

function markOf(body: Buffer): string | undefined {
  if (body.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return 'utf-8'
  const mark = body.length >= 2 ? body.readUInt16BE(0) : 0
  return mark === 0xfeff ? 'utf-16be' : mark === 0xfffe ? 'utf-16le' : undefined
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(contentType ?? '')?.[1]
}

/** `<meta charset=…>` or `<meta http-equiv=Content-Type content="text/html; charset=…">`. UTF-16 cannot be declared in ASCII. */
function declared(start: string): string | undefined {
  const label = /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(start)?.[1]
  return label !== undefined && /^utf-?16/i.test(label) ? 'utf-8' : label
}
