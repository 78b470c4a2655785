import path from 'node:path'
import { GitError, type SimpleGitOptions, simpleGit } from 'simple-git'
import { AwsfedError, codeOf } from '../base/errors.ts'
import type { World } from '../base/world.ts'

/** Runs git with these arguments and gives what it prints. */
export type Git = (...args: string[]) => Promise<string>

/** What git needs of the environment to find its configuration; simple-git refuses the rest of git's own variables. */
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

/**
 * Git, run in `folder` with the user's configuration and nothing else of the environment.
 * @param hint what to do when git refuses
 * @param more variables of git's own to run it with
 */
export function gitIn(
  folder: string,
  { env }: Pick<World, 'env'>,
  hint: string,
  unsafe: SimpleGitOptions['unsafe'] = {},
  more: Readonly<Record<string, string>> = {},
): Git {
  const variables = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && needed.includes(entry[0].toUpperCase()),
  )
  const own = env.GIT_CONFIG_GLOBAL
  const git = simpleGit({
    baseDir: folder,
    // The files that are named are those that git itself would take.
    unsafe: { allowUnsafeConfigPaths: true, ...unsafe },
    allowEnvironment: [...needed, ...Object.keys(more)],
  }).env({
    ...Object.fromEntries(variables),
    // Relative to the folder that the user is in, not to the one that git is run in.
    ...(own ? { GIT_CONFIG_GLOBAL: path.resolve(own) } : {}),
    ...more,
    LC_ALL: 'C',
  })
  return async (...args) => {
    try {
      return await git.raw(args)
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      if (codeOf(error) === 'ENOENT' || /ENOENT/.test(error.message)) {
        throw new AwsfedError('failed', 'there is no git on the PATH', { hint: 'install git 2.26 or later', cause: error })
      }
      throw new AwsfedError('failed', error.message.trim().replace(/^(error|fatal): /, 'git: '), { hint, cause: error })
    }
  }
}
