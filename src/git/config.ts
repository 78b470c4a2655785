import path from 'node:path'
import { GitError, type SimpleGit, simpleGit } from 'simple-git'
import { AwsfedError, codeOf } from '../base/errors.ts'
import type { World } from '../base/world.ts'

/** One value of git's configuration. Section and name are in lower case, the subsection as it was written. */
export interface Entry {
  readonly key: string
  readonly value: string
  /** `file:/home/jane/.gitconfig`, where it was asked for. */
  readonly origin?: string
}

/** What `git config` needs of the environment; simple-git refuses the rest of git's own variables. */
const needed = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'PROGRAMDATA',
  'SYSTEMROOT',
  'XDG_CONFIG_HOME',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
]

export interface GitConfig {
  /** The values in `file`, in their order, without what it includes. */
  entriesOf(file: string): Promise<Entry[]>
  /** The values that hold outside of repositories, system's and included ones too, in git's order. */
  allEntries(): Promise<Entry[]>
  /** `2.39` as [2, 39]. */
  version(): Promise<[major: number, minor: number]>
}

/** Git's configuration, read by git itself. */
export function gitConfig({ env }: Pick<World, 'env'>): GitConfig {
  const variables = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && needed.includes(entry[0].toUpperCase()),
  )
  const own = env.GIT_CONFIG_GLOBAL
  const git = simpleGit({
    // The root: in no repository, whose own configuration would be read too.
    baseDir: path.parse(process.cwd()).root,
    // The helper that is configured is awsfed's own, and the file is the one that git itself would take.
    unsafe: { allowUnsafeCredentialHelper: true, allowUnsafeConfigPaths: true },
    allowEnvironment: needed,
  }).env({ ...Object.fromEntries(variables), ...(own ? { GIT_CONFIG_GLOBAL: path.resolve(own) } : {}), LC_ALL: 'C' })
  return {
    entriesOf: async (file) => parseList(await run(git, 'config', '--file', file, '-z', '--list')),
    allEntries: async () => parseListWithOrigins(await run(git, 'config', '-z', '--show-origin', '--list')),
    async version() {
      const [, major, minor] = /(\d+)\.(\d+)/.exec(await run(git, '--version')) ?? []
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

async function run(git: SimpleGit, ...args: string[]): Promise<string> {
  try {
    return await git.raw(args)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if (codeOf(error) === 'ENOENT' || /ENOENT/.test(error.message)) {
      throw new AwsfedError('failed', 'there is no git on the PATH', { hint: 'install git 2.26 or later', cause: error })
    }
    throw new AwsfedError('failed', error.message.trim().replace(/^(error|fatal): /, 'git: '), {
      hint: "correct that in git's configuration: git config --global --edit",
      cause: error,
    })
  }
}
