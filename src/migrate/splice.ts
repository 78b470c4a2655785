import type { ByteText } from './bytes.ts'
import type { Edit } from './plan.ts'

/**
 * `text` with `edits` (those of one file, in any order) done.
 * @throws Error when two overlap or one does not find its `old` bytes: a bug of the planner, or another text
 */
export function spliced(text: ByteText, edits: readonly Pick<Edit, 'start' | 'end' | 'old' | 'new'>[]): ByteText {
  const parts: ByteText[] = []
  let done = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < done) throw new Error(`edits overlap at byte ${edit.start}`)
    if (text.slice(edit.start, edit.end) !== edit.old) throw new Error(`another text than planned for at byte ${edit.start}`)
    parts.push(text.slice(done, edit.start), edit.new)
    done = edit.end
  }
  parts.push(text.slice(done))
  return parts.join('')
}
