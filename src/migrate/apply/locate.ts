import type { ByteText } from '../bytes.ts'
import type { JournalEdit } from './journal.ts'

/** Where an edit's bytes are in a file that has changed since: the new ones, or the old ones again. */
export type Located = { readonly at: number; readonly holds: 'new' | 'old' } | undefined

/** How much of the context has to be there, before and after. One side may have been rewritten, but for what adjoins. */
const contexts = [
  [64, 64],
  [16, 16],
  [64, 1],
  [1, 64],
] as const

/**
 * Finds `edit` in `text`: where its bytes stand just once with what stood around them, or, where they do several times, at
 * the first of `expected` that has them. Undefined where they are not there, or nothing tells which they are.
 * @param expected where its new bytes may be: where they were written, for one
 */
export function locate(text: ByteText, edit: JournalEdit, expected: readonly number[]): Located {
  for (const holds of ['new', 'old'] as const) {
    const at = find(text, edit, edit[holds], expected)
    if (at !== undefined) return { at, holds }
  }
  return undefined
}

function find(text: ByteText, edit: JournalEdit, bytes: ByteText, expected: readonly number[]): number | undefined {
  // Where nothing stood, only both sides together tell.
  for (const [ahead, behind] of bytes === '' ? contexts.slice(0, 1) : contexts) {
    const before = edit.before.slice(-ahead)
    const needle = before + bytes + edit.after.slice(0, behind)
    const first = text.indexOf(needle)
    if (first < 0) continue
    const only = text.indexOf(needle, first + 1) < 0
    const at = only ? first + before.length : expected.find((place) => text.startsWith(needle, place - before.length))
    if (at !== undefined) return at
  }
  return undefined
}
