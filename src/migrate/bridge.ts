import { asByteText, type ByteText, lineAt, readable } from './bytes.ts'
import { type Rule, ruleFor, rulesOf } from './gitConfig/insteadOf.ts'
import { parseConfig } from './gitConfig/parse.ts'
import type { Edit, Plan, Refused, Source, Transaction } from './plan.ts'
import { refusedEdit } from './refusing.ts'

/**
 * Instead of the edits of `plan`: rules in git's global configuration that lead the old URLs to the new ones, those inside
 * published commits too. What the plan refuses stays refused.
 * @param global git's global configuration
 * @param around the rules that hold outside of repositories, in git's order
 */
export function bridged(plan: Plan, { file, text }: Source, around: readonly Rule[]): Plan {
  const known = new Set(rulesOf(parseConfig(text).entries).map(keyOf))
  const edits = plan.transactions.flatMap((transaction) => transaction.edits)
  const bridge = [...new Map(edits.flatMap(rulesFor).map((rule) => [rule.pattern, rule])).values()]
  const unled = new Map(plan.transactions.flatMap((transaction) => unledBy([...around, ...bridge], transaction)))
  const refusals: Transaction[] = plan.transactions.flatMap((transaction) => {
    const refused = [...transaction.refused, ...transaction.edits.flatMap((edit) => unled.get(edit) ?? [])]
    return refused.length > 0 ? [{ ...transaction, edits: [], sources: [], refused }] : []
  })
  const used = new Set(edits.flatMap((edit) => (unled.has(edit) ? [] : rulesFor(edit).map(keyOf))))
  const rules = bridge.filter((rule) => used.has(keyOf(rule)) && !known.has(keyOf(rule)))
  if (rules.length === 0) return { ...plan, transactions: refusals }
  const gap = text === '' || text.endsWith('\n') ? '' : '\n'
  let above = text + gap
  const added = rules.map((rule, index): Edit => {
    const section = sectionOf(rule)
    const line = lineAt(above, above.length)
    above += section
    return {
      file,
      start: text.length,
      end: text.length,
      line,
      from: readable(rule.pattern),
      to: readable(rule.base),
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

/** The edits that `rules`, the bridge's among them, do not do: git applies one rule to a URL, and that may be another one. */
function unledBy(rules: readonly Rule[], { gitDir, edits, sources }: Transaction): [Edit, Refused][] {
  const own = gitDir === undefined ? [] : sources.flatMap(({ text }) => rulesOf(parseConfig(text).entries))
  const fetching = [...rules, ...own].filter(({ push }) => !push)
  return edits.flatMap((edit) => {
    const { from, remote } = edit
    // A package manager gives git the URL without what it reads itself.
    const url = gitDir === undefined && remote ? remote.from : from
    const rule = ruleFor(asByteText(url), fetching)
    if (rule && rulesFor(edit).map(keyOf).includes(keyOf(rule))) return []
    const said = rule && readable(`url.${rule.base}.insteadOf = ${rule.pattern}`)
    const why = said
      ? { reason: `git comes to it by the rule ${said}, and takes no second one`, hint: `take that rule away, or ${plainly}` }
      : { reason: 'no rule outside of its repository leads it', hint: plainly }
    return [[edit, refusedEdit(edit, why)]]
  })
}

const plainly = 'run awsfed migrate without --bridge'

function keyOf({ base, pattern }: Rule): string {
  return `${pattern} ${base}`
}

function sectionOf({ base, pattern }: Rule): ByteText {
  return `[url "${base.replace(/[\\"]/g, '\\$&')}"]\n\tinsteadOf = ${pattern}\n`
}

/** What leads `edit`: of the old URL, as it is written and as git is given it, what stands before the repository's path. */
function rulesFor({ from, remote }: Edit): Rule[] {
  const to = remote && folderOf(remote.to)
  if (!remote || to === undefined) return []
  const rule = (pattern: string, base: string) => ({ pattern: asByteText(pattern), base: asByteText(base), push: false })
  return [from.replace(/^git\+/, ''), remote.from].flatMap((old) => {
    const folder = folderOf(old)
    if (folder !== undefined) return [rule(folder, to)]
    // codecommit:// has the repository alone.
    const grc = /^(codecommit:.*[/@])[^/@]+$/.exec(old)?.[1]
    return grc === undefined ? [] : [rule(grc, `${to}v1/repos/`)]
  })
}

function folderOf(url: string): string | undefined {
  return /^(.*)v1\/repos\/[^/]+\/?/.exec(url)?.[1]
}
