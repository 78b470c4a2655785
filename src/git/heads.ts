import { execFile } from 'node:child_process'
import path from 'node:path'
import type { World } from '../base/world.ts'

/** What `git ls-remote` says of a URL: its heads, one a line, or why there is no answer. */
export type Heads = { readonly heads: string } | { readonly fault: string }

/** Whoever runs in a hook of git's has its repository in the environment (git(1), ENVIRONMENT VARIABLES). */
const noRepository = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_COMMON_DIR: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_NAMESPACE: undefined,
}

/**
 * The heads of the repository at `url`. Run in no repository, so nothing of one is heeded.
 * @param config settings that hold for this call, over the user's: `key=value`
 */
export function headsOf(
  url: string,
  { env }: Pick<World, 'env'>,
  {
    config = [],
    more = {},
    signal,
  }: { config?: readonly string[]; more?: Record<string, string>; signal?: AbortSignal | undefined },
): Promise<Heads> {
  const settings = config.flatMap((setting) => ['-c', setting])
  const cwd = path.parse(process.cwd()).root
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { ...env, ...noRepository, LC_ALL: 'C', ...more },
      windowsHide: true,
      timeout: 10 * 60_000,
      maxBuffer: 1 << 28,
      signal,
    }
    const child = execFile('git', [...settings, 'ls-remote', '--heads', '--', url], options, (error, stdout, stderr) => {
      if (!error) return resolve({ heads: stdout })
      // That a helper has quit says nothing: the line before says why.
      const lines = stderr
        .split('\n')
        .flatMap((line) => (line.trim() === '' || /told us to quit$/.test(line) ? [] : [line.trim()]))
      resolve({ fault: lines.at(-1) ?? error.message })
    })
    child.stdin?.end()
  })
}
