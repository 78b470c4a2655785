import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { otherBranches } from '../../../src/migrate/report/branches.ts'
import { codeFolder, ssh } from '../repositories.ts'

const { at, env, git, write, repository } = codeFolder()
const list = (name: string) => `[submodule "s"]\n\tpath = s\n\turl = ${ssh(name)}\n`

function commit(folder: string, branch: string, text: string): void {
  git(folder, 'checkout', '--quiet', '-b', branch, 'main')
  write(`${folder}/.gitmodules`, text)
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '--message=List')
}

beforeAll(() => {
  const folder = repository(at('r'), ssh('r'))
  commit(folder, 'checked-out', list('checked-out'))
  commit(folder, 'topic/one', list('one'))
  commit(folder, 'gone', list('gone'))
  commit(folder, 'clean', '[submodule "s"]\n\turl = https://github.com/a/b\n')
  git(folder, 'update-ref', 'refs/remotes/origin/gone', 'gone')
  git(folder, 'update-ref', 'refs/remotes/origin/topic/one', 'topic/one')
  git(folder, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/gone')
  git(folder, 'branch', '--quiet', '-D', 'gone')
  git(folder, 'worktree', 'add', '--quiet', at('w'), 'checked-out')
  git(folder, 'checkout', '--quiet', 'main')
})

test('branches that are checked out nowhere, and remote ones without a local one', async () => {
  expect(await otherBranches(at('r', '.git'), { env })).toEqual([
    { branch: 'topic/one', line: 3, text: `\turl = ${ssh('one')}` },
    { branch: 'origin/gone', line: 3, text: `\turl = ${ssh('gone')}` },
  ])
})

test('a repository without other branches, and one without commits', async () => {
  expect(await otherBranches(path.join(repository(at('alone'), ssh('x')), '.git'), { env })).toEqual([])
  git(at(), 'init', '--quiet', at('empty'))
  expect(await otherBranches(at('empty', '.git'), { env })).toEqual([])
})

test('the only branch, where it is not checked out: in a bare repository, and beside a detached HEAD', async () => {
  const folder = repository(at('one'), ssh('r'))
  write(`${folder}/.gitmodules`, list('one'))
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '--message=List')
  const found = [{ branch: 'main', line: 3, text: `\turl = ${ssh('one')}` }]
  expect(await otherBranches(at('one', '.git'), { env })).toEqual([])
  git(folder, 'checkout', '--quiet', '--detach')
  expect(await otherBranches(at('one', '.git'), { env })).toEqual(found)
  git(at(), 'clone', '--quiet', '--bare', '--branch=main', folder, at('one.git'))
  expect(await otherBranches(at('one.git'), { env })).toEqual(found)
})

test('nothing of the repository is executed', async () => {
  const trap = at('trap')
  writeFileSync(at('run.sh'), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 })
  for (const key of [
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'diff.x.textconv',
    'alias.grep',
    'filter.x.smudge',
    'core.editor',
  ]) {
    git(at('r'), 'config', key, at('run.sh'))
  }
  write(at('r', '.git', 'info', 'attributes'), '* diff=x filter=x\n')
  expect(await otherBranches(at('r', '.git'), { env })).toHaveLength(2)
  expect(existsSync(trap)).toBe(false)
})

test('what git cannot read is an error with a hint', async () => {
  for (const name of ['a', 'b']) write(at('nowhere', 'refs', 'heads', name), '')
  await expect(otherBranches(at('nowhere'), { env })).rejects.toMatchObject({
    kind: 'failed',
    hint: expect.stringContaining('fsck'),
  })
})
