import { isOurs } from './helperValue.ts'
import { linesOf, written } from './sectionText.ts'

/**
 * The section that has git ask awsfed for the hosts of `url`, and nobody else: the empty helper resets the list
 * (gitcredentials(7), git 2.9), and the path is what CodeCommit's signature is over.
 */
export function sectionFor(url: string, helper: string): string {
  return `[credential "${url}"]\n\thelper =\n\thelper = ${written(helper)}\n\tuseHttpPath = true\n`
}

/** `text` with the helper of the section for `url` changed; undefined where the section is not as `sectionFor` writes it. */
export function updated(text: string, url: string, helper: string): string | undefined {
  const lines = linesOf(text)
  const at = ourHelperLines(lines, url)
  const [only] = at
  if (only === undefined || at.length > 1 || !isReset(lines[only - 1]) || !isHttpPath(lines[only + 1])) return undefined
  const end = lines[only]?.endsWith('\r\n') ? '\r\n' : '\n'
  return lines.with(only, `\thelper = ${written(helper)}${end}`).join('')
}

/**
 * `text` without what `sectionFor` added for `url`, under whichever Node: our helper, the reset right before it, the
 * useHttpPath right behind it, and the header when nothing else is left under it. All other lines stay as they are.
 */
export function removed(text: string, url: string): string {
  const lines = linesOf(text)
  const gone = new Set<number>()
  for (const at of ourHelperLines(lines, url)) {
    gone.add(at)
    if (isReset(lines[at - 1])) gone.add(at - 1)
    if (isHttpPath(lines[at + 1])) gone.add(at + 1)
    const header = lines.findLastIndex((line, index) => index < at && isHeader(line))
    const next = lines.findIndex((line, index) => index > at && isHeader(line))
    const body = lines.map((_, index) => index).slice(header + 1, next < 0 ? undefined : next)
    if (body.every((index) => gone.has(index) || (next >= 0 && lines[index]?.trim() === ''))) gone.add(header)
  }
  return lines.filter((_, index) => !gone.has(index)).join('')
}

/** The indices of our helper's lines in the sections of `url`. */
function ourHelperLines(lines: readonly string[], url: string): number[] {
  let inside = false
  return lines.flatMap((line, index) => {
    if (isHeader(line)) inside = line.trim() === `[credential "${url}"]`
    const value = /^\s*helper\s*=\s*(.*?)\s*$/i.exec(line)?.[1]
    return inside && value !== undefined && isOurs(value.replace(/^"(.*)"$/, '$1')) ? [index] : []
  })
}

function isHeader(line: string): boolean {
  return /^\s*\[/.test(line)
}

function isReset(line: string | undefined): boolean {
  return line !== undefined && /^\s*helper\s*=\s*(?:"")?\s*$/i.test(line)
}

function isHttpPath(line: string | undefined): boolean {
  return line !== undefined && /^\s*useHttpPath\s*=\s*true\s*$/i.test(line)
}
