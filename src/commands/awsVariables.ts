import type { Environment } from '../base/paths.ts'
import type { Session } from '../session/cache.ts'

/** Variables that name other credentials, or where to get them: beside ours they would win or contradict. */
const others = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SECURITY_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const

/** What `awsVariables` sets, and `awsfed env --unset` takes away again. */
export const ourVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
] as const

/** The variables that the AWS SDKs and tools read, for `session`; the region only where the profile has one. */
export function awsVariables(session: Session, region: string | undefined): [name: string, value: string][] {
  return [
    ['AWS_ACCESS_KEY_ID', session.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', session.secretAccessKey],
    ['AWS_SESSION_TOKEN', session.sessionToken],
    ['AWS_CREDENTIAL_EXPIRATION', session.expiration],
    ...(region === undefined
      ? []
      : ([
          ['AWS_REGION', region],
          ['AWS_DEFAULT_REGION', region],
        ] as [string, string][])),
  ]
}

/** `env` with the credentials of `session` and none beside them; git inside it uses the same profile. */
export function environmentWith(env: Environment, session: Session, region: string | undefined): Record<string, string> {
  const gone = new Set<string>(others)
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !gone.has(entry[0].toUpperCase()),
  )
  return { ...Object.fromEntries(kept), ...Object.fromEntries(awsVariables(session, region)), AWSFED_PROFILE: session.profile }
}
