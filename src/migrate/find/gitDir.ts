import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { readable } from '../bytes.ts'
import type { GitFile } from '../gitConfig/planGit.ts'
import { readText } from './read.ts'
import { type GitEntry, noteUnreadable, type Tree } from './walk.ts'

/** A git directory, and the files that hold its URLs. */
export interface GitDir {
  /** Absolute. Of worktrees the common one. */
  readonly dir: string
  /** The folder that a person knows it by: that of the main working tree where it was met, of a submodule its superproject's. */
  readonly folder: string
  /** In the order in which git reads them. */
  readonly files: { readonly file: string; readonly role: GitFile['role'] }[]
}

/** The git directories of `tree`, with those of their submodules; each once, however many worktrees and links lead to it. */
export function gitDirsOf(tree: Tree, folders: readonly string[]): GitDir[] {
  return new Finder(tree, folders).all()
}

class Finder {
  readonly #tree: Tree
  /** By their real paths. */
  readonly #known = new Map<string, GitDir>()

  /** Whether what the walk found has its real path, for no link led to the folders where it began. */
  readonly #plain: boolean

  constructor(tree: Tree, folders: readonly string[]) {
    this.#tree = tree
    this.#plain = folders.every((folder) => realOf(folder) === folder)
  }

  all(): GitDir[] {
    const lists = new Map(this.#tree.gitmodules.map((file) => [path.dirname(file), file]))
    // A worktree comes after the repository that it is of, which a person knows it by.
    const linked = ({ kind }: GitEntry) => kind === 'pointer'
    const { gitEntries } = this.#tree
    for (const entry of [...gitEntries.filter((one) => !linked(one)), ...gitEntries.filter(linked)]) {
      const gitDir = this.#gitDirOf(entry)
      const file = lists.get(entry.folder)
      if (gitDir && file !== undefined) {
        gitDir.files.push({ file, role: 'gitmodules' })
        lists.delete(entry.folder)
      }
    }
    // Of a copy of a repository, whose list no git reads.
    this.#tree.mentions.push(...lists.values())
    return [...this.#known.values()]
  }

  #gitDirOf({ path: entry, folder, kind }: GitEntry): GitDir | undefined {
    const dir = kind === 'pointer' ? this.#target(entry) : entry
    if (dir === undefined) return undefined
    const names = this.#names(dir)
    // A worktree's own directory has little of its own; all else is in the common one.
    const common = names.includes('commondir') ? this.#firstLine(path.join(dir, 'commondir')) : undefined
    if (common !== undefined) return this.#add(path.resolve(dir, common), folder)
    return this.#add(dir, folder, names, kind === 'pointer' || !this.#plain ? realOf(dir) : dir)
  }

  /** Where a `.git` file leads (`gitdir: PATH`, gitrepository-layout(5)), or a symbolic link in its place. */
  #target(entry: string): string | undefined {
    if (this.#tried(entry, () => statSync(entry).isDirectory())) return entry
    const target = /^gitdir: *(.+)$/.exec(this.#firstLine(entry) ?? '')?.[1]
    return target === undefined ? undefined : path.resolve(path.dirname(entry), target)
  }

  #add(dir: string, folder: string, names = this.#names(dir), real = realOf(dir)): GitDir | undefined {
    if (!names.includes('HEAD')) return undefined
    const met = this.#known.get(real)
    if (met) return met
    const gitDir: GitDir = { dir, folder, files: [] }
    this.#known.set(real, gitDir)
    const add = (role: GitFile['role'], ...steps: string[]) => gitDir.files.push({ file: [dir, ...steps].join(path.sep), role })
    if (names.includes('config')) add('config', 'config')
    if (names.includes('config.worktree')) add('config', 'config.worktree')
    if (names.includes('worktrees')) {
      for (const name of this.#names(path.join(dir, 'worktrees'))) {
        const inside = this.#names(path.join(dir, 'worktrees', name))
        if (inside.includes('config.worktree')) add('config', 'worktrees', name, 'config.worktree')
      }
    }
    for (const role of ['remotes', 'branches'] as const) {
      if (names.includes(role)) for (const name of this.#filesBelow(path.join(dir, role))) add(role, role, name)
    }
    if (names.includes('modules')) this.#addModules(path.join(dir, 'modules'), folder)
    return gitDir
  }

  /** Submodules' git directories lie below `modules` by their names, which may have slashes. */
  #addModules(folder: string, superproject: string): void {
    for (const entry of this.#entries(folder)) {
      const dir = path.join(folder, entry.name)
      if (entry.isDirectory() && !this.#add(dir, superproject)) this.#addModules(dir, superproject)
    }
  }

  #filesBelow(folder: string): string[] {
    return this.#entries(folder).flatMap((entry) =>
      entry.isDirectory()
        ? this.#filesBelow(path.join(folder, entry.name)).map((below) => path.join(entry.name, below))
        : [entry.name],
    )
  }

  #names(folder: string): string[] {
    return this.#tried(folder, () => readdirSync(folder)) ?? []
  }

  #entries(folder: string): Dirent[] {
    return this.#tried(folder, () => readdirSync(folder, { withFileTypes: true })) ?? []
  }

  #firstLine(file: string): string | undefined {
    return this.#tried(file, () => readable(readText(file)).split(/\r?\n/, 1)[0])
  }

  #tried<T>(place: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      noteUnreadable(error, place, this.#tree.unreadable)
      return undefined
    }
  }
}

/** Whether a git directory is one that a superproject keeps for its submodule. */
export function isSubmodule(dir: string): boolean {
  return /[\\/]\.git[\\/]modules[\\/]/.test(dir)
}

/** The real path of `path`, or that itself where nothing is there. */
export function realOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return path
  }
}
