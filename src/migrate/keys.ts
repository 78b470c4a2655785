import type { KeyUse, Plan, Refused } from './plan.ts'
import { isKeyId } from './url/codeCommitUrl.ts'

/** Where a name signs in today. */
type Use = Pick<Refused, 'file' | 'line' | 'account'>

/** Every SSH key id that signs in today, with the places that still need it when `plan` is done. */
export function keysOf({ transactions, refused, reported }: Omit<Plan, 'keys'>): KeyUse[] {
  const moving = transactions.flatMap(({ edits }) => edits)
  return keyUses(moving, [...transactions.flatMap((transaction) => transaction.refused), ...refused, ...reported])
}

/** The same once it is known what moved and what stays. */
export function keyUses(moved: readonly Use[], staying: readonly Use[]): KeyUse[] {
  const ids = new Set(
    [...moved, ...staying].flatMap(({ account }) => (account !== undefined && isKeyId(account) ? [account] : [])),
  )
  return [...ids].sort().map((id) => ({
    id,
    uses: staying.filter(({ account }) => account === id).map(({ file, line }) => ({ file, line })),
  }))
}
