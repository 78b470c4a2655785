import { lineAt, readable } from '../bytes.ts'
import type { Reported, Source } from '../plan.ts'
import { parseUrl } from '../url/parse.ts'
import type { Translate } from '../url/translate.ts'

// A URL goes to the next blank, quote or other sign that ends one in these languages. HOST:PATH says too little to be looked
// for without the path that CodeCommit's URLs have; it begins where a word does, or long words would be read again and again.
const urls =
  /(?:git::)?(?:git\+)?(?:(?:ssh|git\+ssh|ssh\+git|https):\/\/|codecommit(?:::[^\s"'`/:]*)?:\/\/)[^\s"'`<>|;,()\\]+|(?<![\w.@-])(?:[\w.-]+@)?\w[\w.-]*:\/?v1\/repos\/[\w.-]+/g

/**
 * The URLs of `source` that should move, in whatever language it is: Terraform, pip, a shell script. Where a part of one
 * is a variable, what it would become is not known.
 */
export function mentionsIn(source: Source, translate: Translate, branch?: string): Reported[] {
  // As PHP writes JSON (composer.json); no line changes by it.
  const text = source.text.replaceAll('\\/', '/')
  return [...text.matchAll(urls)].flatMap(({ 0: found, index }) => {
    const match = untilClosed(found)
    const { before, body, after } = taken(match)
    const verdict = translate(readable(body), 'git')
    if (verdict.verdict === 'none' && !isUnfinished(body)) return []
    const { account, to } = verdict.verdict === 'move' ? verdict : { to: undefined, account: undefined, ...verdict }
    return [
      {
        file: source.file,
        line: lineAt(text, index),
        url: readable(match),
        account,
        to: to === undefined ? undefined : `${before}${to}${readable(after)}`,
        branch,
      },
    ]
  })
}

/** What comes before `&&`, and before a bracket that was opened before it all: `${URL:-ssh://…}`, `[ssh://…]`. */
function untilClosed(match: string): string {
  let depth = 0
  for (const { 0: sign, index } of match.matchAll(/[[{\]}]|&&/g)) {
    if (sign === '&&' || (depth === 0 && /[\]}]/.test(sign))) return match.slice(0, index)
    depth += /[[{]/.test(sign) ? 1 : -1
  }
  return match
}

/** The URL that git is given, and what only the file's own tool reads: `git::`, `git+`, `//folder`, `?ref=v1`, `@v1`, `#egg=x`. */
function taken(match: string): { before: string; body: string; after: string } {
  const before = /^(git::)?(git\+)?/.exec(match)?.[0] ?? ''
  const whole = match.slice(before.length)
  const authority = whole.indexOf('://') + 3 // 2 without a scheme: no authority is that short
  const path = whole.indexOf('/', authority)
  const end = path < 0 ? -1 : whole.slice(path).search(/\/\/(?!v1\/repos\/)|[?#@]/)
  return end < 0
    ? { before, body: whole, after: '' }
    : { before, body: whole.slice(0, path + end), after: whole.slice(path + end) }
}

/** A URL of CodeCommit that only its file's own tool can complete: `ssh://git-codecommit.${REGION}.amazonaws.com/…`. */
function isUnfinished(body: string): boolean {
  return !body.startsWith('https:') && /codecommit/i.test(body) && parseUrl(readable(body), 'git') === undefined
}
