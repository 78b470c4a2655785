import { randomBytes } from 'node:crypto'
import samlify from 'samlify'
import type { Certificate } from '../certificates.ts'
import type { SandboxRole } from '../cloud.ts'
import { escaped } from '../server.ts'

export interface AssertionRequest {
  /** The entity id of the portal. */
  readonly issuer: string
  readonly signer: Certificate
  readonly now: Date
  /** The roles offered; those without a provider are left out. */
  readonly roles: readonly SandboxRole[]
  readonly sessionName: string
  readonly nameId: string
  readonly recipient: string
  readonly audience?: string
  /** Milliseconds until the assertion ends. */
  readonly lifetime?: number
}

export const awsAudience = 'urn:amazon:webservices'

/**
 * A SAMLResponse, base64, with one signed assertion as AWS wants it (IAM guide, "Configure SAML assertions for the
 * authentication response"). There is no InResponseTo: the portal was not asked by AWS.
 */
export async function samlResponseOf(request: AssertionRequest): Promise<string> {
  const idp = samlify.IdentityProvider({
    entityID: request.issuer,
    signingCert: request.signer.chain,
    privateKey: request.signer.key,
    singleSignOnService: [{ Binding: samlify.Constants.namespace.binding.post, Location: request.issuer }],
    // Not used; without it the library warns on stderr.
    singleLogoutService: [{ Binding: samlify.Constants.namespace.binding.post, Location: request.issuer }],
  })
  const sp = samlify.ServiceProvider({
    entityID: request.audience ?? awsAudience,
    wantAssertionsSigned: true,
    assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: request.recipient }],
  })
  const noRequest = { extract: {} }
  const { context } = await idp.createLoginResponse(
    sp,
    noRequest,
    'post',
    {},
    {
      customTagReplacement: () => ({ id: 'response', context: unsignedResponse(request) }),
    },
  )
  return context
}

const attributes = 'https://aws.amazon.com/SAML/Attributes'

/** The XML that is then signed. Both orders of role and provider occur in the wild, so both occur here. */
function unsignedResponse(request: AssertionRequest): string {
  const at = request.now.toISOString()
  const end = new Date(request.now.getTime() + (request.lifetime ?? 5 * 60_000)).toISOString()
  const id = () => `_${randomBytes(16).toString('hex')}`
  const issuer = `<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">${escaped(request.issuer)}</Issuer>`
  const pairs = request.roles
    .filter((role) => role.provider !== undefined)
    .map((role, index) => (index % 2 === 0 ? `${role.provider},${role.arn}` : `${role.arn},${role.provider}`))
  return [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="${id()}" Version="2.0" IssueInstant="${at}"`,
    ` Destination="${escaped(request.recipient)}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified">`,
    issuer,
    '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>',
    `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id()}" IssueInstant="${at}" Version="2.0">`,
    `<Issuer>${escaped(request.issuer)}</Issuer>`,
    `<Subject><NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${escaped(request.nameId)}</NameID>`,
    '<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    `<SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${escaped(request.recipient)}"/></SubjectConfirmation></Subject>`,
    `<Conditions NotBefore="${at}" NotOnOrAfter="${end}"><AudienceRestriction>`,
    `<Audience>${escaped(request.audience ?? awsAudience)}</Audience></AudienceRestriction></Conditions>`,
    '<AttributeStatement>',
    attribute(`${attributes}/RoleSessionName`, [request.sessionName]),
    attribute(`${attributes}/Role`, pairs),
    attribute(`${attributes}/SessionDuration`, ['28800']),
    '</AttributeStatement>',
    `<AuthnStatement AuthnInstant="${at}" SessionIndex="${id()}"><AuthnContext>`,
    '<AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</AuthnContextClassRef>',
    '</AuthnContext></AuthnStatement></Assertion></samlp:Response>',
  ].join('')
}

function attribute(name: string, values: readonly string[]): string {
  return `<Attribute Name="${name}">${values.map((value) => `<AttributeValue>${escaped(value)}</AttributeValue>`).join('')}</Attribute>`
}
