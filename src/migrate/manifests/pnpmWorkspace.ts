import { type Decisions, nothing } from '../decided.ts'
import type { Translate } from '../url/translate.ts'
import { isCatalog, isLocked } from './packageJson.ts'
import { decideText, named, range, type TextFile } from './readings.ts'
import { decideTree } from './tree.ts'
import { unreadable } from './unreadable.ts'
import { yamlStrings } from './yaml.ts'

/** What is to change in a pnpm-workspace.yaml: its catalogs, its overrides, and what it lets be built. */
export function planPnpmWorkspace(file: TextFile, translate: Translate): Decisions {
  const { items, badLine } = yamlStrings(file.text)
  if (badLine !== undefined) return unreadable(file, badLine, 'pnpm-workspace.yaml')
  return decideTree(file, items, (item) => {
    const { path, isKey } = item
    if (path[0] === 'overrides' && path.length === 2) {
      return decideText(file, item, isKey ? named : range, 'override', translate)
    }
    if (isLocked(path, isKey)) return decideText(file, item, named, 'dependency', translate)
    return !isKey && isCatalog(path) ? decideText(file, item, range, 'catalog', translate) : nothing
  })
}
