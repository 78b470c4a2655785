import path from 'node:path'
import type { World } from '../../base/world.ts'
import { gitIn } from '../../git/run.ts'

/**
 * Those of `files` that git ignores (and does not have in its index) in the working tree that they lie in: what a build
 * has made is no one's manifest. Nothing of the repository is executed.
 * @throws AwsfedError `failed` when git cannot read the repository
 */
export async function ignoredFiles(tree: string, files: readonly string[], world: Pick<World, 'env'>): Promise<string[]> {
  const git = gitIn(tree, world, `look at it by \`git -C ${tree} status\``, { allowUnsafeFsMonitor: true })
  const ignored: string[] = []
  for (let at = 0; at < files.length; at += 500) {
    const names = files.slice(at, at + 500).map((file) => path.relative(tree, file))
    const listed = await git(
      ...['-c', 'core.fsmonitor=false', '--literal-pathspecs', `--git-dir=${path.join(tree, '.git')}`, `--work-tree=${tree}`],
      ...['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--', ...names],
    )
    for (const name of listed.split('\0')) if (name !== '') ignored.push(path.join(tree, name))
  }
  return ignored
}

/** `files` by the working tree that they lie in; those in none are left out. */
export function byWorkTree(files: readonly string[], workTrees: ReadonlySet<string>): Map<string, string[]> {
  const trees = new Map<string, string[]>()
  for (const file of files) {
    const tree = treeOf(file, workTrees)
    if (tree !== undefined) trees.set(tree, [...(trees.get(tree) ?? []), file])
  }
  return trees
}

function treeOf(file: string, workTrees: ReadonlySet<string>): string | undefined {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (workTrees.has(folder)) return folder
    if (folder === path.dirname(folder)) return undefined
  }
}
