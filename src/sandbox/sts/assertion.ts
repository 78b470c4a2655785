import { SAML } from '@node-saml/node-saml'
import { awsAudience } from '../portal/assertion.ts'
import { invalidToken, tokenExpired } from './answer.ts'

/** What a checked assertion says; all of it stood under the portal's signature. */
export interface CheckedAssertion {
  readonly issuer: string
  readonly subject: string
  readonly subjectType: string
  readonly recipient: string
  readonly sessionName: string
  readonly pairs: readonly { readonly role: string; readonly provider: string }[]
  /** Milliseconds since the epoch; undefined when the assertion sets no limit to the session. */
  readonly sessionNotOnOrAfter: number | undefined
}

const fiveMinutes = 5 * 60_000
const attributes = 'https://aws.amazon.com/SAML/Attributes'
const recipients = /^https:\/\/([a-z0-9-]+\.)?signin\.aws\.amazon\.com(:443)?\/saml(\/acs\/SAMLSP[A-Z0-9]+)?$/

/**
 * Checks a SAMLResponse as AWS does (IAM guide, "Configure SAML assertions" and "Troubleshoot SAML federation").
 * The signature is checked by @node-saml; everything else is read from what that signature covers, and nothing else.
 * @throws StsError
 */
export async function checkAssertion(
  samlResponse: string,
  trusted: { issuer: string; certificate: string },
  now: Date,
): Promise<CheckedAssertion> {
  const xml = decoded(samlResponse)
  const assertion = await signedAssertion(xml, trusted.certificate)
  const issuer = textOf(assertion.first('Issuer')?.value)
  if (issuer !== trusted.issuer) throw invalidToken('Issuer not present in specified provider')

  const issued = instantOf(assertion.attribute('IssueInstant'))
  if (issued === undefined) throw invalidToken('IssueInstant is missing or no time')
  if (now.getTime() - issued > fiveMinutes) throw tokenExpired('Token must be redeemed within 5 minutes of issuance')
  const conditions = assertion.first('Conditions')
  const confirmation = assertion.first('Subject')?.first('SubjectConfirmation')?.first('SubjectConfirmationData')
  for (const limits of [conditions, confirmation]) checkPeriod(limits, now)

  const audiences = (conditions?.all('AudienceRestriction') ?? []).flatMap((restriction) =>
    restriction.all('Audience').map((audience) => textOf(audience.value)),
  )
  if (!audiences.some((audience) => audience === awsAudience || recipients.test(audience))) {
    throw invalidToken('Response does not contain the required audience.')
  }
  const recipient = confirmation?.attribute('Recipient') ?? ''
  if (!recipients.test(recipient)) throw invalidToken('Response does not contain the required recipient.')

  const values = attributeValues(assertion)
  const [sessionName] = values.get(`${attributes}/RoleSessionName`) ?? []
  if (sessionName === undefined) throw invalidToken('RoleSessionName is required in AuthnResponse')
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw invalidToken('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}')
  }
  const nameId = assertion.first('Subject')?.first('NameID')
  return {
    issuer,
    subject: textOf(nameId?.value),
    subjectType: nameId?.attribute('Format')?.split(':').at(-1) ?? 'unspecified',
    recipient,
    sessionName,
    pairs: (values.get(`${attributes}/Role`) ?? []).flatMap(pairOf),
    sessionNotOnOrAfter: instantOf(assertion.first('AuthnStatement')?.attribute('SessionNotOnOrAfter')),
  }
}

function decoded(samlResponse: string): string {
  const bytes = Buffer.from(samlResponse, 'base64')
  if (bytes.length === 0 || bytes.toString('base64') !== samlResponse.replace(/\s/g, '')) {
    throw invalidToken('Invalid base64 SAMLResponse')
  }
  const xml = bytes.toString('utf8')
  // SAML forbids document types (saml-core, 1.3); with them go entities.
  if (/<!(DOCTYPE|ENTITY)/i.test(xml)) throw invalidToken('Invalid SAMLResponse: document types are not allowed')
  return xml
}

/** The assertion as its signature covers it. Times are left to the caller, who has the clock. */
async function signedAssertion(xml: string, certificate: string): Promise<Element> {
  const saml = new SAML({
    idpCert: certificate,
    issuer: awsAudience,
    callbackUrl: 'https://signin.aws.amazon.com/saml',
    audience: false,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: -1,
  })
  let profile: { getAssertion?(): Record<string, unknown> } | null
  try {
    const response = { SAMLResponse: Buffer.from(xml).toString('base64') }
    profile = (await saml.validatePostResponseAsync(response)).profile
  } catch {
    // AWS tells no more than this, whatever was wrong.
    throw invalidToken('Response signature invalid')
  }
  const assertion = new Element(profile?.getAssertion?.()).first('Assertion')
  if (!assertion) throw invalidToken('Response signature invalid')
  return assertion
}

function checkPeriod(limits: Element | undefined, now: Date): void {
  const after = limits?.attribute('NotOnOrAfter')
  if (after !== undefined && now.getTime() >= (instantOf(after) ?? 0)) throw tokenExpired('Response has expired')
  const before = instantOf(limits?.attribute('NotBefore'))
  // Portals' clocks differ from AWS's by some minutes.
  if (before !== undefined && now.getTime() < before - fiveMinutes) throw invalidToken('Response is not yet valid')
}

function attributeValues(assertion: Element): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const statement of assertion.all('AttributeStatement')) {
    for (const attribute of statement.all('Attribute')) {
      const texts = attribute.all('AttributeValue').map((value) => textOf(value.value).trim())
      values.set(attribute.attribute('Name') ?? '', texts)
    }
  }
  return values
}

/** `role,provider` or `provider,role`. */
function pairOf(text: string): { role: string; provider: string }[] {
  const parts = text.split(',').map((part) => part.trim())
  const role = parts.find((part) => part.includes(':role/'))
  const provider = parts.find((part) => part.includes(':saml-provider/'))
  return role !== undefined && provider !== undefined && parts.length === 2 ? [{ role, provider }] : []
}

function instantOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const text = typeof value === 'object' && value !== null && '_' in value ? value._ : undefined
  return typeof text === 'string' ? text : ''
}

/** An element as xml2js gives it: `$` its attributes, `_` its text, each child's name a list; without prefixes. */
class Element {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }

  all(name: string): Element[] {
    const children = this.#get(name)
    if (children === undefined) return []
    return (Array.isArray(children) ? children : [children]).map((child) => new Element(child))
  }

  first(name: string): Element | undefined {
    return this.all(name)[0]
  }

  attribute(name: string): string | undefined {
    const value = new Element(this.#get('$')).#get(name)
    return typeof value === 'string' ? value : undefined
  }

  #get(name: string): unknown {
    const { value } = this
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
  }
}
