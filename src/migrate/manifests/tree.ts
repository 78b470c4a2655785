import { type Decisions, together } from '../decided.ts'
import type { Refused } from '../plan.ts'
import { refusedEdit } from '../refusing.ts'
import type { Translate } from '../url/translate.ts'
import { newValue } from './literal.ts'
import { decideText, named, type Reading, range, type TextFile } from './readings.ts'
import type { TreeString } from './strings.ts'

/** What becomes of the texts of a tree by `decide`. Keys of one mapping that would become the same are refused. */
export function decideTree<Item extends TreeString>(
  file: TextFile,
  items: readonly Item[],
  decide: (item: Item) => Decisions,
): Decisions {
  const all = items.map((item) => ({ item, decisions: decide(item) }))
  return together([...all.map(({ decisions }) => decisions), { edits: [], refused: collidingKeys(file, all) }])
}

/** What becomes of a text of a lock, where package managers write what `reading` reads. */
export function decideInLock<Item extends TreeString>(
  file: TextFile,
  item: Item,
  reading: Reading | undefined,
  translate: Translate,
): Decisions {
  return reading ? decideText(file, item, reading, 'lock', translate) : outOfPlace(file, item, translate)
}

/** Of such keys a parser would keep one only (JSON), or refuse the file (YAML). */
export function collidingKeys(
  { file }: TextFile,
  all: readonly { readonly item: TreeString; readonly decisions: Decisions }[],
): Refused[] {
  const first = new Map<string, TreeString>()
  return all.flatMap(({ item, decisions }) => {
    if (!item.isKey) return []
    const { path, literal, line } = item
    const key = JSON.stringify([...path.slice(0, -1), newValue(literal, decisions.edits)])
    const other = first.get(key) ?? item
    first.set(key, other)
    if (other.literal.value === literal.value) return []
    const { from: url, account } = decisions.edits[0] ?? { from: literal.value, account: undefined }
    const reason = `it would be the same key as the one in line ${other.line}`
    return [{ file, line, url, account, reason, hint: 'remove one of them, or give each account its profile by --account' }]
  })
}

/**
 * Refuses a URL that would move, in a place of a lock where no package manager is known to write one: with the rest of the
 * lock changed and this left, its package manager might make anything of it.
 */
function outOfPlace(file: TextFile, item: TreeString, translate: Translate): Decisions {
  const { edits } = together([range, named].map((reading) => decideText(file, item, reading, 'lock', translate)))
  const reason = 'it stands where no package manager is known to write a URL'
  const hint = 'see that the manifest has it with a scheme (git+ssh://), and let the package manager write the lock anew'
  const refused = edits.slice(0, 1).map((edit) => refusedEdit(edit, { reason, hint }))
  return { edits: [], refused }
}
