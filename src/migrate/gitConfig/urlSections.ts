import path from 'node:path'
import { asByteText, type ByteText, lineAt, readable } from '../bytes.ts'
import { type Decisions, decided, together } from '../decided.ts'
import type { EditKind } from '../plan.ts'
import type { Place, Translate, Verdict } from '../url/translate.ts'
import { type Rule, rulesOf } from './insteadOf.ts'
import type { Entry } from './parse.ts'
import type { GitFile } from './planGit.ts'
import { newSubsection } from './write.ts'

export interface KnownRule extends Rule {
  /** Whether it moves itself: what goes by it need not. */
  readonly moves?: boolean
  /** Whether it holds in one working tree only. */
  readonly local?: boolean
}

/** The rules of a file, each with whether it moves. */
export function rulesIn({ file, barred }: GitFile, entries: readonly Entry[], place: Place, translate: Translate): KnownRule[] {
  const moving = new Set(
    urlSections(entries).flatMap(({ base, header, patterns }) =>
      barred || verdictOnRule(base, patterns, place, translate).verdict !== 'move' ? [] : [header],
    ),
  )
  const local = path.basename(file) === 'config.worktree'
  return entries.flatMap((entry) => {
    const moves = entry.header !== undefined && moving.has(entry.header)
    return rulesOf([entry]).map((rule) => ({ ...rule, moves, local }))
  })
}

/** What is to change in the sections `[url "BASE"]` of a file. */
export function planSections(file: GitFile, entries: readonly Entry[], place: Place, translate: Translate): Decisions {
  return together(
    urlSections(entries).map(({ base, header, patterns, kind }) => {
      const line = () => lineAt(file.text, header.span.innerStart)
      const found = { file: file.file, line, url: readable(base), kind }
      return decided(verdictOnRule(base, patterns, place, translate), found, (to) =>
        newSubsection(file.text, header, asByteText(to)),
      )
    }),
  )
}

interface UrlSection {
  readonly base: ByteText
  readonly header: NonNullable<Entry['header']>
  readonly patterns: readonly ByteText[]
  readonly kind: EditKind
}

/** The sections `[url "BASE"]` that hold rules, one for each header. */
function urlSections(entries: readonly Entry[]): UrlSection[] {
  const sections = new Map<Entry['header'], Entry[]>()
  for (const entry of entries) {
    if (rulesOf([entry]).length > 0) sections.set(entry.header, [...(sections.get(entry.header) ?? []), entry])
  }
  return [...sections].flatMap(([header, rules]) => {
    if (!header) return []
    const kind = rules.some(({ name }) => name === 'insteadof') ? 'url.insteadOf' : 'url.pushInsteadOf'
    return [{ base: header.subsection, header, patterns: rules.flatMap(({ value }) => value ?? []), kind }]
  })
}

/**
 * A rule that leads from the new form back to the old one is left as it is: whoever wrote it wants the old one. The
 * repository that it holds for is refused by its name, when its effective URLs are looked at.
 */
function verdictOnRule(base: ByteText, patterns: readonly ByteText[], place: Place, translate: Translate): Verdict {
  const verdict = translate(readable(base), 'prefix', place)
  if (verdict.verdict !== 'move') return verdict
  const to = withoutUser(verdict.to)
  const reverse = patterns
    .map((pattern) => withoutUser(readable(pattern)))
    .some((one) => to.startsWith(one) || one.startsWith(to))
  return reverse ? { verdict: 'none' } : verdict
}

function withoutUser(url: string): string {
  return url.replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1').toLowerCase()
}
