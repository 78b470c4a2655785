import { type CodeCommitHost, parseHost } from '../../codecommit/host.ts'

/** The public host of `region`; undefined when that is no region's name. */
export function hostOfRegion(region: string): CodeCommitHost | undefined {
  return parseHost(`git-codecommit.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`)
}
