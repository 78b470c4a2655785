import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

export const host = 'git-codecommit.us-east-1.amazonaws.com'
export const ssh = (name: string, user?: string) => `ssh://${user === undefined ? '' : `${user}@`}${host}/v1/repos/${name}`
export const https = (name: string, user?: string) => ssh(name, user).replace('ssh:', 'https:')

/** A folder of its own for one test file, with a home in it, and real git that knows nothing of this machine's settings. */
export function codeFolder() {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'awsfed-migrate-')))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  const home = path.join(root, 'home')
  mkdirSync(home)
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Jane',
    GIT_AUTHOR_EMAIL: 'jane@corp.example',
    GIT_COMMITTER_NAME: 'Jane',
    GIT_COMMITTER_EMAIL: 'jane@corp.example',
  }
  const at = (...steps: string[]) => path.join(root, ...steps)
  const git = (folder: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  /** A repository with one commit, and `url` as its origin. */
  const repository = (folder: string, url?: string, ...options: string[]) => {
    mkdirSync(folder, { recursive: true })
    git(folder, 'init', '--quiet', '--initial-branch=main', ...options)
    if (!options.includes('--bare')) git(folder, 'commit', '--quiet', '--allow-empty', '--message=Begin')
    if (url !== undefined) git(folder, 'remote', 'add', 'origin', url)
    return folder
  }
  return { root, home, env, at, git, write, repository }
}
