import type { World } from '../../base/world.ts'
import { type Entry, gitConfig } from '../../git/config.ts'
import { asByteText } from '../bytes.ts'
import type { Variable } from '../gitConfig/planGit.ts'

/**
 * What git's configuration holds outside of a repository, the system's and the user's: rules for URLs and core.sshCommand
 * among it. It is the same for all repositories, and asked once, unless a condition (`includeIf`) is in it.
 */
export async function ambientOf(world: Pick<World, 'env'>): Promise<(gitDir: string) => Promise<readonly Variable[]>> {
  const git = gitConfig(world)
  const entries = await git.allEntries()
  const everywhere = entries.map(variableOf)
  const conditional = entries.some(({ key }) => key.startsWith('includeif.'))
  return async (gitDir) => (conditional ? (await git.entriesAround(gitDir)).map(variableOf) : everywhere)
}

function variableOf({ key, value }: Entry): Variable {
  const first = key.indexOf('.')
  const last = key.lastIndexOf('.')
  return {
    section: key.slice(0, first),
    subsection: first === last ? undefined : asByteText(key.slice(first + 1, last)),
    name: key.slice(last + 1),
    value: asByteText(value),
  }
}
