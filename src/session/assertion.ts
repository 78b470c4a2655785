import { AwsfedError } from '../base/errors.ts'
import { printable, shortened } from '../base/text.ts'
import { type Role, roleOfPair } from './roles.ts'
import { parseXml, type XmlElement } from './xml.ts'

export type { Role } from './roles.ts'

/** What a SAMLResponse says. Its signature is not verified here: STS does that, and gives nothing for a forged one. */
export interface AssertionFacts {
  /** The roles that it offers, in its order, each once. Empty when it is encrypted. */
  readonly roles: readonly Role[]
  readonly sessionName: string | undefined
  /** Seconds; the portal's wish for console sessions, not a DurationSeconds (IAM guide, "Configure SAML assertions"). */
  readonly sessionDuration: number | undefined
  /** When STS stops to take it: the earliest date that the assertion names. */
  readonly notOnOrAfter: Date | undefined
  /** Whether the roles cannot be seen because the assertion is encrypted for AWS. */
  readonly encrypted: boolean
  readonly issuer: string | undefined
}

const protocolNamespace = 'urn:oasis:names:tc:SAML:2.0:protocol'
const assertionNamespace = 'urn:oasis:names:tc:SAML:2.0:assertion'
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const attributePrefix = 'https://aws.amazon.com/SAML/Attributes/'

/**
 * Reads a SAMLResponse as a portal posts it.
 * @param samlResponse base64 of the XML, 4 to 100,000 characters (STS's limits); line breaks are allowed
 * @throws AwsfedError `refused` with the portal's own words when it says that the sign-in failed; `failed` when the text
 * is no SAML response. It throws nothing else, whatever the bytes.
 */
export function readAssertion(samlResponse: string): AssertionFacts {
  const response = parseXml(textOf(samlResponse), "the portal's SAMLResponse")
  if (!isOf(response, protocolNamespace, 'Response')) throw unreadable('is not a SAML 2.0 response')
  checkStatus(response)

  // Only direct children count: an assertion hidden in an extension or a signature is nobody's statement.
  const assertions = children(response, assertionNamespace, 'Assertion')
  const statements = assertions.flatMap((assertion) => children(assertion, assertionNamespace, 'AttributeStatement'))
  const values = (name: string) =>
    statements
      .flatMap((statement) => children(statement, assertionNamespace, 'Attribute'))
      .filter((attribute) => attribute.attributes.get('Name') === attributePrefix + name)
      .flatMap((attribute) => children(attribute, assertionNamespace, 'AttributeValue'))
      .map((value) => value.text.trim())

  const roles = new Map<string, Role>()
  for (const value of values('Role')) {
    const role = roleOfPair(value)
    if (role && !roles.has(`${role.role},${role.provider}`)) roles.set(`${role.role},${role.provider}`, role)
  }
  const encrypted =
    (assertions.length === 0 && children(response, assertionNamespace, 'EncryptedAssertion').length > 0) ||
    (roles.size === 0 && statements.some((one) => children(one, assertionNamespace, 'EncryptedAttribute').length > 0))
  if (assertions.length === 0 && !encrypted) throw unreadable('holds no assertion')

  const issuers = [...assertions, response].flatMap((element) => children(element, assertionNamespace, 'Issuer'))
  return {
    roles: [...roles.values()],
    sessionName: values('RoleSessionName').find((name) => /^[\w+=,.@-]{2,64}$/.test(name)),
    sessionDuration: values('SessionDuration').map(secondsOfAttribute).find(Boolean),
    notOnOrAfter: earliestEnd(assertions),
    encrypted,
    issuer: issuers.map((issuer) => issuer.text.trim()).find(Boolean),
  }
}

/** The XML in base64. */
function textOf(samlResponse: string): string {
  const base64 = samlResponse.replace(/[ \t\r\n]+/g, '')
  if (base64.length < 4) throw unreadable('is empty')
  if (base64.length > 100_000) throw unreadable('is longer than the 100,000 characters that STS takes')
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw unreadable('is not base64')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    throw unreadable('is not UTF-8') // the one thing that a fatal decoder throws for
  }
}

/** SAML core 3.2.2: anything but Success at the top is a refusal, which the portal may explain. */
function checkStatus(response: XmlElement): void {
  const [status] = children(response, protocolNamespace, 'Status')
  const [code] = status ? children(status, protocolNamespace, 'StatusCode') : []
  const top = code?.attributes.get('Value')
  if (!status || !code || top === undefined || top === success) return
  const inner = children(code, protocolNamespace, 'StatusCode')[0]?.attributes.get('Value')
  const words = children(status, protocolNamespace, 'StatusMessage')[0]?.text.trim()
  const reason = shortened(printable((inner ?? top).split(':').at(-1) ?? ''), 80)
  const message = words ? `${shortened(printable(words), 300)} (${reason})` : reason
  throw new AwsfedError('refused', `the portal refused the sign-in: ${message}`, {
    hint: 'sign in where you can see why: `awsfed login --window`; else ask those who run the portal',
  })
}

/** The earliest end among the conditions and the subject confirmations (SAML core 2.4.1.2 and 2.5.1). */
function earliestEnd(assertions: readonly XmlElement[]): Date | undefined {
  const confirmed = assertions
    .flatMap((assertion) => children(assertion, assertionNamespace, 'Subject'))
    .flatMap((subject) => children(subject, assertionNamespace, 'SubjectConfirmation'))
    .flatMap((confirmation) => children(confirmation, assertionNamespace, 'SubjectConfirmationData'))
  const conditions = assertions.flatMap((assertion) => children(assertion, assertionNamespace, 'Conditions'))
  const ends = [...confirmed, ...conditions]
    .map((element) => dateOf(element.attributes.get('NotOnOrAfter')))
    .filter((date) => date !== undefined)
  return ends.length === 0 ? undefined : new Date(Math.min(...ends.map(Number)))
}

/** An xs:dateTime; SAML core 1.3.3 has them in UTC, with or without the zone. */
function dateOf(text: string | undefined): Date | undefined {
  const zone = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(text?.trim() ?? '')
  if (!zone) return undefined
  const date = new Date(zone[1] === undefined ? `${zone[0]}Z` : zone[0])
  return Number.isNaN(date.getTime()) ? undefined : date
}

function secondsOfAttribute(text: string): number | undefined {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0
  return seconds >= 900 && seconds <= 43_200 ? seconds : undefined
}

function children(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return element.children.filter((child) => isOf(child, namespace, name))
}

/** By local name and namespace, since prefixes vary; home-made portals that leave the namespace out are understood too. */
function isOf(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && (element.namespace === namespace || element.namespace === '')
}

function unreadable(why: string): AwsfedError {
  return new AwsfedError('failed', `the portal's SAMLResponse ${why}`, {
    hint: 'sign in where you can watch it: `awsfed login --window`',
  })
}
