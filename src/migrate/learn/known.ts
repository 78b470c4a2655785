import path from 'node:path'
import pLimit from 'p-limit'
import { AwsfedError } from '../../base/errors.ts'
import type { World } from '../../base/world.ts'
import type { Finding, FoundManifest, FoundRepository } from '../find/find.ts'
import { isSubmodule } from '../find/gitDir.ts'
import { type Surroundings, surroundingsOf, type Variable } from '../gitConfig/surroundings.ts'
import type { Project } from '../manifests/project.ts'
import { projectsOf } from '../manifests/projects.ts'
import type { Source } from '../plan.ts'
import { type BranchLine, otherBranches } from '../report/branches.ts'
import type { Ambient } from './ambient.ts'
import { byWorkTree, ignoredFiles } from './ignored.ts'

/** All that planning needs, read. */
export interface Known {
  readonly repositories: readonly (FoundRepository & {
    readonly ambient: readonly Variable[]
    readonly branches: readonly BranchLine[]
  })[]
  readonly projects: readonly Project[]
  readonly mentions: readonly Source[]
  /** What holds outside of repositories. */
  readonly around: Surroundings
  /** What could not be looked at. */
  readonly overlooked: readonly { readonly path: string; readonly reason: string }[]
}

/** Asks git about what was found, and reads the projects. @param folders those that were given */
export async function learn(
  finding: Finding,
  ambient: Ambient,
  folders: readonly string[],
  world: Pick<World, 'env'>,
): Promise<Known> {
  const overlooked: { path: string; reason: string }[] = []
  /** One repository that git cannot read is no reason to leave the others. */
  const tried = async <T>(place: string, otherwise: T, ask: () => Promise<T>) => {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof AwsfedError)) throw error
      overlooked.push({ path: place, reason: error.message })
      return otherwise
    }
  }
  const limit = pLimit(4) // processes at once: more are not faster
  const repositories = await limit.map(finding.repositories, async (repository) => ({
    ...repository,
    ambient: await tried(repository.dir, ambient.everywhere, () => ambient.around(repository.dir)),
    // Its superproject's branches bring a submodule's URL, not its own.
    branches: isSubmodule(repository.dir) ? [] : await tried(repository.dir, [], () => otherBranches(repository.dir, world)),
  }))
  const hits = finding.manifests.flatMap(({ file, text }) => (text === undefined ? [] : [file]))
  const trees = [...byWorkTree(hits, finding.workTrees)]
  const ignored = await limit.map(trees, ([tree, files]) => tried(tree, [], () => ignoredFiles(tree, files, world)))
  const { kept, dropped } = withoutIgnored(finding.manifests, new Set(ignored.flat()))
  const projects = await projectsOf(kept, folders)
  const around = surroundingsOf(ambient.everywhere)
  return { repositories, projects, around, mentions: [...finding.mentions(), ...dropped], overlooked }
}

/** A lock goes with its manifest, also when git ignores the lock alone; what is ignored as a whole is only reported. */
function withoutIgnored(
  manifests: readonly FoundManifest[],
  ignored: ReadonlySet<string>,
): { kept: FoundManifest[]; dropped: Source[] } {
  const folders = new Set(
    manifests.flatMap(({ file }) => (path.basename(file) === 'package.json' && !ignored.has(file) ? [path.dirname(file)] : [])),
  )
  const stays = ({ file }: FoundManifest) =>
    !ignored.has(file) || (path.basename(file) !== 'package.json' && folders.has(path.dirname(file)))
  return {
    kept: manifests.filter(stays),
    dropped: manifests.flatMap((one) => (stays(one) || one.text === undefined ? [] : [{ file: one.file, text: one.text }])),
  }
}
