import type { World } from '../../base/world.ts'
import { type Entry, gitConfig, partsOf } from '../../git/config.ts'
import { asByteText } from '../bytes.ts'
import type { Variable } from '../gitConfig/surroundings.ts'
import { type UserRule, userRules } from './userRules.ts'

/** What git's configuration holds outside of repositories, the system's and the user's. */
export interface Ambient {
  readonly everywhere: readonly Variable[]
  /** What of it holds in the repository of `gitDir`; asked for only where a condition (`includeIf`) is in it. */
  readonly around: (gitDir: string) => Promise<readonly Variable[]>
  /** The rules of it that may lead to CodeCommit, those too that hold in some repositories only. */
  readonly rules: readonly UserRule[]
}

/** Asks git for it. @throws AwsfedError `failed` when there is no git, or it cannot read its configuration */
export async function ambientOf(world: Pick<World, 'env' | 'home'>): Promise<Ambient> {
  const git = gitConfig(world)
  const entries = await git.allEntries()
  const everywhere = entries.map(variableOf)
  const conditional = entries.some(({ key }) => key.startsWith('includeif.'))
  const files = entries.flatMap(({ origin }) => (origin?.startsWith('file:') ? [origin.slice('file:'.length)] : []))
  return {
    everywhere,
    rules: userRules(files, world.home),
    around: async (gitDir) => (conditional ? (await git.entriesAround(gitDir)).map(variableOf) : everywhere),
  }
}

function variableOf({ key, value }: Entry): Variable {
  const { section, subsection, name } = partsOf(key)
  return { section, subsection: subsection === undefined ? undefined : asByteText(subsection), name, value: asByteText(value) }
}
