import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { CredentialStore, Issued } from '../credentials.ts'
import { StsError } from './answer.ts'

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  /** Names in lower case; several headers of one name joined by a comma. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

const fifteenMinutes = 15 * 60_000

/**
 * Whose request this is, by its Signature Version 4 (IAM guide, "Create a signed AWS API request"). Written apart from
 * what signs in awsfed: the two can only agree when both are right.
 * @throws StsError with AWS's code and words for each thing that can be wrong.
 */
export function callerOf(request: SignedRequest, store: CredentialStore, now: Date): Issued {
  const authorization = request.headers.get('authorization')
  if (authorization === undefined) throw refused('MissingAuthenticationToken', 'Request is missing Authentication Token')
  const parts = partsOf(authorization)
  const [keyId = '', date = '', region = '', service = '', end = ''] = parts.credential.split('/')
  const issued = store.find(keyId)
  if (!issued || !same(request.headers.get('x-amz-security-token') ?? '', issued.sessionToken)) {
    throw refused('InvalidClientTokenId', 'The security token included in the request is invalid.')
  }
  checkScope(request, { date, region, service, end }, parts.signedHeaders, now)

  const scope = `${date}/${region}/${service}/${end}`
  const stringToSign = [
    'AWS4-HMAC-SHA256',
    request.headers.get('x-amz-date'),
    scope,
    sha256(canonicalRequest(request, parts.signedHeaders)),
  ].join('\n')
  let key: string | Buffer = `AWS4${issued.secretAccessKey}`
  for (const word of [date, region, service, end]) key = createHmac('sha256', key).update(word).digest()
  if (!same(createHmac('sha256', key).update(stringToSign).digest('hex'), parts.signature)) {
    throw mismatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
  }
  if (issued.expires <= now.getTime()) throw refused('ExpiredToken', 'The security token included in the request is expired')
  return issued
}

const refused = (code: string, message: string) => new StsError(403, code, message)
const mismatch = (message: string) => refused('SignatureDoesNotMatch', message)

interface Parts {
  readonly credential: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` */
function partsOf(authorization: string): Parts {
  const [algorithm, ...rest] = authorization.split(' ')
  const fields = new Map(
    rest
      .join('')
      .split(',')
      .map((field) => {
        const at = field.indexOf('=')
        return [field.slice(0, at), field.slice(at + 1)]
      }),
  )
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) => fields.get(name))
  if (algorithm !== 'AWS4-HMAC-SHA256' || !credential || !signedHeaders || !signature) {
    throw new StsError(
      400,
      'IncompleteSignature',
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters of AWS4-HMAC-SHA256.",
    )
  }
  return { credential, signedHeaders: signedHeaders.split(';'), signature }
}

function checkScope(
  request: SignedRequest,
  scope: { date: string; region: string; service: string; end: string },
  signedHeaders: readonly string[],
  now: Date,
): void {
  const amzDate = request.headers.get('x-amz-date') ?? ''
  const time = timeOf(amzDate)
  if (time === undefined) {
    throw new StsError(400, 'IncompleteSignature', `Date must be in ISO-8601 'basic format'. Got '${amzDate}'.`)
  }
  if (scope.service !== 'sts') throw mismatch("Credential should be scoped to correct service: 'sts'. ")
  if (scope.end !== 'aws4_request') throw mismatch("Credential should be scoped with a valid terminator: 'aws4_request'. ")
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(scope.region)) throw mismatch('Credential should be scoped to a valid region. ')
  if (scope.date !== amzDate.slice(0, 8)) {
    throw mismatch(`Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}'`)
  }
  const [from, until] = [now.getTime() - fifteenMinutes, now.getTime() + fifteenMinutes].map(amzDateOf)
  if (time < now.getTime() - fifteenMinutes) {
    throw mismatch(`Signature expired: ${amzDate} is now earlier than ${from} (${amzDateOf(now.getTime())} - 15 min.)`)
  }
  if (time > now.getTime() + fifteenMinutes) {
    throw mismatch(`Signature not yet current: ${amzDate} is still later than ${until} (${amzDateOf(now.getTime())} + 15 min.)`)
  }
  // What is not signed could have been changed on its way: the host and every x-amz header must be.
  const needed = ['host', ...[...request.headers.keys()].filter((name) => name.startsWith('x-amz-'))]
  const missing = needed.filter((name) => !signedHeaders.includes(name))
  if (missing.length > 0) {
    throw mismatch(`'${missing[0]}' must be a 'SignedHeader' in the AWS Authorization.`)
  }
}

function canonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const [path = '/', query = ''] = request.url.split('?', 2)
  const parameters = [...new URLSearchParams(query)]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
  const headers = signedHeaders.map((name) => {
    const value = (request.headers.get(name) ?? '').trim().replace(/ +/g, ' ')
    return `${name}:${value}\n`
  })
  return [request.method, path, parameters, headers.join(''), signedHeaders.join(';'), sha256(request.body)].join('\n')
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

/** RFC 3986, as AWS asks for it: all but the unreserved characters. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** `20250131T120000Z` */
function amzDateOf(time: number): string {
  return `${new Date(time).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
}

/** Milliseconds since the epoch of `20250131T120000Z`; undefined when it is none. */
export function timeOf(amzDate: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second] = match
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}
