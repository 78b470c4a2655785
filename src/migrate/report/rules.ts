import { readable } from '../bytes.ts'
import type { UserRule } from '../learn/userRules.ts'
import type { Reported, Transaction } from '../plan.ts'
import type { Translate } from '../url/translate.ts'

/**
 * Those of the user's own rules by which what `transactions` hold reaches CodeCommit: what moves goes by them no
 * more, but the next clone will. They lie outside of what was given, so they are for a person to change.
 */
export function rulesInUse(rules: readonly UserRule[], transactions: readonly Transaction[], translate: Translate): Reported[] {
  const urls = transactions.flatMap(({ edits, refused }) => [
    ...edits.map(({ from }) => from),
    ...refused.flatMap(({ url }) => url ?? []),
  ])
  const used = rules.filter(({ pattern }) => urls.some((url) => url.replace(/^git\+/, '').startsWith(readable(pattern))))
  // One base may have several patterns.
  const sections = new Map(used.map((rule) => [`${rule.line} ${rule.file}`, rule]))
  return [...sections.values()].flatMap(({ base, file, line }) => {
    const verdict = translate(readable(base), 'prefix')
    if (verdict.verdict === 'none') return []
    const to = verdict.verdict === 'move' ? verdict.to : undefined
    return [{ file, line, url: readable(base), account: verdict.account, to, branch: undefined }]
  })
}
