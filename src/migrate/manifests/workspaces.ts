import { existsSync } from 'node:fs'
import path from 'node:path'
import { globby } from 'globby'
import type { ByteText } from '../bytes.ts'
import { textIfReadable } from '../find/read.ts'
import { jsonValue } from './json.ts'
import { yamlStrings } from './yaml.ts'

/** What a folder's package.json and pnpm-workspace.yaml say of other folders. */
export interface Package {
  /** Those of its workspaces, absolute; where a symbolic link leads to one, the link. */
  readonly workspaces: readonly string[]
  /** Those that its dependencies name: `file:../lib`. */
  readonly linked: readonly string[]
  /** Whether yarn 2 or newer installs it. */
  readonly berry: boolean
}

/** Reads what `folder` says; undefined where it has neither file. */
export async function packageIn(folder: string): Promise<Package | undefined> {
  const manifest = textIfReadable(path.join(folder, 'package.json'))
  const pnpm = textIfReadable(path.join(folder, 'pnpm-workspace.yaml'))
  if (manifest === undefined && pnpm === undefined) return undefined
  // Tolerant, as what is wrong with it is said by the planner, and by nobody when there is nothing to change.
  const value = manifest === undefined ? {} : jsonValue(manifest)
  const patterns = [...npmPatterns(value), ...(pnpm === undefined ? [] : pnpmPatterns(pnpm))]
  return {
    workspaces: patterns.length === 0 ? [] : await foldersOf(folder, patterns),
    linked: linkedBy(value).map((target) => path.resolve(folder, target)),
    berry: existsSync(path.join(folder, '.yarnrc.yml')) || /^yarn@[2-9]/.test(String(field(value, 'packageManager') ?? '')),
  }
}

/** `workspaces: […]`, or `{ "packages": […] }` (yarn 1, Bun). */
function npmPatterns(value: unknown): string[] {
  const workspaces = field(value, 'workspaces')
  return texts(Array.isArray(workspaces) ? workspaces : field(workspaces, 'packages'))
}

/** A file that is not understood may name any folder. */
function pnpmPatterns(text: ByteText): string[] {
  const { items, badLine } = yamlStrings(text)
  if (badLine !== undefined) return ['**']
  return items.flatMap(({ path: [key, index], isKey, literal }) =>
    key === 'packages' && typeof index === 'number' && !isKey ? [literal.value] : [],
  )
}

/** npm's `file:`, pnpm's and yarn's `link:`, yarn's `portal:`. */
function linkedBy(value: unknown): string[] {
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  return fields.flatMap((name) =>
    texts(Object.values(Object(field(value, name)))).flatMap((range) => /^(?:file|link|portal):(.+)$/.exec(range)?.[1] ?? []),
  )
}

/** The folders with a package.json that the patterns match, and the links to folders; never in node_modules. */
async function foldersOf(folder: string, patterns: readonly string[]): Promise<string[]> {
  const clean = patterns.map((pattern) => pattern.replace(/^(!?)(?:\.\/)?(.*?)\/*$/, '$1$2'))
  const found = await globby(
    clean.flatMap((pattern) => [pattern, `${pattern}/package.json`]),
    // Links are not followed: a pattern with ** would walk in circles.
    {
      cwd: folder,
      onlyFiles: false,
      followSymbolicLinks: false,
      ignore: ['**/node_modules/**'],
      objectMode: true,
      dot: true,
      expandDirectories: false,
      suppressErrors: true,
    },
  )
  return found.flatMap(({ path: place, dirent }) => {
    if (path.basename(place) === 'package.json') return [path.resolve(folder, path.dirname(place))]
    const linked = dirent.isSymbolicLink() && existsSync(path.resolve(folder, place, 'package.json'))
    return linked ? [path.resolve(folder, place)] : []
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
