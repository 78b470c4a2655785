import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { run } from '../../support/programs.ts'

/** A package manager as a project's developers have it. */
export interface Manager {
  /** As on npm's registry: `pnpm@8.15.9`. */
  readonly spec: string
  /** The command line that begins it. */
  readonly command: readonly string[]
  /** The arguments of an install that makes or follows a lock. */
  readonly install: readonly string[]
  /** And of one that refuses to change it. */
  readonly frozen: readonly string[]
  readonly lock: string
}

interface Kind extends Omit<Manager, 'spec' | 'command'> {
  /** Its program below node_modules. */
  readonly program: string
}

const npm: Kind = {
  program: 'npm/bin/npm-cli.js',
  install: ['install', '--ignore-scripts', '--no-audit', '--no-fund'],
  frozen: ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
  lock: 'package-lock.json',
}
const pnpm: Kind = {
  program: 'pnpm/bin/pnpm.cjs',
  install: ['install', '--ignore-scripts'],
  frozen: ['install', '--ignore-scripts', '--frozen-lockfile'],
  lock: 'pnpm-lock.yaml',
}
const yarn: Kind = {
  program: 'yarn/bin/yarn.js',
  install: ['install', '--ignore-scripts', '--no-progress'],
  frozen: ['install', '--ignore-scripts', '--no-progress', '--frozen-lockfile'],
  lock: 'yarn.lock',
}
const berry: Kind = {
  program: '@yarnpkg/cli-dist/bin/yarn.js',
  install: ['install', '--mode=skip-build'],
  frozen: ['install', '--mode=skip-build', '--immutable'],
  lock: 'yarn.lock',
}
const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch === 'arm64' ? 'aarch64' : 'x64'}`
const bun: Kind = {
  program: `@oven/bun-${platform}/bin/bun`,
  install: ['install', '--ignore-scripts'],
  frozen: ['install', '--ignore-scripts', '--frozen-lockfile'],
  lock: 'bun.lock',
}

const kinds: Readonly<Record<string, Kind>> = {
  'npm@8.19.4': npm,
  'npm@9.9.4': npm,
  'npm@10.9.9': npm,
  'npm@11.21.2': npm,
  'yarn@1.22.22': yarn,
  '@yarnpkg/cli-dist@3.8.7': berry,
  '@yarnpkg/cli-dist@4.18.1': berry,
  'pnpm@8.15.9': pnpm,
  'pnpm@9.15.9': pnpm,
  'pnpm@10.34.9': pnpm,
  [`@oven/bun-${platform}@1.4.5`]: bun,
}

/** Fetched once for all checkouts. */
const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'awsfed-tests', 'package-managers')

/**
 * Every package manager, from npm's registry or from the cache of an earlier run; undefined, and a line on stderr, where the
 * registry cannot be reached. In CI that is an error.
 */
export async function packageManagers(): Promise<readonly Manager[] | undefined> {
  const managers: Manager[] = []
  for (const [spec, { program, ...kind }] of Object.entries(kinds)) {
    const folder = path.join(cache, spec)
    const fault = existsSync(folder) ? undefined : await fetched(spec, folder)
    if (fault !== undefined) {
      if (process.env.CI) throw new Error(`${spec} cannot be fetched: ${fault}; in CI every test must run`)
      process.stderr.write(`# ${spec} cannot be fetched from npm's registry: the tests with package managers are skipped\n`)
      return undefined
    }
    const file = path.join(folder, 'node_modules', program)
    managers.push({ spec, ...kind, command: /\.c?js$/.test(file) ? [process.execPath, file] : [file] })
  }
  return managers
}

/** Why `spec` could not be put into `folder`. */
async function fetched(spec: string, folder: string): Promise<string | undefined> {
  const aside = `${folder}.${process.pid}`
  mkdirSync(aside, { recursive: true })
  const args = ['install', '--prefix', aside, '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0', spec]
  const { code, stderr } = await run('npm', args, { env: { ...(process.env as Record<string, string>) } })
  if (code === 0 && !existsSync(folder)) renameSync(aside, folder)
  rmSync(aside, { recursive: true, force: true })
  return code === 0 ? undefined : stderr.trim().split('\n', 1)[0]
}
