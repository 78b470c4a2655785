import type { Bar } from './find/fence.ts'
import type { Edit, Refused, Transaction } from './plan.ts'

/** That `edit` is not done. */
export function refusedEdit({ file, line, from, account }: Edit, { reason, hint }: Bar): Refused {
  return { file, line, url: from, account, reason, hint }
}

/** `transaction` without `edits`, which `refusal` refuses, and without the files in which nothing else changes. */
export function withoutEdits(transaction: Transaction, edits: readonly Edit[], refusal: (edit: Edit) => Refused): Transaction {
  const gone = new Set(edits)
  const left = transaction.edits.filter((edit) => !gone.has(edit))
  const files = new Set(left.map(({ file }) => file))
  return {
    ...transaction,
    edits: left,
    refused: [...transaction.refused, ...edits.map(refusal)],
    sources: transaction.sources.filter(({ file }) => files.has(file)),
  }
}
