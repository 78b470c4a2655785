import { asByteText, lineAt, readable } from '../bytes.ts'
import { type Decisions, decided, together } from '../decided.ts'
import type { Verdict } from '../url/translate.ts'
import type { GitFile } from './planGit.ts'

const urlLines = /^URL:[ \t]*(\S[^\r\n]*?)[ \t]*\r?$/gm
const firstLine = /^\s*([^\s#][^\r\n#]*?)[ \t]*(?=#|\r?\n|\r?$)/g

/**
 * The URLs of a file in `.git/remotes` (lines `URL: …`) or `.git/branches` (its first line, `URL#BRANCH`), as
 * gitrepository-layout(5) has them.
 */
export function planRemotesFile(file: GitFile, verdictOn: (url: string) => Verdict): Decisions {
  const form = file.role === 'remotes' ? urlLines : firstLine
  return together(
    [...file.text.matchAll(form)].map((match) => {
      const [line, value = ''] = match
      const start = match.index + line.lastIndexOf(value)
      const url = readable(value)
      const found = { file: file.file, line: () => lineAt(file.text, start), url, kind: 'remotes' as const }
      return decided(verdictOn(url), found, (to) => ({ start, end: start + value.length, old: value, new: asByteText(to) }))
    }),
  )
}
