import { AwsfedError, type FailureKind } from '../base/errors.ts'
import { printable, shortened } from '../base/text.ts'
import { networkError } from './networkErrors.ts'

/** What a call was about, for hints. */
export interface CallContext {
  /** The profile whose session is wanted. */
  readonly profile: string
  /** The host that was called. */
  readonly host: string
  /** Makes AWS's words safe to show. */
  readonly redact: (text: string) => string
}

interface Meaning {
  /** STS's error codes, without the suffix `Exception` that the model gives some of them. */
  readonly codes: readonly string[]
  /** Which of that code's messages; any when absent. */
  readonly words?: RegExp
  readonly kind: FailureKind
  readonly meaning: string
  readonly hint: (context: CallContext) => string
}

const loginAgain = ({ profile }: CallContext) => `log in again: \`awsfed login -p ${profile} --force\``
const askPortal = 'ask those who run the portal'

/** STS's errors and what they mean for the one who reads them; the first row that fits holds. */
const meanings: readonly Meaning[] = [
  {
    codes: ['ExpiredToken'],
    words: /security token/i,
    kind: 'refused',
    meaning: 'AWS says that the session this one comes from has ended',
    hint: ({ profile }) => `log in again to what it comes from: \`awsfed login -p ${profile} --force\``,
  },
  {
    codes: ['ExpiredToken'],
    kind: 'refused',
    meaning: 'AWS says that the assertion is too old: the login took too long, or a clock is wrong',
    hint: (context) => `${loginAgain(context)}; if it comes again, set the clock of this machine, or have the portal's set`,
  },
  {
    codes: ['InvalidIdentityToken'],
    words: /provider doesn'?t exist|no openidconnect provider|provider .*not found/i,
    kind: 'refused',
    meaning: 'AWS does not know the SAML provider: it is of another partition or account, or its ARN is wrong',
    hint: ({ profile }) => `check provider and role of [profile.${profile}]; \`awsfed roles\` lists what the portal offers`,
  },
  {
    codes: ['InvalidIdentityToken', 'IDPRejectedClaim'],
    kind: 'refused',
    meaning: "AWS does not accept the portal's claim: its RoleSessionName, signature or audience is wrong",
    hint: () => `${askPortal}: their metadata at AWS may be out of date`,
  },
  {
    codes: ['AccessDenied'],
    words: /sts:TagSession/,
    kind: 'refused',
    meaning: "AWS denies the role: its trust policy does not allow the portal's session tags",
    hint: () => "the trust policy of the role must allow sts:TagSession: ask those who run the account's roles",
  },
  {
    codes: ['AccessDenied'],
    words: /sts:SetSourceIdentity/,
    kind: 'refused',
    meaning: "AWS denies the role: its trust policy does not allow the portal's source identity",
    hint: () => "the trust policy of the role must allow sts:SetSourceIdentity: ask those who run the account's roles",
  },
  {
    codes: ['AccessDenied'],
    kind: 'refused',
    meaning: 'AWS denies the role: its trust policy does not let you in',
    hint: ({ profile }) =>
      `check role and provider of [profile.${profile}] (\`awsfed roles\`); else ask those who run the account's roles: trust policy, sts:TagSession, sts:SetSourceIdentity, NameID`,
  },
  {
    codes: ['RegionDisabled'],
    kind: 'refused',
    meaning: 'STS is switched off in that region for this account',
    hint: ({ profile }) => `set another region in [profile.${profile}], such as us-east-1, or have STS switched on there`,
  },
  {
    codes: ['PackedPolicyTooLarge'],
    kind: 'refused',
    meaning: 'AWS says that the session tags of the assertion are too large together',
    hint: () => `${askPortal} to send fewer or shorter PrincipalTag attributes`,
  },
  {
    codes: ['MalformedPolicyDocument'],
    kind: 'refused',
    meaning: 'AWS says that the session policy or tags of the assertion are malformed',
    hint: () => `${askPortal} to correct the PrincipalTag attributes`,
  },
  {
    codes: ['ValidationError'],
    words: /duration/i,
    kind: 'refused',
    meaning: 'AWS does not give a session of that length',
    hint: ({ profile }) => `set a duration from 15m to 12h, at most the role's maximum, in [profile.${profile}]`,
  },
  {
    codes: ['ValidationError'],
    kind: 'refused',
    meaning: 'AWS finds a part of the request wrong',
    hint: ({ profile }) => `check role and provider of [profile.${profile}]`,
  },
  {
    codes: ['InvalidClientTokenId', 'UnrecognizedClient', 'InvalidToken'],
    kind: 'refused',
    meaning: 'AWS does not know the session that the call was signed with',
    hint: loginAgain,
  },
  {
    codes: ['SignatureDoesNotMatch', 'InvalidSignature', 'RequestExpired', 'RequestTimeTooSkewed'],
    kind: 'refused',
    meaning: 'AWS does not accept the signature of the call: most often the clock of this machine is wrong',
    hint: (context) => `set the clock, then ${loginAgain(context)}`,
  },
  {
    codes: [
      'Throttling',
      'Throttled',
      'ThrottledException',
      'RequestLimitExceeded',
      'TooManyRequests',
      'RequestThrottled',
      'SlowDown',
    ],
    kind: 'failed',
    meaning: 'AWS had too many calls to answer this one',
    hint: () => 'try again in a minute',
  },
]

