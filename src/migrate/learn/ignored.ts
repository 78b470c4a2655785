import path from 'node:path'
import type { World } from '../../base/world.ts'
import { gitIn } from '../../git/run.ts'

/**
 * Those of `files` that git ignores (and does not have in its index) in the working tree that they lie in: what a build
 * has made is no one's manifest. Files in no working tree are never ignored. Nothing of a repository is executed.
 */
export async function ignoredFiles(
  files: readonly string[],
  workTrees: ReadonlySet<string>,
  world: Pick<World, 'env'>,
): Promise<ReadonlySet<string>> {
  const byTree = new Map<string, string[]>()
  for (const file of files) {
    const tree = treeOf(file, workTrees)
    if (tree !== undefined) byTree.set(tree, [...(byTree.get(tree) ?? []), file])
  }
  const ignored = new Set<string>()
  for (const [tree, inside] of byTree) {
    const git = gitIn(tree, world, `look at it by \`git -C ${tree} status\``, { allowUnsafeFsMonitor: true })
    for (let at = 0; at < inside.length; at += 500) {
      const names = inside.slice(at, at + 500).map((file) => path.relative(tree, file))
      const listed = await git(
        ...['-c', 'core.fsmonitor=false', '--literal-pathspecs', `--git-dir=${path.join(tree, '.git')}`, `--work-tree=${tree}`],
        ...['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', ...names],
      )
      for (const name of listed.split('\0')) if (name !== '') ignored.add(path.join(tree, name))
    }
  }
  return ignored
}

function treeOf(file: string, workTrees: ReadonlySet<string>): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (workTrees.has(folder)) return folder
    if (folder === path.dirname(folder)) return undefined
  }
}
