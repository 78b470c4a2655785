import { type ByteText, lineAt } from '../bytes.ts'
import { type Decisions, nothing } from '../decided.ts'
import type { Edit } from '../plan.ts'
import { spliced } from '../splice.ts'
import type { TextFile } from './readings.ts'

/** One entry of a lock that its package manager keeps sorted: a key, or several, and what they resolve to. */
export interface Entry {
  /** Of the first key. What stands between two entries belongs to none. */
  readonly start: number
  readonly headerEnd: number
  readonly end: number
  /** As they are to be. */
  readonly keys: readonly string[]
  /** What changes in it, by `start`. */
  readonly edits: readonly Edit[]
}

/** How a package manager writes its entries. */
export interface Style {
  /** Several keys as they stand before the colon; a single one keeps its bytes. */
  readonly header: (keys: readonly string[]) => ByteText
  /** What the entries are sorted by. */
  readonly sortedBy: (keys: readonly string[]) => string
  /** What follows the keys, for two entries that have become one; undefined where they contradict each other. */
  readonly merge: (one: ByteText, other: ByteText) => ByteText | undefined
}

/**
 * The edits of `entries`, so that the lock is as its package manager would write it: the keys of one entry in order, entries
 * for the same key merged, and in their new places those that are sorted otherwise now. Entries for the same key that
 * differ are refused: one of them would be lost.
 */
export function settled(file: TextFile, entries: readonly Entry[], style: Style): Decisions {
  if (entries.every(({ edits }) => edits.length === 0)) return nothing
  const groups = sharingKeys(entries)
  const refused = groups.flatMap((group) => collisions(file, group, style))
  if (refused.length > 0) return { edits: [], refused }
  const kept = groups.map((group) => merged(file.text, group, style))
  const moving = movingOf(kept)
  const edits = [
    ...kept.flatMap((one) => (moving.has(one) ? [] : one.edits)),
    ...removals(file.text, entries, new Set(kept.flatMap((one) => (moving.has(one) ? [] : one.entry)))),
    ...insertions(file.text, entries, kept, moving),
  ]
  return { edits: edits.sort((a, b) => a.start - b.start || a.end - b.end), refused: [] }
}

type Group = readonly [Entry, ...Entry[]]

function sharingKeys(entries: readonly Entry[]): Group[] {
  const groups = new Map<Entry, [Entry, ...Entry[]]>()
  const firstOf = new Map<string, Entry>()
  for (const entry of entries) {
    const first = entry.keys.flatMap((key) => firstOf.get(key) ?? [])[0] ?? entry
    const group = groups.get(first)
    if (group) group.push(entry)
    else groups.set(first, [entry])
    for (const key of entry.keys) firstOf.set(key, first)
  }
  return [...groups.values()]
}

function collisions({ file, text }: TextFile, [first, ...others]: Group, { merge }: Style): Decisions['refused'] {
  return others.flatMap((other) => {
    if (merge(bodyOf(text, first), bodyOf(text, other)) !== undefined) return []
    const { from, account } = other.edits[0] ?? first.edits[0] ?? { from: undefined, account: undefined }
    const reason = `it would have the same key as the entry in line ${lineAt(text, first.start)}, and another content`
    const hint = 'let the package manager write the lock anew, or give each account its profile by --account'
    return [{ file, line: lineAt(text, other.start), url: from, account, reason, hint }]
  })
}

function bodyOf(text: ByteText, { headerEnd, end, edits }: Entry): ByteText {
  return newText(text, edits, headerEnd, end)
}

/** The entry that is left of a group, with what changes in it. */
interface Kept {
  readonly entry: Entry
  readonly key: string
  /** The edit that gives its keys; undefined where they stay. */
  readonly label: Edit | undefined
  readonly edits: readonly Edit[]
}

