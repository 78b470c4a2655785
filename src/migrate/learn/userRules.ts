import path from 'node:path'
import { type ByteText, lineAt, readable } from '../bytes.ts'
import { realOf } from '../find/gitDir.ts'
import { textIfReadable } from '../find/read.ts'
import { includesOf } from '../gitConfig/includes.ts'
import { type Rule, rulesOf } from '../gitConfig/insteadOf.ts'
import { parseConfig } from '../gitConfig/parse.ts'

/** A rule of the system's or the user's configuration that may lead to CodeCommit, and where its base stands. */
export interface UserRule extends Rule {
  readonly file: string
  readonly line: number
}

/** The rules in `files`, and in what these include by whatever condition: which one holds depends on the repository. */
export function userRules(files: Iterable<string>, home: string): UserRule[] {
  const seen = new Set<string>()
  const rulesIn = (named: string): UserRule[] => {
    const file = path.normalize(named) // as git says it, an included file may be `/home/jane/./x`
    const real = realOf(file)
    if (seen.has(real)) return []
    seen.add(real)
    // Where it is not there, or closed to this user, git too goes on without it.
    const text = textIfReadable(file) ?? ''
    const { entries } = parseConfig(text)
    const own = entries.flatMap((entry) =>
      rulesOf([entry])
        .filter(({ base }) => mayLeadToCodeCommit(base))
        .map((rule) => ({ ...rule, file, line: lineAt(text, entry.header?.span.innerStart ?? entry.span.start) })),
    )
    return [...own, ...includesOf(entries, file, home).flatMap(rulesIn)]
  }
  return [...files].flatMap(rulesIn)
}

/** By its host, or by the beginning of the path that an alias is used with. */
function mayLeadToCodeCommit(base: ByteText): boolean {
  return /codecommit|\bv1(\/|$)/i.test(readable(base))
}
