import { asByteText, type ByteText } from '../bytes.ts'
import { type Decisions, together } from '../decided.ts'
import type { Translate } from '../url/translate.ts'
import { type Entry, type Style, settled } from './entries.ts'
import { linesOf } from './lines.ts'
import { type Literal, literalOf, newValue } from './literal.ts'
import { decideLiteral, named, range, type TextFile } from './readings.ts'
import type { Parsed } from './strings.ts'
import { unreadable } from './unreadable.ts'

/** What is to change in a yarn.lock of yarn 1. */
export function planYarnLock(file: TextFile, translate: Translate): Decisions {
  const { items, badLine } = yarnEntries(file.text)
  if (badLine !== undefined) return unreadable(file, badLine, "yarn 1's lock")
  const decisions: Decisions[] = []
  const entries = items.map((item): Entry => {
    const keys = item.keys.map((key) => {
      const decision = decideLiteral(file, key, named, 'lock', translate)
      return { decision, key: newValue(key, decision.edits) }
    })
    const values = item.values.map((value) => decideLiteral(file, value, range, 'lock', translate))
    const all = together([...keys.map(({ decision }) => decision), ...values])
    decisions.push({ edits: [], refused: all.refused })
    return { ...item, keys: keys.map(({ key }) => key), edits: all.edits }
  })
  return together([...decisions, settled(file, entries, style)])
}

/** As yarn's stringify.js has it, and its lockfile/index.js: two patterns for one commit may differ by a `uid`. */
const style: Style = {
  header: (keys) => keys.map(wrapped).join(', '),
  sortedBy: (keys) => keys[0] ?? '',
  merge: (one, other) => (withoutUid(one) === withoutUid(other) ? one : undefined),
}

function withoutUid(body: ByteText): ByteText {
  return body.replace(/\r?\n {2}uid [^\r\n]*/g, '')
}

function wrapped(key: string): ByteText {
  const quoted = /^(?:true|false)/.test(key) || /[:\s\n\\",[\]]/.test(key) || !/^[a-zA-Z]/.test(key)
  return asByteText(quoted ? JSON.stringify(key) : key)
}

interface YarnEntry extends Omit<Entry, 'keys' | 'edits'> {
  readonly keys: readonly Literal[]
  /** `resolved`, and the ranges of its dependencies. */
  readonly values: readonly Literal[]
}

const token = String.raw`"(?:[^"\\]|\\.)*"|[^ ",:][^ ",:]*`
const headerLine = new RegExp(`^(?:${token})(?:, (?:${token}))*:$`)
const sectionLine = /^ {2}[A-Za-z]+:$/
const valueLine = new RegExp(String.raw`^( {2}| {4})(${token}) ("(?:[^"\\]|\\.)*"|[^ "][^ ]*)$`)

/** The entries of a yarn.lock of yarn 1, which is no YAML (its parse.js is the grammar). */
function yarnEntries(text: ByteText): Parsed<YarnEntry> {
  const entries: (YarnEntry & { end: number; values: Literal[] })[] = []
  let section = ''
  for (const { text: line, start: index, number } of linesOf(text)) {
    const [, indent, key = '', value = ''] = valueLine.exec(line) ?? []
    const entry = entries.at(-1)
    if (/^ *(?:#.*)?$/.test(line)) continue
    if (headerLine.test(line)) {
      const headerEnd = index + line.length - 1
      const keys = [...line.slice(0, -1).matchAll(new RegExp(token, 'g'))].map((match) =>
        literalAt(match[0], index + match.index),
      )
      entries.push({ start: index, headerEnd, end: index + line.length, keys, values: [] })
      section = ''
      continue
    }
    if (!entry) return { items: entries, badLine: number }
    entry.end = index + line.length
    if (sectionLine.test(line)) section = line.trim().slice(0, -1)
    else if (indent === '  ') section = ''
    if (indent !== undefined && (indent === '    ') === (section !== '')) {
      const isRange = section === 'dependencies' || section === 'optionalDependencies'
      if (isRange || (section === '' && key === 'resolved'))
        entry.values.push(literalAt(value, index + line.length - value.length))
    } else if (!sectionLine.test(line)) return { items: entries, badLine: number }
  }
  return { items: entries, badLine: undefined }
}

function literalAt(written: ByteText, at: number): Literal {
  return written.startsWith('"') ? literalOf(written.slice(1, -1), at + 1, 'double') : literalOf(written, at, 'plain')
}
