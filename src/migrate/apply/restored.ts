import type { ByteText } from '../bytes.ts'
import { bytesOf } from '../bytes.ts'
import { spliced } from '../splice.ts'
import { hashOf, type JournalEdit, type JournalFile } from './journal.ts'
import { locate } from './locate.ts'

/**
 * `text` with what a run wrote in it taken back. Of a text that has changed since, each edit where its new bytes stand; `lost`
 * are those that stand nowhere.
 */
export function restored(
  text: ByteText,
  { edits, oldHash }: Pick<JournalFile, 'edits' | 'oldHash'>,
): {
  readonly text: ByteText
  readonly lost: readonly JournalEdit[]
} {
  const placed = positions(edits)
  const exact = placed.every(({ edit, at }) => text.startsWith(edit.new, at)) && spliced(text, placed.map(backwards))
  if (exact !== false && hashOf(bytesOf(exact)) === oldHash) return { text: exact, lost: [] }
  const found = placed.map(({ edit, at }) => ({ edit, at, located: locate(text, edit, [at]) }))
  // What stands several times is where its neighbours have gone to.
  const shifts = [...new Set(found.flatMap(({ at, located }) => (located ? [located.at - at] : [])))]
  const back: Back[] = []
  const lost: JournalEdit[] = []
  for (const {
    edit,
    at,
    located = locate(
      text,
      edit,
      shifts.map((shift) => at + shift),
    ),
  } of found) {
    if (located?.holds === 'old') continue
    const one = located && backwards({ edit, at: located.at })
    // Two that are found in one place were two that looked alike, one of which is gone.
    if (one && back.every(({ start, end }) => end <= one.start || one.end <= start)) back.push(one)
    else lost.push(edit)
  }
  return { text: spliced(text, back), lost }
}

type Back = ReturnType<typeof backwards>

/** Where the new bytes of each edit stand in the new file. */
function positions(edits: readonly JournalEdit[]): { edit: JournalEdit; at: number }[] {
  let shift = 0
  return edits.map((edit) => {
    const at = edit.start + shift
    shift += edit.new.length - edit.old.length
    return { edit, at }
  })
}

function backwards({ edit, at }: { edit: JournalEdit; at: number }) {
  return { start: at, end: at + edit.new.length, old: edit.new, new: edit.old }
}
