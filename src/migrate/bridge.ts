import { asByteText, type ByteText, lineAt } from './bytes.ts'
import { rulesOf } from './gitConfig/insteadOf.ts'
import { parseConfig } from './gitConfig/parse.ts'
import type { Edit, Plan, Refused, Transaction } from './plan.ts'

/** One rule of git's: URLs that begin with `from` are taken to begin with `to` (git-config(1), url.<base>.insteadOf). */
interface Prefix {
  readonly from: string
  readonly to: string
}

/**
 * Instead of the edits of `plan`: rules in git's global configuration that lead the old URLs to the new ones, those inside
 * published commits too. What the plan refuses stays refused.
 * @param file git's global configuration, with its text
 */
export function bridged(plan: Plan, file: string, text: ByteText): Plan {
  const known = new Set(rulesOf(parseConfig(text).entries).map(({ base, pattern }) => `${pattern} ${base}`))
  const edits = plan.transactions.flatMap((transaction) => transaction.edits)
  const wanted = new Map(edits.flatMap(prefixesOf).map((prefix) => [prefix.from, prefix]))
  const rules = [...wanted.values()].filter(({ from, to }) => !known.has(`${from} ${to}`))
  const refusals: Transaction[] = plan.transactions.flatMap((transaction) => {
    const refused = [...transaction.refused, ...unreached(transaction)]
    return refused.length > 0 ? [{ ...transaction, edits: [], sources: [], refused }] : []
  })
  if (rules.length === 0) return { ...plan, transactions: refusals }
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  let above = text + gap
  const added = rules.map((rule, index): Edit => {
    const section = asByteText(sectionOf(rule))
    const line = lineAt(above, above.length)
    above += section
    return {
      file,
      start: text.length,
      end: text.length,
      line,
      from: rule.from,
      to: rule.to,
      old: '',
      new: index === 0 ? gap + section : section,
      kind: 'url.insteadOf',
      reason: 'a bridge: git takes the old URLs for the new ones',
      account: undefined,
      remote: undefined,
    }
  })
  const transaction: Transaction = {
    root: file,
    gitDir: undefined,
    unit: 'each',
    refused: [],
    sources: [{ file, text }],
    edits: added,
  }
  return { ...plan, transactions: [...refusals, transaction] }
}

/** What a repository has by a rule: git applies one rule to a URL, and that one is not the bridge's. */
function unreached({ gitDir, edits }: Transaction): Refused[] {
  if (gitDir === undefined) return []
  const reason = 'git comes to it by another rule already, and takes no second one'
  const hint = 'run awsfed migrate without --bridge'
  return edits.flatMap((edit) => {
    const { file, line, from: url, account } = edit
    return prefixesOf(edit).some(({ from }) => url.startsWith(from)) ? [] : [{ file, line, url, account, reason, hint }]
  })
}

function sectionOf({ from, to }: Prefix): string {
  return `[url "${to.replace(/[\\"]/g, '\\$&')}"]\n\tinsteadOf = ${from}\n`
}

/** What stands before the repository's path in the old URL, as it is written and as git is given it, and in the new one. */
function prefixesOf({ from, remote }: Edit): Prefix[] {
  const to = remote && folderOf(remote.to)
  if (!remote || to === undefined) return []
  return [from.replace(/^git\+/, ''), remote.from].flatMap((old) => {
    const folder = folderOf(old)
    if (folder !== undefined) return [{ from: folder, to }]
    // codecommit:// has the repository alone.
    const grc = /^(codecommit:.*[/@])[^/@]+$/.exec(old)?.[1]
    return grc === undefined ? [] : [{ from: grc, to: `${to}v1/repos/` }]
  })
}

function folderOf(url: string): string | undefined {
  return /^(.*)v1\/repos\/[^/]+\/?/.exec(url)?.[1]
}
