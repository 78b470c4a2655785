import type { Bar } from './find/fence.ts'
import type { Edit, EditKind, Refused } from './plan.ts'
import { refusedEdit } from './refusing.ts'
import type { Verdict } from './url/translate.ts'

/** What a planner has decided of one file, or of a part of it. */
export interface Decisions {
  readonly edits: readonly Edit[]
  readonly refused: readonly Refused[]
}

export const nothing: Decisions = { edits: [], refused: [] }

/** A URL in a file. */
export interface Found {
  readonly file: string
  /** From 1; asked only where something becomes of the URL, as counting takes a while in a long file. */
  readonly line: () => number
  readonly url: string
  readonly kind: EditKind
}

/**
 * What becomes of `found` by `verdict`: an edit, a refusal, or nothing.
 * @param splice the bytes to change for the URL that it moves to
 */
export function decided(
  verdict: Verdict,
  found: Found,
  splice: (to: string) => Pick<Edit, 'start' | 'end' | 'old' | 'new'>,
): Decisions {
  if (verdict.verdict === 'none') return nothing
  const { file, url, kind } = found
  const line = found.line()
  const { account, reason } = verdict
  if (verdict.verdict === 'refuse') return { edits: [], refused: [{ file, line, url, account, reason, hint: verdict.hint }] }
  const { to, remote } = verdict
  return { edits: [{ file, line, from: url, to, kind, reason, account, remote, ...splice(to) }], refused: [] }
}

/** Nothing is edited; what would be is refused for `bar`. */
export function barredBy(bar: Bar, { edits, refused }: Decisions): Decisions {
  return { edits: [], refused: [...refused, ...edits.map((edit) => refusedEdit(edit, bar))] }
}

/** Several decisions as one. */
export function together(all: readonly Decisions[]): Decisions {
  return { edits: all.flatMap(({ edits }) => edits), refused: all.flatMap(({ refused }) => refused) }
}
