import type { Decisions } from '../decided.ts'
import type { Translate } from '../url/translate.ts'
import { jsonStrings } from './json.ts'
import { dependencyFields } from './packageJson.ts'
import { type Reading, range, shifted, type TextFile } from './readings.ts'
import { decideInLock, decideTree } from './tree.ts'
import { unreadable } from './unreadable.ts'

type Path = readonly (string | number)[]

/** What is to change in a package-lock.json or npm-shrinkwrap.json of any version. */
export function planNpmLock(file: TextFile, translate: Translate): Decisions {
  const { items, badLine } = jsonStrings(file.text)
  if (badLine !== undefined) return unreadable(file, badLine, "npm's lock")
  return decideTree(file, items, (item) => decideInLock(file, item, item.isKey ? undefined : readingOf(item.path), translate))
}

/** npm's documentation, package-lock.json: `packages` of versions 2 and 3, `dependencies` of 1 and 2. */
function readingOf(path: Path): Reading | undefined {
  const [section, name, field] = path
  if (section === 'packages') {
    if (path.length === 3) return field === 'resolved' || field === 'version' ? range : undefined
    return path.length === 4 && dependencyFields.has(field) ? range : undefined
  }
  if (section !== 'dependencies' || name === undefined) return undefined
  if (path.length > 3 && field === 'dependencies') return readingOf(path.slice(2))
  if (path.length === 4) return field === 'requires' ? range : undefined
  if (path.length !== 3) return undefined
  if (field === 'from') return after(`${name}@`)
  return field === 'version' || field === 'resolved' ? range : undefined
}

/** A range that may have `prefix` before it; npm 6 leaves it away for a git URL. */
function after(prefix: string): Reading {
  return (value) => (value.startsWith(prefix) ? range(value.slice(prefix.length)).map(shifted(prefix.length)) : range(value))
}
