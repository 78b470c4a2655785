import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { World } from '../../base/world.ts'
import { type Git, gitIn } from '../../git/run.ts'
import { asByteText } from '../bytes.ts'
import { realOf } from '../find/gitDir.ts'
import { readText } from '../find/read.ts'

/** A line of `.gitmodules` on a branch that is checked out nowhere, which may name CodeCommit. */
export interface BranchLine {
  /** `topic`, or `origin/topic` where there is no local one. */
  readonly branch: string
  readonly line: number
  readonly text: string
}

/**
 * What `.gitmodules` holds on the other branches of a repository: `git submodule sync` there brings it back. Git is asked
 * by `--git-dir`, so a repository of somebody else's answers too; nothing is fetched and nothing of it is executed.
 * @throws AwsfedError `failed` when git cannot read the repository
 */
export async function otherBranches(gitDir: string, world: Pick<World, 'env'>): Promise<BranchLine[]> {
  const run = gitIn(path.dirname(gitDir), world, `look at it by \`git --git-dir=${gitDir} fsck\``, {
    allowUnsafeProtocolOverride: true,
  })
  // What a partial clone lacks stays away: no transport is allowed.
  const git: Git = (...args) => run('-c', 'protocol.allow=never', `--git-dir=${gitDir}`, ...args)
  if (!mayHaveOthers(gitDir)) return []
  const refs = await refsOf(git, gitDir)
  const lines: BranchLine[] = []
  for (let at = 0; at < refs.length; at += 500) {
    const some = refs.slice(at, at + 500)
    const found = await git(
      ...['grep', '-z', '-n', '-i', '-a', '--no-color', '--full-name', '--no-recurse-submodules'],
      ...['-F', '-e', 'codecommit', '-e', 'v1/repos/', ...some.map(({ ref }) => ref), '--', '.gitmodules'],
    )
    // REF:.gitmodules NUL LINE NUL TEXT LF
    for (const [, ref, line, text = ''] of found.matchAll(/^(.*):\.gitmodules\0(\d+)\0(.*)$/gm)) {
      const branch = some.find((one) => one.ref === ref)?.branch
      if (branch !== undefined) lines.push({ branch, line: Number(line), text: asByteText(text) })
    }
  }
  return lines
}

/** Whether there is a branch that is not checked out: most repositories are let go by a look at their files, without a process. */
function mayHaveOthers(gitDir: string): boolean {
  if (existsSync(path.join(gitDir, 'reftable'))) return true // gitrepository-layout(5): then there are no such files
  const textOf = (name: string) => (existsSync(path.join(gitDir, name)) ? readText(path.join(gitDir, name)) : '')
  const names = [
    ...filesBelow(path.join(gitDir, 'refs', 'heads')),
    ...filesBelow(path.join(gitDir, 'refs', 'remotes')).map((name) => name.replace(/^[^/]*\//, '')),
    ...[...textOf('packed-refs').matchAll(/^[0-9a-f]+ refs\/(?:heads|remotes\/[^/\n]*)\/(.+)$/gm)].map(([, name = '']) => name),
  ]
  const current = /^ref: refs\/heads\/(.+?)\s*$/.exec(textOf('HEAD'))?.[1]
  const open = path.basename(gitDir) === '.git' ? current : undefined
  return names.some((name) => name !== 'HEAD' && name !== open)
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(path.join(folder, entry.name)).map((name) => `${entry.name}/${name}`) : [entry.name],
  )
}

/** The branches that are checked out in no working tree; remote ones where there is no local branch of that name. */
async function refsOf(git: Git, gitDir: string): Promise<{ ref: string; branch: string }[]> {
  const format = '--format=%(refname)%00%(symref)%00%(worktreepath)'
  const listed = (await git('for-each-ref', format, 'refs/heads', 'refs/remotes')).split('\n').map((line) => line.split('\0'))
  const all = listed.flatMap(([ref = '', symref = '', worktree = '']) => (ref === '' || symref !== '' ? [] : [{ ref, worktree }]))
  const local = new Set(all.map(({ ref }) => ref))
  return all.flatMap(({ ref, worktree }) => {
    // Of a bare repository git names the repository itself, where nothing is checked out.
    if (worktree !== '' && realOf(worktree) !== realOf(gitDir)) return []
    const remote = /^refs\/remotes\/[^/]+\/(.+)$/.exec(ref)?.[1]
    return remote !== undefined && local.has(`refs/heads/${remote}`)
      ? []
      : [{ ref, branch: ref.replace(/^refs\/(heads|remotes)\//, '') }]
  })
}
