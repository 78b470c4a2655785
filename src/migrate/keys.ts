import type { KeyUse, Plan } from './plan.ts'
import { isKeyId } from './url/codeCommitUrl.ts'

/** Every SSH key id that signs in today, with the places that still need it when `plan` is done. */
export function keysOf({ transactions, refused, reported }: Omit<Plan, 'keys'>): KeyUse[] {
  const moving = transactions.flatMap(({ edits }) => edits)
  const staying = [...transactions.flatMap((transaction) => transaction.refused), ...refused, ...reported]
  const ids = new Set(
    [...moving, ...staying].flatMap(({ account }) => (account !== undefined && isKeyId(account) ? [account] : [])),
  )
  return [...ids].sort().map((id) => ({
    id,
    uses: staying.filter(({ account }) => account === id).map(({ file, line }) => ({ file, line })),
  }))
}
