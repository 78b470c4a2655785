import { createHash } from 'node:crypto'
import { accountOf, type SandboxRole } from '../cloud.ts'
import type { CredentialStore, Issued } from '../credentials.ts'
import { accessDenied, type Elements, invalid, invalidToken } from './answer.ts'
import { checkAssertion } from './assertion.ts'

export interface StsState {
  readonly roles: readonly SandboxRole[]
  readonly store: CredentialStore
  /** The portal that the accounts' SAML providers stand for. */
  readonly trusted: { readonly issuer: string; readonly certificate: string }
  readonly now: () => Date
}

/** What an operation answers, and what the log is to say of it. */
export interface Outcome {
  readonly result: Elements
  readonly keyId: string
  readonly role?: string
}

/** IAM API: AssumeRoleWithSAML. Unsigned: the assertion is the proof. */
export async function assumeRoleWithSaml(parameters: URLSearchParams, state: StsState): Promise<Outcome> {
  const roleArn = required(parameters, 'RoleArn', 'roleArn', 20, 2048)
  const providerArn = required(parameters, 'PrincipalArn', 'principalArn', 20, 2048)
  const samlResponse = required(parameters, 'SAMLAssertion', 'sAMLAssertion', 4, 100_000)
  const duration = durationOf(parameters)
  if (!state.roles.some((role) => role.provider === providerArn)) throw invalidToken("Specified provider doesn't exist")
  const assertion = await checkAssertion(samlResponse, state.trusted, state.now())
  const role = state.roles.find((candidate) => candidate.arn === roleArn)
  const offered = assertion.pairs.some((pair) => pair.role === roleArn && pair.provider === providerArn)
  if (!offered || role?.provider !== providerArn) throw accessDenied('Not authorized to perform sts:AssumeRoleWithSAML')
  if (duration > role.maxSessionDuration) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  }
  const now = state.now().getTime()
  const issued = state.store.issue(
    role,
    assertion.sessionName,
    Math.min(now + duration * 1000, assertion.sessionNotOnOrAfter ?? Number.POSITIVE_INFINITY),
  )
  const qualifier = `${assertion.issuer}${accountOf(providerArn)}/${providerArn.split('/').at(-1)}`
  return {
    keyId: issued.accessKeyId,
    role: roleArn,
    result: [
      ...credentialsOf(issued),
      ['Issuer', assertion.issuer],
      ['Subject', assertion.subject],
      ['SubjectType', assertion.subjectType],
      ['Audience', assertion.recipient],
      ['NameQualifier', createHash('sha1').update(qualifier).digest('base64')],
      ['PackedPolicySize', '0'],
    ],
  }
}

/** IAM API: AssumeRole. All callers here have temporary credentials, so every call chains: one hour at most. */
export function assumeRole(parameters: URLSearchParams, state: StsState, caller: Issued): Outcome {
  const roleArn = required(parameters, 'RoleArn', 'roleArn', 20, 2048)
  const sessionName = required(parameters, 'RoleSessionName', 'roleSessionName', 2, 64)
  if (!/^[\w+=,.@-]*$/.test(sessionName)) {
    throw constraint(sessionName, 'roleSessionName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*')
  }
  const duration = durationOf(parameters)
  const role = state.roles.find((candidate) => candidate.arn === roleArn)
  if (!role?.trustedRoles?.includes(caller.role.arn)) {
    throw accessDenied(`User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`)
  }
  if (duration > 3600) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.')
  }
  const issued = state.store.issue(role, sessionName, state.now().getTime() + duration * 1000)
  return { keyId: issued.accessKeyId, role: roleArn, result: credentialsOf(issued) }
}

/** IAM API: GetCallerIdentity. Needs no permission, only a good signature. */
export function getCallerIdentity(caller: Issued): Outcome {
  return {
    keyId: caller.accessKeyId,
    result: [
      ['Arn', caller.arn],
      ['UserId', caller.userId],
      ['Account', caller.account],
    ],
  }
}

function credentialsOf(issued: Issued): Elements {
  return [
    [
      'AssumedRoleUser',
      [
        ['AssumedRoleId', issued.userId],
        ['Arn', issued.arn],
      ],
    ],
    [
      'Credentials',
      [
        ['AccessKeyId', issued.accessKeyId],
        ['SecretAccessKey', issued.secretAccessKey],
        ['SessionToken', issued.sessionToken],
        // AWS answers whole seconds.
        ['Expiration', new Date(issued.expires).toISOString().replace(/\.\d+Z$/, 'Z')],
      ],
    ],
  ]
}

function required(parameters: URLSearchParams, name: string, member: string, least: number, most: number): string {
  const value = parameters.get(name)
  if (value === null) {
    throw invalid(`1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`)
  }
  // The assertion is a secret, and longer than anybody would read.
  const shown = name === 'SAMLAssertion' ? '***' : value
  if (value.length < least) throw constraint(shown, member, `Member must have length greater than or equal to ${least}`)
  if (value.length > most) throw constraint(shown, member, `Member must have length less than or equal to ${most}`)
  return value
}

function durationOf(parameters: URLSearchParams): number {
  const text = parameters.get('DurationSeconds') ?? '3600'
  const seconds = Number(text)
  if (!/^\d+$/.test(text)) throw invalid(`DurationSeconds is not a number: ${text}`)
  if (seconds < 900) throw constraint(text, 'durationSeconds', 'Member must have value greater than or equal to 900')
  if (seconds > 43_200) throw constraint(text, 'durationSeconds', 'Member must have value less than or equal to 43200')
  return seconds
}

function constraint(value: string, member: string, what: string) {
  return invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${what}`)
}
