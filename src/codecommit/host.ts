/** A host of CodeCommit. */
export interface CodeCommitHost {
  /** In lower case and without the port: the canonical form of a host (RFC 3986, 6.2.2.1), which the signature covers. */
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
  const match = form.exec(host.endsWith(':443') ? host.slice(0, -4) : host)
  if (!match) return undefined
  // Lower-cased only now: what has matched is ASCII, and no letter of another alphabet that folds into it.
  const [name = '', endpoint, fips, region = '', vpce] = match.map((part) => part?.toLowerCase())
  if ((endpoint === undefined) !== (vpce === undefined)) return undefined
  return { name, region, fips: fips !== undefined, vpce: vpce !== undefined }
}
