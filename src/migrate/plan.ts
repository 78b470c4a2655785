import type { ByteText } from './bytes.ts'

/** What an edit changes, in the words of the file that holds it. */
export type EditKind =
  // git-config(1); `.gitmodules` has `submodule.url` too
  | 'remote.url'
  | 'remote.pushurl'
  | 'remote.pushDefault'
  | 'branch.remote'
  | 'branch.pushRemote'
  | 'submodule.url'
  | 'url.insteadOf'
  | 'url.pushInsteadOf'
  /** A file in `.git/remotes` or `.git/branches` (gitrepository-layout(5)). */
  | 'remotes'
  // package.json and pnpm-workspace.yaml
  | 'dependency'
  | 'override'
  | 'catalog'
  | 'repository'
  /** Whatever a lockfile holds. */
  | 'lock'

/** One splice: the bytes from `start` to `end` of `file` are `old` and become `new`. */
export interface Edit {
  /** Absolute, as it was found: a symbolic link is not resolved. */
  readonly file: string
  /** Byte offsets, `end` exclusive. Edits of one file never overlap; where one is empty it is an insertion. */
  readonly start: number
  readonly end: number
  /** From 1: where the URL begins. */
  readonly line: number
  /** The URL as it is read (unquoted, unescaped), and what it becomes. The splice may cover more, or only a part of it. */
  readonly from: string
  readonly to: string
  readonly old: ByteText
  readonly new: ByteText
  readonly kind: EditKind
  /** Why, for a person: `an SSH key signs in`. */
  readonly reason: string
  /** Who signs in before: an SSH key id or ssh user, or a profile; undefined where nobody is named. */
  readonly account: string | undefined
  /** What git is asked for before and after, without what only a package manager reads; undefined for a rule's prefix. */
  readonly remote: Remote | undefined
}

/** The two URLs of one repository as `git ls-remote` takes them. */
export interface Remote {
  readonly from: string
  readonly to: string
}

/** A URL that should move and does not, or a file that was skipped (then without `url`). */
export interface Refused {
  readonly file: string
  readonly line: number
  readonly url: string | undefined
  /** As in `Edit`. */
  readonly account: string | undefined
  readonly reason: string
  /** What to do about it, if possible a command. */
  readonly hint: string
}

/** A URL that awsfed does not edit, because nothing would prove the edit: for a person to change. */
export interface Reported {
  readonly file: string
  readonly line: number
  readonly url: string
  /** As in `Edit`. */
  readonly account: string | undefined
  /** What it would become, where that is known. */
  readonly to: string | undefined
  /** The branch that holds the file, when that is not the one checked out. */
  readonly branch: string | undefined
}

/** An SSH key id of IAM, and the places that still need it when the plan is done. */
export interface KeyUse {
  readonly id: string
  readonly uses: readonly { readonly file: string; readonly line: number }[]
}

/** A file as the scan read it. Whoever writes compares it with what is there then. */
export interface Source {
  /** As in `Edit.file`. */
  readonly file: string
  readonly text: ByteText
}

/** Edits that belong together. */
export interface Transaction {
  /** The folder that a person knows it by, absolute: the repository's, for manifests too (their own where there is none). */
  readonly root: string
  /** The git directory whose configuration it is (the common one of worktrees); undefined for manifests. */
  readonly gitDir: string | undefined
  /**
   * `each`: every edit for itself, as in the configuration of one git directory. `all`: all or none, as a manifest and its
   * lock with the manifests of its workspaces; when one of them is refused, `edits` is empty.
   */
  readonly unit: 'each' | 'all'
  /** By file, then by `start`. */
  readonly edits: readonly Edit[]
  readonly refused: readonly Refused[]
  /** The files of `edits`. */
  readonly sources: readonly Source[]
}

/** All that a run would do: data, made without writing anything. */
export interface Plan {
  readonly transactions: readonly Transaction[]
  /** What belongs to no transaction: files that could not be read, for example. */
  readonly refused: readonly Refused[]
  readonly reported: readonly Reported[]
  readonly keys: readonly KeyUse[]
}
