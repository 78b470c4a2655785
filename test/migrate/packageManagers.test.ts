import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { programs, run } from '../support/programs.ts'
import { codeCommit, host, one, ssh, two } from './packageManagers/codeCommit.ts'
import { type Manager, packageManagers } from './packageManagers/managers.ts'

// The package managers themselves, from npm's registry, at the sandbox's CodeCommit: their locks are made over SSH, moved by
// `awsfed migrate`, and then installed from where SSH does not work.
const managers = await packageManagers()

let world: Awaited<ReturnType<typeof codeCommit>>
beforeAll(async () => {
  world = await codeCommit()
})

interface Case {
  readonly title: string
  readonly manager: Manager
  readonly files: Readonly<Record<string, string>>
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const leaf = { leaf: `${ssh(one, 'leaf')}#main` }
const extra = { '@corp/extra': `${ssh(one, 'extra')}#main` }
/** What they depend on themselves, published commits say, by the other account. */
const middle = { middle: `${ssh(one, 'middle')}#v1.2.0` }
const range = { range: `${ssh(one, 'range')}#semver:^1.2.0` }

function projectOf(manifest: Record<string, unknown>, dependencies: Record<string, string> = leaf) {
  const root = {
    name: 'app',
    version: '1.0.0',
    private: true,
    workspaces: ['packages/*'],
    devDependencies: dependencies,
    ...manifest,
  }
  return { 'package.json': json(root), 'packages/a/package.json': json({ name: 'a', version: '1.0.0', dependencies }) }
}

const project = projectOf({ dependencies: { ...extra, ...middle }, optionalDependencies: range })

function casesOf(manager: Manager): Case[] {
  const [, name = '', major = ''] = /([^/@]+)@(\d+)/.exec(manager.spec) ?? []
  const of = (files: Case['files'], title = `${name} ${major}`) => ({ title, manager, files })
  switch (name) {
    case 'npm':
      return major === '8'
        ? ['1', '2', '3'].map((version) => of(npmProject(version), `npm 8, lock of version ${version}`))
        : [of(project)]
    case 'yarn':
      return [of(project)]
    case 'pnpm':
      return [of(major === '8' ? { ...project, 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' } : catalogProject())]
    case 'cli-dist':
      return []
    default:
      // Bun knows no #semver:
      return [of(projectOf({ dependencies: { ...extra, ...middle } }), 'Bun')]
  }
}

/** With a lock of version 1 npm asks the published commits for their dependencies, which name SSH. */
function npmProject(version: string): Case['files'] {
  return { ...(version === '1' ? projectOf({ dependencies: extra }) : project), '.npmrc': `lockfile-version=${version}\n` }
}

function catalogProject(): Case['files'] {
  const pnpm = { overrides: { 'range>leaf': leaf.leaf } }
  const manifest = { dependencies: { ...extra, ...middle }, optionalDependencies: range, pnpm }
  return {
    ...projectOf(manifest, { leaf: 'catalog:' }),
    'pnpm-workspace.yaml': `packages:\n  # all of them\n  - packages/*\ncatalog:\n  leaf: '${leaf.leaf}'\n`,
  }
}

describe.skipIf(!managers)('a lock that was made over SSH', () => {
  test.each((managers ?? []).flatMap(casesOf))(
    '$title',
    async ({ title, manager, files }) => {
      const stage = staged(title, manager, files)
      const before = await stage.start()
      await stage.migrate()
      await stage.finish(before)
      await stage.undo()
      expect(stage.texts()).toEqual(before.texts)
    },
    180_000,
  )

  test.each((managers ?? []).filter(({ spec }) => spec.includes('cli-dist')))(
    'yarn: only where git has shown that it reaches the form with .git: $spec',
    async (manager) => {
      const isFour = manager.spec.includes('@4')
      const patch = '.yarn/patches/extra.patch'
      const patched = `patch:@corp/extra@${encodeURIComponent(extra['@corp/extra'])}#${isFour ? '~' : '.'}/${patch}`
      const stage = staged(manager.spec, manager, {
        ...projectOf({ dependencies: { '@corp/extra': patched, ...middle }, optionalDependencies: range }),
        '.yarnrc.yml': `nodeLinker: node-modules\n${isFour ? 'approvedGitRepositories: ["**"]\n' : ''}`,
        [patch]:
          'diff --git a/index.js b/index.js\n--- a/index.js\n+++ b/index.js\n@@ -1 +1 @@\n-module.exports = 1\n+module.exports = 2\n',
      })
      const before = await stage.start()
      expect(before.texts['yarn.lock']).toMatch(/git(?:\+|%2B)ssh%3A/)
      expect(before.installed['@corp/extra/index.js']).toBe('module.exports = 2\n')
      // The sandbox does not serve it.
      for (const more of [[], ['--verify']]) {
        const { code, stdout } = await stage.awsfed(...stage.arguments, ...more)
        expect({ code, refused: stdout.includes('refused') && stdout.includes('--bridge') }).toEqual({ code: 1, refused: true })
        expect(stage.texts()).toEqual(before.texts)
      }
      // git reaches it by the user's own rules.
      const noLonger = world.serveDotGit()
      await stage.migrate('--verify')
      expect(stage.texts()['package.json']).toContain(encodeURIComponent(`git+https://dev@${host}/v1/repos/extra.git#main`))
      await stage.finish(before)
      noLonger()
      await stage.undo()
      expect(stage.texts()).toEqual(before.texts)
    },
    180_000,
  )
})

function staged(title: string, manager: Manager, files: Readonly<Record<string, string>>) {
  const folder = path.join(world.folder, title)
  const app = path.join(folder, 'app')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(app, name)), { recursive: true })
    writeFileSync(path.join(app, name), text)
  }
  const names = [...Object.keys(files), manager.lock]
  const texts = () => Object.fromEntries(names.map((name) => [name, readFileSync(path.join(app, name), 'latin1')]))
  const install = async (home: 'before' | 'after', args: readonly string[]) => {
    const env = world.environment(path.join(folder, home), home === 'before')
    const [program = '', ...first] = manager.command
    const outcome = await run(program, [...first, ...args], { env, cwd: app })
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0)
  }
  const installed = () => installedIn(path.join(app, 'node_modules'))
  /** As after a fresh clone. */
  const forget = () => {
    for (const place of [app, path.join(app, 'packages/a')])
      rmSync(path.join(place, 'node_modules'), { recursive: true, force: true })
  }
  const awsfed = (...args: string[]) => run(process.execPath, [programs.awsfed, 'migrate', ...args], { env: world.env })
  const succeeds = async (...args: string[]) => {
    const outcome = await awsfed(...args)
    expect(outcome.code, outcome.stdout + outcome.stderr).toBe(0)
  }
  const all = [app, '--yes', '--account', `${one}=dev`, '--account', `${two}=dev`]
  return {
    texts,
    awsfed,
    arguments: all,
    /** Makes the lock, over SSH. */
    async start() {
      await install('before', manager.install)
      expect(world.sshAsked()).toContain(one)
      const lock = texts()[manager.lock] ?? ''
      expect(lock).toContain(one)
      if (files['package.json']?.includes('middle')) expect(lock).toContain(two)
      expect(Object.keys(installed())).toEqual(expect.arrayContaining(['@corp/extra/README.md', 'leaf/README.md']))
      return { texts: texts(), installed: installed(), commits: commitsIn(lock) }
    },
    migrate: (...more: string[]) => succeeds(...all, ...more),
    /** The frozen install has the same commits, and a plain one changes nothing; SSH is not asked. */
    async finish(before: { installed: Record<string, string>; commits: string[] }) {
      const after = texts()
      expect(Object.entries(after).filter(([, text]) => /ssh(:|%3A)|APKA/.test(text))).toEqual([])
      expect(commitsIn(after[manager.lock] ?? '')).toEqual(before.commits)
      forget()
      world.sshAsked()
      const answers = world.answers()
      await install('after', manager.frozen)
      expect(world.answers()).toBeGreaterThan(answers)
      expect(installed()).toEqual(before.installed)
      await install('after', manager.install)
      expect(texts()).toEqual(after)
      forget()
      await install('after', manager.install)
      expect(texts()).toEqual(after)
      expect(installed()).toEqual(before.installed)
      expect(world.sshAsked()).toBe('')
    },
    undo: () => succeeds('--undo', '--yes'),
  }
}

/** The files of the packages of CodeCommit, with their texts. */
function installedIn(modules: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of ['leaf', '@corp/extra', 'middle', 'range']) {
    const place = path.join(modules, name)
    if (!existsSync(place)) continue
    for (const file of readdirSync(realpathSync(place), { withFileTypes: true })) {
      if (file.isFile() && !file.name.startsWith('.')) {
        found[`${name}/${file.name}`] = readFileSync(path.join(place, file.name), 'utf8')
      }
    }
  }
  return found
}

function commitsIn(lock: string): string[] {
  return [...new Set(lock.match(/\b[0-9a-f]{40}\b/g))].sort()
}
