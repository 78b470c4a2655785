import { type Decisions, nothing } from '../decided.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import type { TextFile } from './readings.ts'

/** The whole file is refused, when it may name CodeCommit at all. */
export function refusedFile({ file, text }: TextFile, line: number, reason: string, hint: string): Decisions {
  if (!mayNameCodeCommit(text)) return nothing
  return { edits: [], refused: [{ file, line, url: undefined, account: undefined, reason, hint }] }
}

/** A file that its parser does not understand from `line` on. */
export function unreadable(file: TextFile, line: number, kind: string): Decisions {
  return refusedFile(file, line, `line ${line} is not understood as ${kind}`, `correct line ${line}`)
}
