import type { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import type { Session } from './cache.ts'
import { type Keys, type StsCall, withClient } from './stsClient.ts'
import { type CallContext, errorOfSts, isTooLong, notSts } from './stsErrors.ts'

/** What STS gives for a role. The dates are ISO 8601 in UTC. */
export type Assumed = Pick<Session, 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'expiration' | 'arn' | 'account'>

/** STS's word that the duration is above the role's maximum, which it does not name. */
export interface TooLong {
  readonly tooLong: AwsfedError
}

/**
 * AssumeRoleWithSAML: unsigned, so no credentials are looked for.
 * @param seconds 900 to 43,200
 * @throws AwsfedError `refused` for AWS's no, `failed` for the network, `cancelled` when the signal fires
 */
export function assumeRoleWithSaml(
  world: World,
  call: StsCall,
  request: { role: string; provider: string; samlResponse: string; seconds: number },
): Promise<Assumed | TooLong> {
  return withClient(world, call, undefined, async (sts, client, abortSignal, context) => {
    const command = new sts.AssumeRoleWithSAMLCommand({
      RoleArn: request.role,
      PrincipalArn: request.provider,
      SAMLAssertion: request.samlResponse,
      DurationSeconds: request.seconds,
    })
    return assumedOrTooLong(() => client.send(command, { abortSignal }), context)
  })
}

/** AssumeRole with the keys of another session: at most an hour (IAM guide, "Role chaining"). Errors as `assumeRoleWithSaml`. */
export function assumeRole(
  world: World,
  call: StsCall,
  keys: Keys,
  request: { role: string; sessionName: string; seconds: number },
): Promise<Assumed | TooLong> {
  return withClient(world, call, keys, async (sts, client, abortSignal, context) => {
    const command = new sts.AssumeRoleCommand({
      RoleArn: request.role,
      RoleSessionName: request.sessionName,
      DurationSeconds: request.seconds,
    })
    return assumedOrTooLong(() => client.send(command, { abortSignal }), context)
  })
}

/** GetCallerIdentity: whose keys these are, and whether AWS takes them. Errors as `assumeRoleWithSaml`. */
export function callerIdentity(world: World, call: StsCall, keys: Keys): Promise<{ arn: string; account: string }> {
  return withClient(world, call, keys, async (sts, client, abortSignal, context) => {
    const answer = await client.send(new sts.GetCallerIdentityCommand({}), { abortSignal })
    const { Arn: arn = '', Account: account = '' } = answer
    if (!/^arn:[\x21-\x7e]+$/.test(arn) || !/^\d{12}$/.test(account)) throw notSts(undefined, context, undefined)
    return { arn, account }
  })
}

async function assumedOrTooLong(send: () => Promise<Answer>, context: CallContext): Promise<Assumed | TooLong> {
  try {
    return assumedOf(await send(), context)
  } catch (error) {
    if (isTooLong(error)) return { tooLong: errorOfSts(error, context) }
    throw error
  }
}

interface Answer {
  Credentials?:
    | {
        AccessKeyId: string | undefined
        SecretAccessKey: string | undefined
        SessionToken: string | undefined
        Expiration: Date | undefined
      }
    | undefined
  AssumedRoleUser?: { Arn: string | undefined } | undefined
}

/**
 * What goes on to git's protocol, to shells and files is checked where it comes in: printable ASCII, and of the shape that
 * AWS documents where it documents one (STS API, "Credentials").
 */
function assumedOf(answer: Answer, context: CallContext): Assumed {
  const checked = (value: string | undefined, shape: RegExp) => {
    if (value === undefined || !shape.test(value)) throw notSts(undefined, context, undefined)
    return value
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
  if (!Expiration || Number.isNaN(Expiration.getTime())) throw notSts(undefined, context, undefined)
  const arn = checked(answer.AssumedRoleUser?.Arn, /^arn:aws[a-z-]*:sts::\d{12}:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+$/)
  return {
    accessKeyId: checked(AccessKeyId, /^\w{16,128}$/),
    secretAccessKey: checked(SecretAccessKey, /^[\x21-\x7e]+$/),
    sessionToken: checked(SessionToken, /^[\x21-\x7e]+$/),
    expiration: Expiration.toISOString(),
    arn,
    account: arn.split(':')[4] ?? '',
  }
}
