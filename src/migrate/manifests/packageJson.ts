import { type Decisions, together } from '../decided.ts'
import type { EditKind } from '../plan.ts'
import type { Translate } from '../url/translate.ts'
import { jsonStrings } from './json.ts'
import { decideText, named, type Reading, range, repository, type TextFile } from './readings.ts'
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
  return together(
    items.map((item) => {
      const { path, isKey } = item
      const place = placeOf(path, isKey, readers)
      if (!place) return { edits: [], refused: [] }
      return decideText(file, item, place.reading, place.kind, place.kind === 'repository' ? readers.forPeople : translate)
    }),
  )
}

/** What the text at `path` is; undefined for what no package manager reads as a URL. */
function placeOf(path: Path, isKey: boolean, { bun }: Readers): { kind: EditKind; reading: Reading } | undefined {
  const [field, second] = path
  if (isOverride(path)) return { kind: 'override', reading: isKey ? named : range }
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

/** `catalog.NAME` and `catalogs.CATALOG.NAME` */
export function isCatalog(path: Path): boolean {
  return (path[0] === 'catalog' && path.length === 2) || (path[0] === 'catalogs' && path.length === 3)
}
