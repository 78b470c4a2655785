import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { AwsfedError } from '../../base/errors.ts'

/** CodeCommit's rule: up to 100 of these characters, not ending in `.git`. */
export const isRepositoryName = (name: string): boolean => /^[A-Za-z0-9._-]{1,100}$/.test(name) && !/^\.+$|\.git$/i.test(name)

/** The bare repositories: one folder for each account and region, as CodeCommit has them. */
export class Repositories {
  readonly folder: string
  readonly #environment: Record<string, string>

  /** `environment` is what git runs with. */
  constructor(folder: string, environment: Record<string, string>) {
    this.folder = folder
    this.#environment = environment
  }

  /** The folder of a repository; undefined where there is none. */
  find(account: string, region: string, name: string): string | undefined {
    if (!isRepositoryName(name)) return undefined
    const folder = this.#folderOf(account, region, name)
    return existsSync(folder) ? folder : undefined
  }

  /** Makes a bare repository, with one commit of `files` on `main` unless there are none. Returns its folder. */
  async create(account: string, region: string, name: string, files: Readonly<Record<string, string>>): Promise<string> {
    if (!isRepositoryName(name)) {
      throw new AwsfedError('usage', `"${name}" is no name of a CodeCommit repository`, {
        hint: 'use up to 100 of A-Z a-z 0-9 . _ - and no .git at the end',
      })
    }
    const folder = this.#folderOf(account, region, name)
    await mkdir(folder, { recursive: true })
    await this.#git(['init', '--quiet', '--bare', '--initial-branch=main', folder])
    await this.#git(['-C', folder, 'config', 'http.receivepack', 'true'])
    if (Object.keys(files).length > 0) await this.#git(['-C', folder, 'fast-import', '--quiet'], firstCommit(files))
    return folder
  }

  #folderOf(account: string, region: string, name: string): string {
    return path.join(this.folder, account, region, `${name}.git`)
  }

  async #git(args: readonly string[], input = ''): Promise<void> {
    const running = promisify(execFile)('git', args, { env: this.#environment })
    // A git that ends without reading is judged by its exit code.
    running.child.stdin?.on('error', () => {}).end(input)
    await running.catch((error: unknown) => {
      throw new AwsfedError('failed', `git ${args.find((arg) => !arg.startsWith('-'))} failed in the sandbox`, {
        hint: 'git 2.28 or newer must be on the PATH',
        cause: error,
      })
    })
  }
}

/** A stream for git-fast-import(1). */
function firstCommit(files: Readonly<Record<string, string>>): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  const changes = Object.entries(files).map(([name, text]) => `M 100644 inline ${name}\n${data(text)}`)
  const committer = 'committer Example Corp <corp@corp.example> 1735689600 +0000\n'
  return `commit refs/heads/main\n${committer}${data('First commit')}${changes.join('')}\n`
}
