import path from 'node:path'
import { asByteText, type ByteText, bytesOf } from '../bytes.ts'
import { includesOf } from '../gitConfig/includes.ts'
import { parseConfig } from '../gitConfig/parse.ts'
import type { GitFile } from '../gitConfig/planGit.ts'
import type { Source } from '../plan.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import { type Bar, fenceAround } from './fence.ts'
import { type GitDir, gitDirsOf, isSubmodule, realOf } from './gitDir.ts'
import { readText } from './read.ts'
import { noteUnreadable, type Tree, type Unreadable, walk } from './walk.ts'

/** A git directory with a file that may name CodeCommit. */
export interface FoundRepository {
  /** As in `GitDir`. */
  readonly dir: string
  readonly folder: string
  readonly files: readonly GitFile[]
}

/** A manifest or lockfile; one that links lead to is there by each of them. */
export interface FoundManifest {
  readonly file: string
  /** Its text, where that may name CodeCommit; else it was looked at and let go. */
  readonly text: ByteText | undefined
  /** Why it may not be written, where it may not. */
  readonly barred: Bar | undefined
}

/** How much was looked at. */
export interface Counts {
  readonly folders: number
  readonly repositories: number
  readonly manifests: number
}

export interface Finding {
  readonly repositories: readonly FoundRepository[]
  /** Every one, also those without a hit: a lock without a manifest's hit, and the other way round, mean something. */
  readonly manifests: readonly FoundManifest[]
  /** Reads the files whose URLs are only reported; those with a text that may name CodeCommit. */
  readonly mentions: () => readonly Source[]
  readonly unreadable: readonly Unreadable[]
  /** The working trees that were met, by their folders. */
  readonly workTrees: ReadonlySet<string>
  readonly counts: Counts
}

export interface FindOptions {
  /** Beginnings of URLs that may stand for CodeCommit in git's configuration, by rules outside of `folders`. */
  readonly abbreviations?: readonly ByteText[]
  /** Called while it goes on, some ten times a second. */
  readonly progress?: ((counts: Counts) => void) | undefined
}

/**
 * Finds what may name CodeCommit below `folders`, which are absolute and there, and reads git's configurations and the
 * manifests. Nothing is run and nothing written.
 * @param home for `include.path = ~/…`
 */
export async function find(
  folders: readonly string[],
  home: string,
  { abbreviations = [], progress = () => {} }: FindOptions = {},
): Promise<Finding> {
  const tree = await walk(folders, (sofar) => progress(countsOf(sofar, sofar.gitEntries.length)))
  const gitDirs = gitDirsOf(tree, folders)
  const counts = countsOf(tree, gitDirs.length)
  progress(counts)
  const reader = new Reader(tree, fenceAround(folders), home, abbreviations)
  const repositories = gitDirs.flatMap((gitDir) => reader.repository(gitDir) ?? [])
  const manifests = tree.manifests.flatMap((file) => reader.manifest(file) ?? [])
  const mentions = () => tree.mentions.flatMap((file) => reader.mention(file) ?? [])
  const workTrees = new Set(tree.gitEntries.flatMap(({ folder, kind }) => (kind === 'bare' ? [] : [folder])))
  return { repositories, manifests, mentions, unreadable: tree.unreadable, workTrees, counts }
}

function countsOf(tree: Tree, repositories: number): Counts {
  return { folders: tree.folders, repositories, manifests: tree.manifests.length }
}

/** A script that Windows PowerShell has written may be in UTF-16. */
function inUtf8(text: ByteText | undefined): ByteText | undefined {
  return text?.startsWith('\xff\xfe') ? asByteText(bytesOf(text).toString('utf16le', 2)) : text
}

class Reader {
  readonly #tree: Tree
  readonly #barOf: (real: string) => Bar | undefined
  readonly #home: string
  readonly #abbreviations: readonly ByteText[]
  /** The real paths of what is to be edited: a file that several links or includes lead to is edited once. */
  readonly #taken = new Set<string>()

  constructor(tree: Tree, barOf: (real: string) => Bar | undefined, home: string, abbreviations: readonly ByteText[]) {
    this.#tree = tree
    this.#barOf = barOf
    this.#home = home
    this.#abbreviations = abbreviations
  }

  text(file: string, matters = true): ByteText | undefined {
    try {
      return readText(file)
    } catch (error) {
      noteUnreadable(error, file, this.#tree.unreadable, matters)
      return undefined
    }
  }

  repository(gitDir: GitDir): FoundRepository | undefined {
    const read = gitDir.files.flatMap(({ file, role }) => {
      const text = this.text(file)
      return text === undefined ? [] : [{ file, role, text }]
    })
    const all = [...read, ...this.#included(read), ...this.#farGitmodules(gitDir, read)]
    if (!all.some(({ text }) => mayNameCodeCommit(text) || this.#abbreviations.some((one) => text.includes(one))))
      return undefined
    const files = all.map(({ file, role, text }) => ({ file, role, text, ...this.#take(file) }))
    return { dir: gitDir.dir, folder: gitDir.folder, files }
  }

  manifest(file: string): FoundManifest | undefined {
    const text = this.text(file)
    if (text === undefined) return undefined
    if (!mayNameCodeCommit(text)) return { file, text: undefined, barred: undefined }
    return { file, text, barred: this.#barOf(realOf(file)) }
  }

  mention(file: string): Source | undefined {
    const text = inUtf8(this.text(file, false))
    // A .gitmodules may be edited as that of a working tree that is elsewhere than its repository.
    return text === undefined || !mayNameCodeCommit(text) || this.#taken.has(realOf(file)) ? undefined : { file, text }
  }

  /** Whether `file` may be written, and whether that is another's already, by whatever path. */
  #take(file: string): Pick<GitFile, 'barred' | 'shared'> {
    const real = realOf(file)
    const shared = this.#taken.has(real)
    this.#taken.add(real)
    return { barred: this.#barOf(real), shared }
  }

  /** What the configurations include, and what that includes; git gives up at ten levels. */
  #included(
    files: readonly Pick<GitFile, 'file' | 'role' | 'text'>[],
    seen = new Set<string>(),
  ): Pick<GitFile, 'file' | 'role' | 'text'>[] {
    return files.flatMap(({ file, role, text }) => {
      if (role !== 'config' || !/\[include/i.test(text)) return []
      const fresh = includesOf(parseConfig(text).entries, file, this.#home).filter((included) => !seen.has(included))
      for (const included of fresh) seen.add(included)
      const read = fresh.flatMap((included) => {
        const inner = this.text(included)
        return inner === undefined ? [] : [{ file: included, role, text: inner }]
      })
      return [...read, ...this.#included(read, seen)]
    })
  }

  /** The `.gitmodules` of a working tree that core.worktree puts elsewhere. Submodules' are where the walk finds them. */
  #farGitmodules(
    { dir }: GitDir,
    files: readonly Pick<GitFile, 'file' | 'role' | 'text'>[],
  ): Pick<GitFile, 'file' | 'role' | 'text'>[] {
    if (isSubmodule(dir)) return []
    return files.flatMap(({ role, text }) => {
      if (role !== 'config' || !/worktree\s*=/i.test(text)) return []
      return parseConfig(text).entries.flatMap(({ section, name, value }) => {
        if (section !== 'core' || name !== 'worktree' || !value) return []
        const file = path.join(path.resolve(dir, value), '.gitmodules')
        const list = this.text(file)
        return list === undefined ? [] : [{ file, role: 'gitmodules' as const, text: list }]
      })
    })
  }
}
