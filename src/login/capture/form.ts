/** A form can hold many fields; an assertion's has two or three. */
const mostParts = 100

/**
 * The `SAMLResponse` field of a posted form, as the browser's form held it; undefined when there is none.
 * @param contentType of the request: `application/x-www-form-urlencoded` and `multipart/form-data` are what AWS reads;
 * a body without a type is read as the first
 */
export function samlResponseOf(body: Buffer, contentType: string | undefined): string | undefined {
  const [type = '', ...parameters] = (contentType ?? '').split(';')
  switch (type.trim().toLowerCase()) {
    case '':
    case 'application/x-www-form-urlencoded':
      // The parser of url.spec.whatwg.org: the inverse of what wrote it.
      return new URLSearchParams(body.toString('latin1')).get('SAMLResponse') || undefined
    case 'multipart/form-data': {
      const boundary = boundaryOf(parameters)
      return boundary === undefined ? undefined : fieldOfMultipart(body, boundary, 'SAMLResponse') || undefined
    }
    default:
      return undefined
  }
}

/** `boundary=…` or `boundary="…"`, at most 70 characters (RFC 2046, 5.1.1). */
function boundaryOf(parameters: readonly string[]): string | undefined {
  for (const parameter of parameters) {
    const [, value] = /^\s*boundary=("[^"]{1,70}"|[^"\s]{1,70})\s*$/i.exec(parameter) ?? []
    if (value !== undefined) return value.startsWith('"') ? value.slice(1, -1) : value
  }
  return undefined
}

/** The first field `name` of multipart/form-data (RFC 7578): parts between `--boundary` lines, the last one ended by `--`. */
function fieldOfMultipart(body: Buffer, boundary: string, name: string): string | undefined {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  // The first delimiter has no line before it.
  const text = Buffer.concat([Buffer.from('\r\n'), body])
  let start = text.indexOf(delimiter)
  for (let part = 0; part < mostParts && start >= 0; part++) {
    const from = start + delimiter.length
    if (text.subarray(from, from + 2).toString('latin1') === '--') return undefined
    const end = text.indexOf(delimiter, from)
    if (end < 0) return undefined
    const headersEnd = text.indexOf('\r\n\r\n', from)
    if (headersEnd >= 0 && headersEnd < end && nameOf(text.subarray(from, headersEnd).toString('latin1')) === name) {
      return text.subarray(headersEnd + 4, end).toString('utf8')
    }
    start = end
  }
  return undefined
}

/** The name in `Content-Disposition: form-data; name="…"`. */
function nameOf(headers: string): string | undefined {
  for (const line of headers.split('\r\n')) {
    const [, name] = /^content-disposition:\s*form-data\s*;(?:.*;)?\s*name="([^"]*)"/i.exec(line) ?? []
    if (name !== undefined) return name
  }
  return undefined
}
