/** A host of CodeCommit. */
export interface CodeCommitHost {
  /** As it was given, without the port: what a client sends as its Host header, and what the signature covers. */
  readonly name: string
  /** In lower case. */
  readonly region: string
  readonly fips: boolean
  /** Whether it is a VPC endpoint's (`vpce-….git-codecommit.REGION.vpce.amazonaws.com`). */
  readonly vpce: boolean
}

// Anchored on both ends and without dots in any part: `…amazonaws.com.evil.com` and `…amazonaws.com:443@evil.com` are no
// hosts of ours. Regions as the CodeCommit guide lists them: us-east-1, us-gov-west-1, cn-north-1, us-iso-east-1.
const form =
  /^(?:(vpce-[a-z0-9-]{1,58})\.)?git-codecommit(-fips)?\.([a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2})(\.vpce)?\.amazonaws\.com(?:\.cn)?$/i

/**
 * What the `host` attribute of git's protocol names, or undefined when that is no host of CodeCommit. Any case; of ports
 * only 443, which is what https means anyway.
 */
export function parseHost(host: string): CodeCommitHost | undefined {
  const name = host.endsWith(':443') ? host.slice(0, -4) : host
  const match = form.exec(name)
  if (!match) return undefined
  const [, endpoint, fips, region = '', vpce] = match
  if ((endpoint === undefined) !== (vpce === undefined)) return undefined
  return { name, region: region.toLowerCase(), fips: fips !== undefined, vpce: vpce !== undefined }
}
