import { distinct } from './distinct.ts'
import type { Edit, KeyUse, Plan, Refused } from './plan.ts'
import { isKeyId } from './url/codeCommitUrl.ts'

/** A URL, and who signs in by it today. */
type Use = Pick<Refused, 'file' | 'line' | 'account'> & (Pick<Edit, 'from'> | Pick<Refused, 'url'>)

/** Every SSH key id that signs in today, with the places that still need it when `plan` is done. */
export function keysOf({ transactions, refused, reported }: Omit<Plan, 'keys'>): KeyUse[] {
  const moving = transactions.flatMap(({ edits }) => edits)
  return keyUses(moving, [...transactions.flatMap((transaction) => transaction.refused), ...refused, ...reported])
}

/** The same once it is known what moved and what stays. */
export function keyUses(moved: readonly Use[], staying: readonly Use[]): KeyUse[] {
  const ids = new Set([...moved, ...staying].flatMap(idsOf))
  return [...ids].sort().map((id) => ({
    id,
    uses: distinct(staying.flatMap((one) => (idsOf(one).includes(id) ? [{ file: one.file, line: one.line }] : []))),
  }))
}

/** Who signs in, and the user that the URL names, whom a core.sshCommand may overrule. */
function idsOf(use: Use): string[] {
  const url = 'from' in use ? use.from : use.url
  return [use.account ?? '', ...(url?.match(/[A-Z0-9]+/g) ?? [])].filter(isKeyId)
}
