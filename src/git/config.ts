import path from 'node:path'
import type { World } from '../base/world.ts'
import { gitIn } from './run.ts'

/** One value of git's configuration. Section and name are in lower case, the subsection as it was written. */
export interface Entry {
  readonly key: string
  readonly value: string
  /** `file:/home/jane/.gitconfig`, where it was asked for. */
  readonly origin?: string
}

/** The parts of a key; the subsection may have dots. */
export function partsOf(key: string): { section: string; subsection: string | undefined; name: string } {
  const first = key.indexOf('.')
  const last = key.lastIndexOf('.')
  return {
    section: key.slice(0, first),
    subsection: first < last ? key.slice(first + 1, last) : undefined,
    name: key.slice(last + 1),
  }
}

export interface GitConfig {
  /** The values in `file`, in their order, without what it includes. */
  entriesOf(file: string): Promise<Entry[]>
  /** The values in `file` and in what it includes, with the file of each. */
  entriesWithIncluded(file: string): Promise<Entry[]>
  /** The values that hold outside of repositories, system's and included ones too, in git's order. */
  allEntries(): Promise<Entry[]>
  /** The values of system and user that hold in the repository of `gitDir`, by whatever conditions, with their origins. */
  entriesAround(gitDir: string): Promise<Entry[]>
  /** The values that hold in `repository`, by whatever conditions, with those outside of it, in git's order. */
  entriesIn(repository: Repository): Promise<Entry[]>
  /** `2.39` as [2, 39]. */
  version(): Promise<[major: number, minor: number]>
}

/** What git's configuration depends on: the git directory, and the folder whose `config` is that of all its worktrees. */
interface Repository {
  readonly gitDir: string
  readonly commonDir: string
}

/** Git's configuration, read by git itself. */
export function gitConfig({ env }: Pick<World, 'env'>): GitConfig {
  const gitWith = (variables: Readonly<Record<string, string>>) =>
    gitIn(
      // The root: in no repository, whose own configuration would be read too.
      path.parse(process.cwd()).root,
      { env },
      "correct that in git's configuration: git config --global --edit",
      // The helper that is configured is awsfed's own.
      { allowUnsafeCredentialHelper: true },
      variables,
    )
  const git = gitWith({})
  return {
    entriesOf: async (file) => parseList(await git('config', '--file', file, '-z', '--list')),
    entriesWithIncluded: async (file) =>
      parseListWithOrigins(await git('config', '--file', file, '--includes', '-z', '--show-origin', '--list')),
    allEntries: async () => parseListWithOrigins(await git('config', '-z', '--show-origin', '--list')),
    async entriesAround(gitDir) {
      const items = itemsOf(await git(`--git-dir=${gitDir}`, 'config', '-z', '--show-scope', '--show-origin', '--list'))
      return items.flatMap((scope, index) => {
        const [origin, item] = items.slice(index + 1, index + 3)
        if (index % 3 !== 0 || origin === undefined || item === undefined) return []
        return scope === 'system' || scope === 'global' ? [{ ...entryOf(item), origin }] : []
      })
    },
    // A git directory that is named is taken for one, whoever owns it (setup_explicit_git_dir in setup.c).
    async entriesIn({ gitDir, commonDir }) {
      const run = gitWith({ GIT_COMMON_DIR: commonDir })
      return parseListWithOrigins(await run(`--git-dir=${gitDir}`, 'config', '-z', '--show-origin', '--list'))
    },
    async version() {
      const [, major, minor] = /(\d+)\.(\d+)/.exec(await git('--version')) ?? []
      return [Number(major ?? 0), Number(minor ?? 0)]
    },
  }
}

/** The entries of `git config -z --list`: each is `key LF value NUL`, without LF for a key that stands alone (it means true). */
export function parseList(output: string): Entry[] {
  return itemsOf(output).map(entryOf)
}

/** The entries of `git config -z --show-origin --list`, where `origin NUL` stands before each. */
export function parseListWithOrigins(output: string): Entry[] {
  const items = itemsOf(output)
  return items.flatMap((origin, index) =>
    index % 2 === 0 && items[index + 1] !== undefined ? [{ ...entryOf(items[index + 1] ?? ''), origin }] : [],
  )
}

function itemsOf(output: string): string[] {
  return output.split('\0').slice(0, -1)
}

function entryOf(item: string): Entry {
  const end = item.indexOf('\n')
  return end < 0 ? { key: item, value: 'true' } : { key: item.slice(0, end), value: item.slice(end + 1) }
}
