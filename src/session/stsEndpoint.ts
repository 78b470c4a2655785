import { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import { partitionOfAcs } from './acs.ts'
import { partitionOfRegion, partitions } from './partitions.ts'

/**
 * The region whose STS is called: the profile's, else that of the ACS, if they are of the role's partition, which alone
 * knows the role; else that partition's default.
 */
export function stsRegion(partition: string, profileRegion: string | undefined, acs: string | undefined): string {
  const acsRegion = acs === undefined ? undefined : partitionOfAcs(acs)?.region
  const fitting = [profileRegion, acsRegion].find((region) => region !== undefined && partitionOfRegion(region) === partition)
  const known = partitions.find(({ name }) => name === partition)
  // A partition that is not in the table (an isolated one) can only be reached by a configured region.
  return fitting ?? known?.defaultRegion ?? profileRegion ?? 'us-east-1'
}

/**
 * The endpoint that the environment sets, or undefined: the service's variable, then the general one (AWS SDKs guide,
 * "Service-specific endpoints").
 */
export function stsEndpoint(world: World): string | undefined {
  for (const variable of ['AWS_ENDPOINT_URL_STS', 'AWS_ENDPOINT_URL']) {
    const endpoint = world.env[variable]
    if (!endpoint) continue
    if (!/^https?:\/\/[^/]/i.test(endpoint) || !URL.canParse(endpoint)) {
      throw new AwsfedError('failed', `${variable} is not an http(s) URL`, { hint: `correct or unset ${variable}` })
    }
    const { protocol, hostname } = new URL(endpoint)
    if (protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) {
      world.say(`warning: ${variable} is plain http: the assertion and the session cross the network in the clear`)
    }
    return endpoint
  }
  return undefined
}
