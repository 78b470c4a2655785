import path from 'node:path'
import type { Entry } from './parse.ts'

/**
 * The files that a configuration includes, whether or not the condition of an `includeIf` holds now: what it holds for
 * another branch or folder is to move too. Absolute; `~USER/` and `%(prefix)/` are left out.
 * @param file the including file; relative paths are relative to its folder (git-config(1), Includes)
 */
export function includesOf(entries: readonly Entry[], file: string, home: string): string[] {
  return entries.flatMap(({ section, subsection, name, value }) => {
    const includes = name === 'path' && (section === 'includeif' || (section === 'include' && subsection === undefined))
    if (!includes || !value || value.startsWith('%(')) return []
    if (/^~[\\/]/.test(value)) return [path.join(home, value.slice(2))]
    return value.startsWith('~') ? [] : [path.resolve(path.dirname(file), value)]
  })
}
