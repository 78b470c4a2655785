import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { codeOf } from '../../base/errors.ts'
import { asByteText, type ByteText, bytesOf } from '../bytes.ts'
import { realOf } from '../find/gitDir.ts'
import { readText } from '../find/read.ts'
import { includesOf } from '../gitConfig/includes.ts'
import { type Entry, type Header, parseConfig } from '../gitConfig/parse.ts'
import { newSubsection, newValue } from '../gitConfig/write.ts'
import type { Edit } from '../plan.ts'
import { spliced } from '../splice.ts'
import type { Texts } from './texts.ts'

/** A folder that git reads in the place of a repository's common directory. */
export interface StandIn {
  readonly folder: string
  /** The real path of each copy in it, by the copy's. */
  readonly copies: ReadonlyMap<string, string>
}

/**
 * Writes what git is to take for the common directory of `gitDir`: its `config` and what that includes, with `texts` in the
 * place of what is there. Git decides over conditions, order and quoting; this only makes the names lead to the copies.
 * @param view the git directory to look from: `gitDir` itself, or that of a linked worktree
 */
export function writeStandIn(folder: string, gitDir: string, view: string, texts: Texts, home: string): StandIn {
  rmSync(folder, { recursive: true, force: true })
  // What git takes a directory for a git directory by (is_git_directory in setup.c).
  for (const name of ['objects', 'refs']) mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 })
  const copies = new Copies(folder, texts, home)
  const worktree = path.join(view, 'config.worktree')
  const own = texts.has(realOf(worktree))
  copies.add(path.join(gitDir, 'config'), 'config', (text) => (own ? withIncluded(text, copies.add(worktree)) : text))
  return { folder, copies: copies.origins }
}

class Copies {
  readonly origins = new Map<string, string>()
  readonly #folder: string
  readonly #texts: Texts
  readonly #home: string
  readonly #names = new Map<string, string>()

  constructor(folder: string, texts: Texts, home: string) {
    this.#folder = folder
    this.#texts = texts
    this.#home = home
  }

  /** The path of the copy of `file`; of what cannot be read, its own. */
  add(file: string, name = `included-${this.#names.size}`, change = (text: ByteText) => text): string {
    const real = realOf(file)
    const known = this.#names.get(real)
    if (known !== undefined) return known
    const text = this.#texts.get(real) ?? textOf(real)
    if (text === undefined) return file
    const copy = path.join(this.#folder, name)
    this.#names.set(real, copy)
    this.origins.set(copy, real)
    writeFileSync(copy, bytesOf(change(this.#relocated(text, file))), { mode: 0o600 })
    return copy
  }

  /** `text` with the paths and conditions that begin at its own folder made to begin at the root. */
  #relocated(text: ByteText, file: string): ByteText {
    if (!/\[include/i.test(text)) return text
    const { entries } = parseConfig(text)
    const paths = entries.flatMap((entry) => {
      const [included] = includesOf([entry], file, this.#home)
      return included === undefined ? [] : [newValue(text, entry, asByteText(this.add(included)))]
    })
    const headers = new Set(entries.flatMap(({ section, header }) => (section === 'includeif' && header ? [header] : [])))
    return spliced(text, [...paths, ...[...headers].flatMap((header) => condition(text, header, file))])
  }
}

/** `gitdir:./…` begins at the folder of the file that says it (git-config(1), Conditional includes). */
function condition(text: ByteText, header: Header, file: string): Pick<Edit, 'start' | 'end' | 'old' | 'new'>[] {
  const [, kind, rest] = /^(gitdir(?:\/i)?:)\.\/(.*)$/s.exec(header.subsection) ?? []
  if (kind === undefined || rest === undefined) return []
  return [newSubsection(text, header, `${kind}${asByteText(path.dirname(realOf(file)))}/${rest}`)]
}

/** `text` that includes the worktree's own configuration at its end, where git reads it, in the place of the extension. */
function withIncluded(text: ByteText, file: string): ByteText {
  const flag = parseConfig(text).entries.findLast(isWorktreeFlag)
  if (flag === undefined || /^(false|no|off|0|)$/i.test(flag.value ?? 'true')) return text
  const quoted = asByteText(file).replace(/[\\"]/g, '\\$&')
  return `${text}\n[extensions]\n\tworktreeConfig = false\n[include]\n\tpath = "${quoted}"\n`
}

function isWorktreeFlag({ section, subsection, name }: Entry): boolean {
  return section === 'extensions' && subsection === undefined && name === 'worktreeconfig'
}

/** Undefined also for what this user may not read: of that git itself is to say what it says. */
function textOf(file: string): ByteText | undefined {
  try {
    return lstatSync(file).isFile() ? readText(file) : undefined
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return undefined
  }
}
