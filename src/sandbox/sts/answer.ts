import { escaped } from '../server.ts'

/** Elements in their order; a list of pairs nests. */
export type Elements = readonly (readonly [string, string | Elements])[]

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/'

function xmlOf(elements: Elements): string {
  return elements
    .map(([name, value]) => `<${name}>${typeof value === 'string' ? escaped(value) : xmlOf(value)}</${name}>`)
    .join('')
}

/** AWS's answer to `action` in the Query protocol. */
export function resultXml(action: string, result: Elements, requestId: string): string {
  const body = xmlOf([
    [`${action}Result`, result],
    ['ResponseMetadata', [['RequestId', requestId]]],
  ])
  return `<${action}Response xmlns="${namespace}">${body}</${action}Response>\n`
}

/** A refusal, with the code, the status and the words that AWS answers. */
export class StsError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }

  xml(requestId: string): string {
    const body = xmlOf([
      [
        'Error',
        [
          ['Type', this.status < 500 ? 'Sender' : 'Receiver'],
          ['Code', this.code],
          ['Message', this.message],
        ],
      ],
      ['RequestId', requestId],
    ])
    return `<ErrorResponse xmlns="${namespace}">${body}</ErrorResponse>\n`
  }
}

export const invalidToken = (message: string) => new StsError(400, 'InvalidIdentityToken', message)
export const accessDenied = (message: string) => new StsError(403, 'AccessDenied', message)
export const invalid = (message: string) => new StsError(400, 'ValidationError', message)
export const tokenExpired = (message: string) => new StsError(400, 'ExpiredTokenException', message)
