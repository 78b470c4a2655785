import type { Decisions } from '../decided.ts'
import type { Translate } from '../url/translate.ts'
import { jsonStrings, withTrailingCommas } from './json.ts'
import { dependencyFields, isCatalog, isLocked } from './packageJson.ts'
import { named, type Reading, range, type TextFile } from './readings.ts'
import { decideInLock, decideTree } from './tree.ts'
import { unreadable } from './unreadable.ts'

type Path = readonly (string | number)[]

/** What is to change in a bun.lock. */
export function planBunLock(file: TextFile, translate: Translate): Decisions {
  const { items, badLine } = jsonStrings(file.text, withTrailingCommas)
  if (badLine !== undefined) return unreadable(file, badLine, "Bun's lock")
  return decideTree(file, items, (item) => decideInLock(file, item, readingOf(item.path, item.isKey), translate))
}

/** `packages` holds `"KEY": ["NAME@URL#COMMIT", { "dependencies": { … } }, …]`. */
function readingOf(path: Path, isKey: boolean): Reading | undefined {
  const [section, , index, field] = path
  if (section === 'overrides' && path.length > 1) return isKey ? named : range
  if (isLocked(path, isKey)) return named
  if (isKey) return undefined
  if (isCatalog(path)) return range
  if (section === 'workspaces') return path.length === 4 && dependencyFields.has(index) ? range : undefined
  if (section !== 'packages') return undefined
  if (path.length === 3 && index === 0) return named
  return path.length === 5 && dependencyFields.has(field) ? range : undefined
}
