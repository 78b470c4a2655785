import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { byWorkTree, ignoredFiles } from '../../../src/migrate/learn/ignored.ts'
import { codeFolder } from '../repositories.ts'

const { at, env, git, write, repository } = codeFolder()

test('what the working tree ignores, and git does not have', async () => {
  const tree = repository(at('r'))
  write(path.join(tree, '.gitignore'), 'dist/\n*.made/package.json\n/yarn.lock\n')
  write(path.join(tree, '.git', 'info', 'exclude'), '/local/package.json\n')
  const inside = [
    ...['package.json', 'yarn.lock', 'dist/package.json', 'dist/deep/package.json', 'local/package.json', 'local/x/package.json'],
    ...['a b.made/package.json', 'dist*/package.json', 'ü.made/package.json', 'dist/kept/package.json', 'dist/own/package.json'],
  ]
  for (const name of inside) write(path.join(tree, name), '{}')
  git(tree, 'add', '--force', 'dist/kept/package.json')
  repository(path.join(tree, 'dist', 'own'))
  git(tree, 'worktree', 'add', '--quiet', at('w'))
  write(at('w', 'dist', 'package.json'), '{}')
  write(at('w', '.gitignore'), 'dist\n')
  const outside = [at('w', 'dist', 'package.json'), write(at('no', 'dist', 'package.json'), '{}')]
  const trap = at('trap')
  writeFileSync(at('run.sh'), `#!/bin/sh\ntouch ${trap}\n`, { mode: 0o755 })
  git(tree, 'config', 'core.fsmonitor', at('run.sh'))

  const files = [...inside.map((name) => path.join(tree, name)), ...outside]
  const trees = byWorkTree(files, new Set([tree, path.join(tree, 'dist', 'own'), at('w')]))
  const ignored = await Promise.all([...trees].map(([folder, some]) => ignoredFiles(folder, some, { env })))
  expect(
    ignored
      .flat()
      .map((file) => path.relative(at(), file))
      .sort(),
  ).toEqual(
    [
      ...['r/yarn.lock', 'r/dist/package.json', 'r/dist/deep/package.json', 'r/local/package.json'],
      ...['r/a b.made/package.json', 'r/ü.made/package.json', 'w/dist/package.json'],
    ].sort(),
  )
  expect(existsSync(trap)).toBe(false)
})
