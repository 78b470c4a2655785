import { type Dirent, readdirSync } from 'node:fs'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { codeOf } from '../../base/errors.ts'
import { roleOf } from './names.ts'

/** Something named `.git`, or a bare repository. */
export interface GitEntry {
  /** `folder/.git` or, of a bare repository, `folder` itself. */
  readonly path: string
  readonly folder: string
  /** `pointer`: a `.git` file, or a symbolic link. */
  readonly kind: 'directory' | 'pointer' | 'bare'
}

/** What could not be read, with the system's word for it: `EACCES`. */
export interface Unreadable {
  readonly path: string
  readonly reason: string
  /** Whether it is a configuration or manifest, which may hold a URL that should move. */
  readonly matters: boolean
}

/** Takes down that `path` could not be read. What has gone since its folder was read, nobody misses. */
export function noteUnreadable(error: unknown, path: string, unreadable: Unreadable[], matters = false): void {
  const reason = codeOf(error)
  if (reason === undefined) throw error
  // A name that is no UTF-8 cannot be opened by what Node made of it.
  // A folder that has a file's name is none.
  if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(reason) || path.includes('\ufffd')) unreadable.push({ path, reason, matters })
}

/** The paths of interest below some folders. */
export interface Tree {
  readonly gitEntries: GitEntry[]
  readonly gitmodules: string[]
  readonly manifests: string[]
  readonly mentions: string[]
  readonly unreadable: Unreadable[]
  /** How many folders were read. */
  folders: number
}

/**
 * One walk over `folders` (absolute), never into node_modules or git directories, nor along links to directories. Gives
 * way to other tasks of this process ten times a second, and calls `progress` then.
 */
export async function walk(folders: readonly string[], progress: (tree: Tree) => void = () => {}): Promise<Tree> {
  const tree: Tree = { gitEntries: [], gitmodules: [], manifests: [], mentions: [], unreadable: [], folders: 0 }
  // A folder that was given is walked once, also when it lies below another.
  const given = new Set(folders)
  const walkedApart = (folder: string, start: string) => given.size > 1 && folder !== start && given.has(folder)
  let last = Date.now()
  for (const start of given) {
    const ahead = [start]
    for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
      if (!walkedApart(folder, start)) look(folder, ahead, tree)
      if (tree.folders % 256 !== 0 || Date.now() - last < 100) continue
      progress(tree)
      await turn()
      last = Date.now()
    }
  }
  return tree
}

/** Reads one folder; what it holds goes into `tree`, the folders below it into `ahead`. */
function look(folder: string, ahead: string[], tree: Tree): void {
  const entries = entriesOf(folder, tree)
  if (!entries) return
  tree.folders += 1
  const prefix = folder.endsWith(path.sep) ? folder : folder + path.sep
  const before = ahead.length
  let head = false
  // The cheap and frequent questions first: this runs for each entry of the tree.
  for (const entry of entries) {
    const { name } = entry
    if (!entry.isDirectory()) head = note(entry, folder, prefix, tree) || head
    else if (name === '.git') tree.gitEntries.push({ path: prefix + name, folder, kind: 'directory' })
    else if (name !== 'node_modules') ahead.push(prefix + name)
  }
  if (head && isBare(entries)) {
    ahead.length = before
    tree.gitEntries.push({ path: folder, folder, kind: 'bare' })
  }
}

/** Takes down a file or link that is of interest. Whether it is a HEAD, as bare repositories have it. */
function note(entry: Dirent, folder: string, prefix: string, tree: Tree): boolean {
  const { name } = entry
  const role = roleOf(name, folder)
  if (role === undefined) return false
  if (role === 'git') tree.gitEntries.push({ path: prefix + name, folder, kind: 'pointer' })
  else if (role === 'manifest') tree.manifests.push(prefix + name)
  else if (role === 'gitmodules') tree.gitmodules.push(prefix + name)
  else if (role === 'mention' && entry.isFile()) tree.mentions.push(prefix + name)
  return role === 'head'
}

function entriesOf(folder: string, tree: Tree): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    noteUnreadable(error, folder, tree.unreadable)
    return undefined
  }
}

/** What git takes for a git directory (is_git_directory in its setup.c): HEAD, objects and refs. */
function isBare(entries: readonly Dirent[]): boolean {
  return ['objects', 'refs'].every((name) => entries.some((entry) => entry.name === name && entry.isDirectory()))
}
