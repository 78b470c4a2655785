import { type Decisions, nothing } from '../decided.ts'
import type { EditKind } from '../plan.ts'
import type { Translate } from '../url/translate.ts'
import { jsonStrings } from './json.ts'
import { decideText, named, type Reading, range, repository, type TextFile } from './readings.ts'
import { decideTree } from './tree.ts'
import { unreadable } from './unreadable.ts'

type Path = readonly (string | number)[]

/** The fields of package.json whose values are ranges by name, beside `bundleDependencies`, which has names only. */
export const dependencyFields: ReadonlySet<string | number | undefined> = new Set([
  ...['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'],
])

/** What a package.json is read by. */
export interface Readers {
  /** Decides over `repository`, which no package manager reads. */
  readonly forPeople: Translate
  /** Whether Bun is one of them. */
  readonly bun: boolean
}

/**
 * What is to change in a package.json: its dependencies, what overrides them, and `repository`. All other fields are the
 * project's own.
 */
export function planPackageJson(file: TextFile, translate: Translate, readers: Readers): Decisions {
  const { items, badLine } = jsonStrings(file.text)
  if (badLine !== undefined) return unreadable(file, badLine, 'package.json')
  return decideTree(file, items, (item) => {
    const place = placeOf(item.path, item.isKey, readers)
    if (!place) return nothing
    return decideText(file, item, place.reading, place.kind, place.kind === 'repository' ? readers.forPeople : translate)
  })
}

/** What the text at `path` is; undefined for what no package manager reads as a URL. */
function placeOf(path: Path, isKey: boolean, { bun }: Readers): { kind: EditKind; reading: Reading } | undefined {
  const [field, second] = path
  if (isOverride(path)) return { kind: 'override', reading: isKey ? named : range }
  if (isLocked(field === 'pnpm' ? path.slice(1) : path, isKey)) return { kind: 'dependency', reading: named }
  if (isKey) return undefined
  if (dependencyFields.has(field) && path.length === 2) return { kind: 'dependency', reading: range }
  const catalogs = field === 'workspaces' || field === 'pnpm' ? path.slice(1) : bun ? path : []
  if (isCatalog(catalogs)) return { kind: 'catalog', reading: range }
  const isRepository = field === 'repository' && (path.length === 1 || (path.length === 2 && second === 'url'))
  return isRepository ? { kind: 'repository', reading: repository } : undefined
}

/** npm's `overrides`, which nest (`.` stands for the package whose key holds it), yarn's `resolutions`, pnpm's `pnpm.overrides`. */
function isOverride([field, second, ...more]: Path): boolean {
  if (field === 'overrides') return second !== undefined
  if (field === 'resolutions') return second !== undefined && more.length === 0
  return field === 'pnpm' && second === 'overrides' && more.length === 1
}

/** Packages that must not or may run scripts, in pnpm's settings. */
const buildLists = new Set<string | number | undefined>([
  ...['onlyBuiltDependencies', 'neverBuiltDependencies', 'ignoredBuiltDependencies'],
])

/** Where packages are named as the lock names them, NAME@URL#COMMIT: what pnpm may build, and what Bun patches. */
export function isLocked([field, second, ...more]: Path, isKey: boolean): boolean {
  if (second === undefined || more.length > 0) return false
  return isKey ? field === 'patchedDependencies' || field === 'allowBuilds' : buildLists.has(field)
}

/** `catalog.NAME` and `catalogs.CATALOG.NAME` */
export function isCatalog(path: Path): boolean {
  return (path[0] === 'catalog' && path.length === 2) || (path[0] === 'catalogs' && path.length === 3)
}
