import type { ByteText } from '../bytes.ts'
import type { Decisions } from '../decided.ts'
import type { Edit } from '../plan.ts'
import type { Entry } from './entries.ts'
import { newValue } from './literal.ts'
import type { YamlString } from './yaml.ts'

/** A key or value, and what becomes of it. */
export interface DecidedString {
  readonly item: YamlString
  readonly decisions: Decisions
}

/**
 * The entries of a YAML lock.
 * @param isKey whether an item is the key of one
 * @param keysOf the keys that the text of one joins
 */
export function yamlEntries(
  text: ByteText,
  all: readonly DecidedString[],
  isKey: (item: YamlString) => boolean,
  keysOf: (key: string) => readonly string[],
): Entry[] {
  const entries: (Entry & { edits: Edit[] })[] = []
  const ended = (offset: number) => {
    const last = entries.at(-1)
    if (last && last.end < 0)
      entries[entries.length - 1] = { ...last, end: last.start + text.slice(last.start, offset).replace(/[ \r\n]+$/, '').length }
  }
  let depth = 0
  for (const { item, decisions } of all) {
    const { path, literal, lineStart } = item
    if (item.isKey && path.length <= depth) {
      ended(lineStart)
      depth = 0
    }
    if (depth > 0) entries.at(-1)?.edits.push(...decisions.edits)
    if (!item.isKey || !isKey(item)) continue
    const headerEnd = literal.start + literal.raw.length + (literal.quoting === 'plain' ? 0 : 1)
    const keys = keysOf(newValue(literal, decisions.edits))
    entries.push({ start: lineStart, headerEnd, end: -1, keys, edits: [...decisions.edits] })
    depth = path.length
  }
  ended(text.length)
  return entries
}
