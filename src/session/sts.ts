import type { STSClient } from '@aws-sdk/client-sts'
import { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import { agentForAws } from './agent.ts'
import type { Session } from './cache.ts'
import { stsEndpoint } from './stsEndpoint.ts'
import { type CallContext, errorOfSts, isTooLong, notSts } from './stsErrors.ts'

/** Where a call goes, and for whom. */
export interface StsCall {
  readonly region: string
  /** For hints only. */
  readonly profile: string
  readonly signal?: AbortSignal | undefined
}

/** What STS gives for a role. The dates are ISO 8601 in UTC. */
export type Assumed = Pick<Session, 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'expiration' | 'arn' | 'account'>

/** STS's word that the duration is above the role's maximum, which it does not name. */
export interface TooLong {
  readonly tooLong: AwsfedError
}

/** The keys that a signed call is signed with. */
export type Keys = Pick<Session, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>

const second = 1000

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

type StsModule = typeof import('@aws-sdk/client-sts')

async function withClient<T>(
  world: World,
  call: StsCall,
  keys: Keys | undefined,
  act: (sts: StsModule, client: STSClient, abortSignal: AbortSignal, context: CallContext) => Promise<T>,
): Promise<T> {
  const endpoint = stsEndpoint(world)
  const agent = agentForAws(world.env)
  // The three fields alone: what else a session has, the SDK would take for its own.
  const credentials = {
    accessKeyId: keys?.accessKeyId ?? '',
    secretAccessKey: keys?.secretAccessKey ?? '',
    ...(keys && { sessionToken: keys.sessionToken }),
  }
  // The SDK tells of the Node versions that it will stop to support, in the middle of somebody's `git push`.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const sts = await import('@aws-sdk/client-sts')
  // Every setting that the SDK would else look for in ~/.aws, which may be absent, broken or of somebody else's tools.
  const client = new sts.STSClient({
    region: call.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ignoreConfiguredEndpointUrls: true,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    disableClockSkewCorrection: false,
    defaultsMode: 'standard',
    retryMode: 'standard',
    maxAttempts: 3,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    userAgentAppId: '',
    credentials,
    requestHandler: {
      httpsAgent: agent,
      connectionTimeout: 10 * second,
      requestTimeout: 20 * second,
      throwOnRequestTimeout: true,
      socketTimeout: 20 * second,
    },
  })
  const limit = AbortSignal.timeout(60 * second)
  const signal = call.signal === undefined ? limit : AbortSignal.any([call.signal, limit])
  const context: CallContext = {
    profile: call.profile,
    host: endpoint === undefined ? `STS of ${call.region}` : new URL(endpoint).host,
    redact: world.redactor.redact,
  }
  world.trace(`sts: ${endpoint ?? `region ${call.region}`}`)
  try {
    return await act(sts, client, signal, context)
  } catch (error) {
    if (call.signal?.aborted) throw cancelled(call.signal)
    throw errorOfSts(error, context)
  } finally {
    client.destroy()
  }
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
 * What goes on to git's protocol, to shells and files is checked where it comes in: printable ASCII, of the shapes that
 * AWS documents (STS API, "Credentials").
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
    secretAccessKey: checked(SecretAccessKey, /^[\x21-\x7e]{8,}$/),
    sessionToken: checked(SessionToken, /^[\x21-\x7e]{8,}$/),
    expiration: Expiration.toISOString(),
    arn,
    account: arn.split(':')[4] ?? '',
  }
}

function cancelled(signal: AbortSignal): AwsfedError {
  return signal.reason instanceof AwsfedError
    ? signal.reason
    : new AwsfedError('cancelled', 'the login was cancelled', { cause: signal.reason })
}
