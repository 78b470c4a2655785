import { asByteText, type ByteText } from '../bytes.ts'
import { type Decisions, together } from '../decided.ts'
import type { Translate } from '../url/translate.ts'
import { type Entry, type Style, settled } from './entries.ts'
import { linesOf } from './lines.ts'
import { literalOf, newValue } from './literal.ts'
import { decideText, named, range, type TextFile } from './readings.ts'
import type { Parsed, Text } from './strings.ts'
import { unreadable } from './unreadable.ts'

/** What is to change in a yarn.lock of yarn 1. */
export function planYarnLock(file: TextFile, translate: Translate): Decisions {
  const { items, badLine } = yarnEntries(file.text)
  if (badLine !== undefined) return unreadable(file, badLine, "yarn 1's lock")
  const decisions: Decisions[] = []
  const entries = items.map((item): Entry => {
    const keys = item.keys.map((key) => {
      const decision = decideText(file, key, named, 'lock', translate)
      return { decision, key: newValue(key.literal, decision.edits) }
    })
    const values = item.values.map((value) => decideText(file, value, range, 'lock', translate))
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
  readonly keys: readonly Text[]
  /** `resolved`, and the ranges of its dependencies. */
  readonly values: readonly Text[]
}

const token = String.raw`"(?:[^"\\]|\\.)*"|[^ ",:][^ ",:]*`
const headerLine = new RegExp(`^(?:${token})(?:, (?:${token}))*:$`)
const sectionLine = /^ {2}[A-Za-z]+:$/
const valueLine = new RegExp(String.raw`^( {2}| {4})(${token}) ("(?:[^"\\]|\\.)*"|[^ "][^ ]*)$`)

/** The entries of a yarn.lock of yarn 1, which is no YAML (its parse.js is the grammar). */
function yarnEntries(text: ByteText): Parsed<YarnEntry> {
  const entries: (YarnEntry & { end: number; values: Text[] })[] = []
  let section = ''
  for (const { text: line, start: index, number } of linesOf(text)) {
    const [, indent, key = '', value = ''] = valueLine.exec(line) ?? []
    const entry = entries.at(-1)
    if (/^ *(?:#.*)?$/.test(line)) continue
    if (headerLine.test(line)) {
      const headerEnd = index + line.length - 1
      const keys = [...line.slice(0, -1).matchAll(new RegExp(token, 'g'))].map((match) =>
        textAt(match[0], index + match.index, number),
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
        entry.values.push(textAt(value, index + line.length - value.length, number))
    } else if (!sectionLine.test(line)) return { items: entries, badLine: number }
  }
  return { items: entries, badLine: undefined }
}

function textAt(written: ByteText, at: number, line: number): Text {
  const quoted = written.startsWith('"')
  const literal = quoted ? literalOf(written.slice(1, -1), at + 1, 'double') : literalOf(written, at, 'plain')
  return { literal, line }
}
