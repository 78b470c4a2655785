import { realpathSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { find } from '../../../src/migrate/find/find.ts'
import { projectsOf } from '../../../src/migrate/manifests/projects.ts'
import { codeFolder, ssh } from '../repositories.ts'

const { at, home, write, repository } = codeFolder()

const dependency = { x: `git+${ssh('x')}` }
const lock = `"x@git+${ssh('x')}":\n  version "1.0.0"\n  resolved "git+${ssh('x')}#1a"\n`

/** Writes `files` below `folder`; those that are no text as JSON. */
function tree(folder: string, files: Record<string, unknown>): string {
  for (const [name, value] of Object.entries(files)) {
    write(path.join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
  }
  return folder
}

/** The projects that are found, each by its root and its files. */
async function projects(...folders: string[]) {
  const { manifests } = await find(folders, home)
  const found = await projectsOf(manifests, folders)
  const [base = ''] = folders
  const relative = (place: string) => path.relative(base, place).replaceAll('\\', '/')
  return found
    .map(({ root, files, berry }) => ({
      root: relative(root),
      files: files.map(({ file, barred }) => `${relative(file)}${barred ? `: ${barred.reason}` : ''}`).sort(),
      berry,
    }))
    .sort((a, b) => (a.root + a.files[0] < b.root + b.files[0] ? -1 : 1))
}

test.each([
  ['npm and yarn', { 'package.json': { workspaces: ['packages/*', '!packages/not', './apps/web/'] } }],
  ['yarn 1 and Bun', { 'package.json': { workspaces: { packages: ['packages/*', '!packages/not', 'apps/*'] } } }],
  ['pnpm', { 'package.json': {}, 'pnpm-workspace.yaml': "packages:\n  - 'packages/*' # all\n  - apps/**\n  - '!**/not'\n" }],
])('workspaces of %s', async (title, root) => {
  const folder = tree(at('workspaces', title), {
    ...root,
    'yarn.lock': lock,
    'packages/a/package.json': { dependencies: dependency },
    'packages/a/node_modules/b/package.json': { dependencies: dependency },
    'packages/not/package.json': { dependencies: dependency },
    'apps/web/package.json': { dependencies: dependency },
    'apps/clean/package.json': {},
  })
  expect(await projects(folder)).toEqual([
    { root: '', files: ['apps/web/package.json', 'packages/a/package.json', 'yarn.lock'], berry: false },
    { root: 'packages/not', files: ['packages/not/package.json'], berry: false },
  ])
})

test('several lockfiles, folders that are linked, and the repository that holds them', async () => {
  const folder = tree(repository(at('linked')), {
    'app/package.json': { dependencies: { ...dependency, lib: 'file:../lib' } },
    'app/package-lock.json': { packages: { '': { dependencies: dependency } } },
    'app/yarn.lock': lock,
    'lib/package.json': { dependencies: dependency },
    'other/package.json': { dependencies: dependency },
  })
  expect(await projects(folder)).toEqual([
    { root: '', files: ['app/package-lock.json', 'app/package.json', 'app/yarn.lock', 'lib/package.json'], berry: false },
    { root: '', files: ['other/package.json'], berry: false },
  ])
})

test('what of a project lies outside of the given folders is not written', async () => {
  const folder = tree(at('outside'), {
    'package.json': { workspaces: ['packages/*'], dependencies: dependency },
    'yarn.lock': lock,
    'packages/a/package.json': { dependencies: dependency },
    'packages/b/package.json': { dependencies: dependency },
  })
  const outside = (name: string) => `it lies outside the given folders: ${path.join(folder, name)}`
  expect(await projects(path.join(folder, 'packages', 'a'))).toEqual([
    {
      root: '../..',
      files: [
        `../../package.json: ${outside('package.json')}`,
        `../../yarn.lock: ${outside('yarn.lock')}`,
        `../b/package.json: ${outside('packages/b/package.json')}`,
        'package.json',
      ],
      berry: false,
    },
  ])
})

test('a workspace that a symbolic link leads to', async () => {
  const elsewhere = tree(at('elsewhere'), { 'package.json': { dependencies: dependency } })
  const folder = tree(at('links'), {
    'package.json': { workspaces: ['packages/*'], dependencies: dependency },
    'packages/a/package.json': {},
    'inside/package.json': { dependencies: dependency },
  })
  symlinkSync(elsewhere, path.join(folder, 'packages', 'far'))
  symlinkSync(path.join(folder, 'inside'), path.join(folder, 'packages', 'near'))
  symlinkSync(folder, path.join(folder, 'packages', 'circle'))
  const barred = `packages/far/package.json: it lies outside the given folders: ${path.join(elsewhere, 'package.json')}`
  expect(await projects(folder)).toEqual([{ root: '', files: ['inside/package.json', 'package.json', barred], berry: false }])
})

test('folders that share a file by a link are one project, and the file is in it once', async () => {
  const folder = tree(at('shared'), {
    'a/package.json': { dependencies: dependency },
    'b/package.json': { dependencies: dependency },
    'c/package-lock.json': { packages: { '': { dependencies: dependency } } },
    'd/yarn.lock': lock,
  })
  symlinkSync('../c/package-lock.json', path.join(folder, 'a', 'package-lock.json'))
  symlinkSync('../c/package-lock.json', path.join(folder, 'b', 'package-lock.json'))
  symlinkSync('../b/package.json', path.join(folder, 'd', 'package.json'))
  const [project, ...others] = await projects(folder)
  expect(others).toEqual([])
  expect(project?.files).toHaveLength(4)
  const real = ['a/package.json', 'b/package.json', 'c/package-lock.json', 'd/yarn.lock'].map((name) => path.join(folder, name))
  expect(project?.files.map((name) => realpathSync(path.join(folder, name))).sort()).toEqual(real)
})

test.each([
  ['packageManager', { 'package.json': { packageManager: 'yarn@4.9.1', dependencies: dependency } }],
  ['.yarnrc.yml', { 'package.json': { dependencies: dependency }, '.yarnrc.yml': '' }],
])('yarn 2 and newer by %s', async (title, files) => {
  expect(await projects(tree(at('berry', title), files))).toMatchObject([{ berry: true }])
})

test('a lock without a package.json, and a binary one', async () => {
  const folder = tree(at('locks'), {
    'a/yarn.lock': lock,
    'b/package.json': { dependencies: dependency },
    'b/bun.lockb': `\0${ssh('x')}\0`,
  })
  expect(await projects(folder)).toEqual([
    { root: 'a', files: ['a/yarn.lock: there is no package.json beside this lock'], berry: false },
    { root: 'b', files: ['b/bun.lockb', 'b/package.json'], berry: false },
  ])
})

test('a pnpm-workspace.yaml that is not understood may name any folder', async () => {
  const folder = tree(at('unclear'), {
    'package.json': {},
    'pnpm-workspace.yaml': `packages: &all [ 'a' ]\n`,
    'pnpm-lock.yaml': `lockfileVersion: '9.0'\n# ${ssh('x')}\n`,
    'a/package.json': { dependencies: dependency },
  })
  expect(await projects(folder)).toMatchObject([{ files: ['a/package.json', 'pnpm-lock.yaml'] }])
})
