import { structuredPatch } from 'diff'
import { readable } from './bytes.ts'
import type { Plan } from './plan.ts'
import { spliced } from './splice.ts'

/** A line of a unified diff, with what it is: for its colour. */
export interface DiffLine {
  readonly kind: 'file' | 'hunk' | 'old' | 'new' | 'same'
  readonly text: string
}

/** What `plan` changes, as a unified diff. The lines are as in the files: whoever prints them makes them printable. */
export function diffOf({ transactions }: Pick<Plan, 'transactions'>): DiffLine[] {
  return transactions.flatMap(({ edits, sources }) =>
    sources.flatMap(({ file, text }) => {
      const own = edits.filter((edit) => edit.file === file)
      if (own.length === 0) return []
      const { hunks } = structuredPatch(file, file, readable(text), readable(spliced(text, own)), '', '', { context: 2 })
      return [
        { kind: 'file', text: `--- ${file}` } as const,
        { kind: 'file', text: `+++ ${file}` } as const,
        ...hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
          { kind: 'hunk', text: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@` } as const,
          ...lines.map((line) => ({ kind: kinds[line[0] ?? ''] ?? 'same', text: line }) as const),
        ]),
      ]
    }),
  )
}

const kinds: Readonly<Record<string, DiffLine['kind']>> = { '-': 'old', '+': 'new' }