/** Whether STS said that the duration is above what the role, or a chained session, may have. */
export function isTooLong(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'ValidationError' &&
    /DurationSeconds exceeds|durationSeconds' failed to satisfy constraint: Member must have value less than/i.test(error.message)
  )
}

/** What the SDK threw, turned into its meaning. AWS's own words stay in the message, made printable and redacted. */
export function errorOfSts(error: unknown, context: CallContext): AwsfedError {
  if (error instanceof AwsfedError) return error
  if (!(error instanceof Error)) return notSts(error, context, undefined)
  const status = statusOf(error)
  const network = networkError(error, context.host)
  if (network) return network
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return new AwsfedError('failed', `${context.host} did not answer in time`, {
      hint: 'check the network and its proxy, then try again',
      cause: error,
    })
  }
  // Answers without one of AWS's codes: a proxy's or a captive portal's page, or none of STS at all.
  if (status === undefined || status < 400 || error.name === 'Error' || /^(Unknown|UnknownError|NotFound)$/.test(error.name)) {
    return notSts(error, context, status)
  }
  const code = error.name.replace(/Exception$/, '')
  const words = shortened(printable(context.redact(error.message)), 400)
  const said = `${words} (${shortened(printable(error.name), 80)})`
  const row = meanings.find(({ codes, words: pattern }) => codes.includes(code) && (pattern?.test(error.message) ?? true))
  if (row) return new AwsfedError(row.kind, `${row.meaning}. AWS: ${said}`, { hint: row.hint(context), cause: error })
  if (status >= 500) {
    return new AwsfedError('failed', `AWS could not answer. AWS: ${said}`, { hint: 'try again in a minute', cause: error })
  }
  return new AwsfedError('refused', `AWS refused. AWS: ${said}`, {
    hint: `check [profile.${context.profile}]; \`awsfed roles\` lists what the portal offers`,
    cause: error,
  })
}

/** An answer that is not of STS: HTML of a proxy, an empty body, credentials without their parts. */
export function notSts(cause: unknown, { host }: CallContext, status: number | undefined): AwsfedError {
  const how = status === undefined ? '' : ` (HTTP ${status})`
  return new AwsfedError('failed', `${host} answered what is no answer of STS${how}`, {
    hint: 'something between here and AWS may answer in its place: check the network, its proxy, and AWS_ENDPOINT_URL_STS',
    cause,
  })
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined
  const { httpStatusCode } = error.$metadata as { httpStatusCode?: unknown }
  return typeof httpStatusCode === 'number' ? httpStatusCode : undefined
}
