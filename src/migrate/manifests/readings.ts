import type { ByteText } from '../bytes.ts'
import { type Decisions, decided, nothing, together } from '../decided.ts'
import type { EditKind } from '../plan.ts'
import type { Use } from '../url/codeCommitUrl.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import type { Translate } from '../url/translate.ts'
import { within } from './literal.ts'
import type { Text } from './strings.ts'

/** A file as the planners of this folder take it. */
export interface TextFile {
  readonly file: string
  readonly text: ByteText
}

/** A URL inside a text. */
export interface UrlIn {
  readonly index: number
  /** As it stands in the text, perhaps with percent signs. */
  readonly written: string
  readonly url: string
  readonly use: Use
  /** What takes its place, of the URL that it becomes. */
  readonly write: (to: string) => string
}

/** Where URLs stand in a text of some meaning. */
export type Reading = (value: string) => readonly UrlIn[]

const plainly = (to: string) => to

/** What a range of package.json is: `git+ssh://…#main`, or yarn's `patch:NAME@RANGE#FILE`, whose range is percent-encoded. */
export const range: Reading = (value) => {
  const patched = /^(patch:(?:@[^/@]+\/)?[^/@]+@)([^#]*)#/.exec(value)
  if (!patched) return [{ index: 0, written: value, url: value, use: 'dependency', write: plainly }]
  const [, before = '', written = ''] = patched
  try {
    return [{ index: before.length, written, url: decodeURIComponent(written), use: 'dependency', write: encodedLike(written) }]
  } catch {
    return [] // a stray `%`: yarn reads no URL there either
  }
}

/** Older yarns write every sign as encodeURIComponent does, newer ones but the three that they could take for their own. */
function encodedLike(written: string): (to: string) => string {
  const unsafe = (to: string) => to.replace(/[%:#]/g, encodeURIComponent)
  return /%2f/i.test(written) ? encodeURIComponent : unsafe
}

/** `NAME@RANGE` and `PARENT/NAME@RANGE`, as the keys of locks, overrides and resolutions are; pnpm joins several by `>`. */
export const named: Reading = (value) =>
  split(value, />/g).flatMap(({ index, part }) => {
    const name = /^(?:[^@:#]*\/)?(?:@[^/@:#]+\/)?[^/@:#]+@/.exec(part)?.[0]
    return name === undefined ? [] : range(part.slice(name.length)).map(shifted(index + name.length))
  })

/** `repository` of package.json, for people and for `npm repo`: any URL of git, with or without `git+` before it. */
export const repository: Reading = (value) => [
  { index: 0, written: value, url: value, use: value.startsWith('git+') ? 'dependency' : 'git', write: plainly },
]

/** The parts of `value` between what `by` matches, and where they begin. */
export function split(value: string, by: RegExp): { readonly index: number; readonly part: string }[] {
  const parts: { index: number; part: string }[] = []
  let index = 0
  for (const match of value.matchAll(by)) {
    parts.push({ index, part: value.slice(index, match.index) })
    index = match.index + match[0].length
  }
  return [...parts, { index, part: value.slice(index) }]
}

/** The same URL, further on in a longer text. */
export function shifted(by: number): (url: UrlIn) => UrlIn {
  return (url) => ({ ...url, index: url.index + by })
}

/** The URLs of a text, each decided. */
export function decideText(
  { file }: TextFile,
  { literal, line }: Text,
  reading: Reading,
  kind: EditKind,
  translate: Translate,
): Decisions {
  if (!mayNameCodeCommit(literal.raw)) return nothing
  return together(
    reading(literal.value).map(({ index, written, url, use, write }) => {
      return decided(translate(url, use), { file, line: () => line, url, kind }, (to) =>
        within(literal, index, written, write(to)),
      )
    }),
  )
}
