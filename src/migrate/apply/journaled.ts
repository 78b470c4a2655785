import { type ByteText, byteText } from '../bytes.ts'
import type { Edit } from '../plan.ts'
import type { Group, PlannedFile } from './groups.ts'
import { hashOf, type JournalEdit, type JournalFile, type JournalGroup } from './journal.ts'
import { Stands, wordAround } from './word.ts'

/** A group as its journal has it. */
export function journaled({ root, unit, files }: Group): JournalGroup {
  return { root, unit, files: files.map(journaledFile) }
}

function journaledFile({ file, target, locked, mode, old, next, edits }: PlannedFile): JournalFile {
  const text = byteText(next)
  const words = wordsOf(edits, text)
  const before = new Stands(
    byteText(old ?? nothing),
    words.map((word) => word.old),
  )
  const after = new Stands(
    text,
    words.map((word) => word.new),
  )
  return {
    file,
    target,
    locked,
    absent: old === undefined,
    mode,
    oldHash: hashOf(old ?? nothing),
    newHash: hashOf(next),
    edits: words.map((word) => ({ ...word, stands: { old: before.of(word.old).length, new: after.of(word.new).length } })),
  }
}

const nothing = Buffer.alloc(0)

/** `edits` widened to whole words of `text`, which they have led to; those in one word as one. */
function wordsOf(edits: readonly Edit[], text: ByteText): Omit<JournalEdit, 'stands'>[] {
  const words: { edit: Edit; shift: number; start: number; end: number; old: ByteText; until: number }[] = []
  let shift = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const start = edit.start + shift
    const end = start + edit.new.length
    const word = wordAround(text, start, end)
    const last = words.at(-1)
    if (last && word.start < last.end) {
      last.old += text.slice(last.until, start) + edit.old
      last.until = end
      last.end = Math.max(last.end, word.end)
    } else words.push({ edit, shift, ...word, old: text.slice(word.start, start) + edit.old, until: end })
    shift += edit.new.length - edit.old.length
  }
  return words.map(({ edit: { line, from, to, kind }, shift: moved, start, end, old, until }) => ({
    start: start - moved,
    old: old + text.slice(until, end),
    new: text.slice(start, end),
    line,
    from,
    to,
    kind,
    before: text.slice(Math.max(0, start - contextLength), start),
    after: text.slice(end, end + contextLength),
  }))
}

/** So much of a file's text finds a place again after the file has changed elsewhere. */
const contextLength = 64
