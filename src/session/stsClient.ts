import type { Agent } from 'node:https'
import type { STSClient, STSClientConfig } from '@aws-sdk/client-sts'
import { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import { httpsAgent } from './agent.ts'
import type { Session } from './cache.ts'
import { stsEndpoint } from './stsEndpoint.ts'
import { type CallContext, errorOfSts } from './stsErrors.ts'

/** Where a call goes, and for whom. */
export interface StsCall {
  readonly region: string
  /** For hints only. */
  readonly profile: string
  readonly signal?: AbortSignal | undefined
  /** The proxy of the portal that the session comes from; the environment's where there is none. */
  readonly proxy?: string | undefined
}

/** The keys that a signed call is signed with. */
export type Keys = Pick<Session, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>

const second = 1000

type StsModule = typeof import('@aws-sdk/client-sts')

/** Loads what calls to STS need, which takes a while: to be called where a login waits for something else anyway. */
export function loadSts(): Promise<unknown> {
  return import('@aws-sdk/client-sts')
}

/**
 * What `act` makes of a client of STS, which is closed after it. Every call ends within a minute, retries included.
 * @param keys none for calls that are not signed: no credentials are looked for
 * @throws AwsfedError `refused` for AWS's no, `failed` for the network, `cancelled` when the call's signal fires
 */
export async function withClient<T>(
  world: World,
  call: StsCall,
  keys: Keys | undefined,
  act: (sts: StsModule, client: STSClient, abortSignal: AbortSignal, context: CallContext) => Promise<T>,
): Promise<T> {
  const endpoint = stsEndpoint(world)
  const sts = await import('@aws-sdk/client-sts')
  const client = clientOf(sts, call.region, endpoint, httpsAgent(world.env, call.proxy), keys)
  const limit = AbortSignal.timeout(60 * second)
  const signal = call.signal === undefined ? limit : AbortSignal.any([call.signal, limit])
  const context: CallContext = {
    profile: call.profile,
    host: endpoint === undefined ? `STS of ${call.region}` : new URL(endpoint).host,
    redact: world.redactor.redact,
  }
  world.trace(`sts: ${context.host}, region ${call.region}`)
  try {
    return await act(sts, client, signal, context)
  } catch (error) {
    if (call.signal?.aborted) throw cancelled(call.signal)
    throw errorOfSts(error, context)
  } finally {
    client.destroy()
  }
}

function clientOf(
  sts: StsModule,
  region: string,
  endpoint: string | undefined,
  httpsAgent: Agent,
  keys: Keys | undefined,
): STSClient {
  // The three fields alone: what else a session has, the SDK would take for its own.
  const credentials = {
    accessKeyId: keys?.accessKeyId ?? '',
    secretAccessKey: keys?.secretAccessKey ?? '',
    ...(keys && { sessionToken: keys.sessionToken }),
  }
  // Every setting that the SDK would else look for in ~/.aws, which may be absent, broken or of somebody else's tools.
  const settings: STSClientConfig = {
    region,
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
      httpsAgent,
      connectionTimeout: 10 * second,
      requestTimeout: 20 * second,
      throwOnRequestTimeout: true,
      socketTimeout: 20 * second,
    },
  }
  // At its first start the SDK writes to stderr which Node versions it will stop to support: in the middle of somebody's
  // `git push`. The variable is its own switch; programs that awsfed starts later must not inherit it.
  const name = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'
  const before = process.env[name]
  process.env[name] = 'true'
  try {
    return new sts.STSClient(settings)
  } finally {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  }
}

function cancelled(signal: AbortSignal): AwsfedError {
  return signal.reason instanceof AwsfedError
    ? signal.reason
    : new AwsfedError('cancelled', 'the login was cancelled', { cause: signal.reason })
}
