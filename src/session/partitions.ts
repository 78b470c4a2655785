/** A partition of AWS: its own accounts, its own sign-in and its own STS. */
interface Partition {
  /** As it stands in an ARN: `arn:NAME:iam::…`. */
  readonly name: string
  /** Where portals post assertions to; `REGION.` may stand before it. */
  readonly signInHost: string
  /** The region whose STS is called when nothing says which. */
  readonly defaultRegion: string
  /** Which regions are its own. */
  readonly regions: RegExp
  /** Those that there are today, for lists that take no pattern. */
  readonly knownRegions: readonly string[]
}

/**
 * The partitions that have a public sign-in (IAM guide, "AWS Sign-In endpoints"). The regions of `aws` are all that no
 * other partition claims, so that a new one needs no new version.
 */
export const partitions: readonly Partition[] = [
  {
    name: 'aws',
    signInHost: 'signin.aws.amazon.com',
    defaultRegion: 'us-east-1',
    regions: /^(?!us-gov-|us-iso|eu-iso|cn-|eusc-)[a-z]{2}(-[a-z]+)+-\d{1,2}$/,
    knownRegions: [
      'af-south-1',
      ...numbered('ap-east', 2),
      ...numbered('ap-northeast', 3),
      ...numbered('ap-south', 2),
      ...numbered('ap-southeast', 7),
      'ca-central-1',
      'ca-west-1',
      ...numbered('eu-central', 2),
      'eu-north-1',
      ...numbered('eu-south', 2),
      ...numbered('eu-west', 3),
      'il-central-1',
      'me-central-1',
      'me-south-1',
      'me-west-1',
      'mx-central-1',
      'sa-east-1',
      'sa-west-1',
      ...numbered('us-east', 2),
      ...numbered('us-west', 2),
    ],
  },
  {
    name: 'aws-us-gov',
    signInHost: 'signin.amazonaws-us-gov.com',
    defaultRegion: 'us-gov-west-1',
    regions: /^us-gov(-[a-z]+)+-\d{1,2}$/,
    knownRegions: ['us-gov-east-1', 'us-gov-west-1'],
  },
  {
    name: 'aws-cn',
    signInHost: 'signin.amazonaws.cn',
    defaultRegion: 'cn-north-1',
    regions: /^cn(-[a-z]+)+-\d{1,2}$/,
    knownRegions: ['cn-north-1', 'cn-northwest-1'],
  },
  {
    name: 'aws-eusc',
    signInHost: 'signin.amazonaws-eusc.eu',
    defaultRegion: 'eusc-de-east-1',
    regions: /^eusc(-[a-z]+)+-\d{1,2}$/,
    knownRegions: ['eusc-de-east-1'],
  },
]

/** The partition that `region` belongs to, or undefined for one that has no public sign-in. */
export function partitionOfRegion(region: string): string | undefined {
  return partitions.find((partition) => partition.regions.test(region))?.name
}

function numbered(area: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${area}-${index + 1}`)
}