function merged(text: ByteText, group: Group, style: Style): Kept {
  const [entry, ...others] = group
  const { start, headerEnd, end, edits } = entry
  const keys = [...new Set(group.flatMap((one) => one.keys))].sort(byCode)
  const ofHeader = edits.filter((edit) => edit.start < headerEnd)
  const ofBody = edits.filter((edit) => edit.start >= headerEnd)
  const label = ofHeader[0] ?? others.flatMap((one) => one.edits)[0]
  if (!label) return { entry, key: style.sortedBy(keys), label, edits }
  const labels = (own: readonly Edit[]) => (own.length > 0 ? own : [label])
  const single = group.every((one) => one.keys.length === 1)
  const header = single ? ofHeader : replaced(text, labels(ofHeader), start, headerEnd, style.header(keys))
  const own = bodyOf(text, entry)
  const whole = others.reduce((one, other) => style.merge(one, bodyOf(text, other)) ?? one, own)
  const body = whole === own ? ofBody : replaced(text, labels(ofBody), headerEnd, end, whole)
  return { entry, key: style.sortedBy(keys), label, edits: [...header, ...body] }
}

/** Those that are not where their keys belong. Where the others are not sorted as expected, nothing moves. */
function movingOf(kept: readonly Kept[]): Set<Kept> {
  const staying = kept.filter(({ label }) => label === undefined)
  if (staying.some(({ key }, index) => byCode(staying[index - 1]?.key ?? '', key) > 0)) return new Set()
  const moving = new Set<Kept>()
  let before = ''
  let passed = 0
  for (const one of kept) {
    if (one.label === undefined) passed += 1
    const next = staying[passed]?.key
    const fits = byCode(before, one.key) <= 0 && (next === undefined || one.label === undefined || byCode(one.key, next) <= 0)
    if (fits) before = one.key
    else moving.add(one)
  }
  return moving
}

/** Takes out the entries that do not stay. */
function removals(text: ByteText, entries: readonly Entry[], staying: ReadonlySet<Entry>): Edit[] {
  return entries.flatMap((entry, index) => {
    if (staying.has(entry)) return []
    // With what stands before it, or at the very beginning with what stands behind it.
    const afterOne = entries.slice(0, index).some((one) => staying.has(one))
    const start = afterOne ? (entries[index - 1]?.end ?? entry.start) : entry.start
    const end = afterOne ? entry.end : (entries[index + 1]?.start ?? entry.end)
    return replaced(text, entry.edits, start, end, '')
  })
}

/** Puts the entries that move where they belong. */
function insertions(text: ByteText, entries: readonly Entry[], kept: readonly Kept[], moving: ReadonlySet<Kept>): Edit[] {
  const separator = text.slice(entries[0]?.end, entries[1]?.start)
  const staying = kept.filter((one) => !moving.has(one))
  return [...moving]
    .sort((a, b) => byCode(a.key, b.key))
    .flatMap(({ entry, key, label, edits }) => {
      const next = staying.find((one) => byCode(one.key, key) > 0)
      const at = next?.entry.start ?? staying.at(-1)?.entry.end
      if (!label || at === undefined) return []
      const block = newText(text, edits, entry.start, entry.end)
      return [{ ...label, start: at, end: at, old: '', new: next ? block + separator : separator + block }]
    })
}

function newText(text: ByteText, edits: readonly Edit[], start: number, end: number): ByteText {
  const inside = edits.filter((edit) => edit.start >= start && edit.end <= end)
  return spliced(
    text.slice(start, end),
    inside.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
  )
}

/** The bytes from `start` to `end` as `whole`; each of `edits` stays one, so that its URL is told. */
function replaced(text: ByteText, edits: readonly Edit[], start: number, end: number, whole: ByteText): Edit[] {
  return edits.map((edit, index) => {
    const from = index === 0 ? start : edit.start
    const to = edits[index + 1]?.start ?? end
    return { ...edit, start: from, end: to, old: text.slice(from, to), new: index === 0 ? whole : '' }
  })
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
