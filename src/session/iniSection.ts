/**
 * A line of an INI file as botocore (Python's configparser) reads it. `text` is without its line end, `indent` the blanks
 * that it starts with; undefined for comments and blank lines, whose indent means nothing. These, and lines that no
 * parser understands, are `other`.
 */
type Line = { readonly text: string; readonly end: string; readonly indent: string | undefined } & (
  | { readonly kind: 'header'; readonly section: string }
  | { readonly kind: 'setting'; readonly key: string; readonly value: string }
  /** Indented more than the setting before it: a part of that setting's value. */
  | { readonly kind: 'continuation' }
  | { readonly kind: 'other' }
)

/** The settings of `[section]` by lower-case key, and how often that section is there. */
export function readSection(text: string, section: string): { count: number; settings: Map<string, string> } {
  const settings = new Map<string, string>()
  let count = 0
  let inside = false
  for (const line of linesOf(text)) {
    if (line.kind === 'header') {
      inside = line.section === section
      if (inside) count++
    } else if (inside && line.kind === 'setting') settings.set(line.key, line.value)
  }
  return { count, settings }
}

/**
 * `text` with these settings in `[section]`, which is added at the end where it is missing. Settings that are there are
 * changed in their place, others come after them; every other byte stays.
 * @param settings by lower-case key
 */
export function withSettings(text: string, section: string, settings: ReadonlyMap<string, string>): string {
  const lines = linesOf(text)
  const header = lines.findIndex((line) => line.kind === 'header' && line.section === section)
  const end = lines[header]?.end || lines.find((line) => line.end)?.end || '\n'
  const written = (key: string, indent = '') => `${indent}${key} = ${settings.get(key)}${end}`
  if (header < 0) {
    const gap = text === '' ? '' : /(^|\n)\r?\n$/.test(text) ? '' : /\n$/.test(text) ? end : end + end
    return `${text}${gap}[${section}]${end}${[...settings.keys()].map((key) => written(key)).join('')}`
  }

  const next = lines.findIndex((line, index) => index > header && line.kind === 'header')
  const body = lines.slice(header + 1, next < 0 ? undefined : next)
  const missing = new Set(settings.keys())
  const parts: string[] = []
  // Settings that are missing go behind the last that was there, else behind the header. They are indented like their
  // neighbour: a line that is indented more than the setting before it would become a part of its value.
  let place = 0
  let indent = lines.slice(header + 1).find((line) => line.indent !== undefined)?.indent
  let replaced = false
  for (const line of body) {
    if (line.kind === 'setting' && settings.has(line.key)) {
      missing.delete(line.key)
      place = parts.push(written(line.key, line.indent))
      indent = line.indent
      replaced = true
    } else if (line.kind !== 'continuation' || !replaced) {
      parts.push(line.text + line.end)
      replaced &&= line.indent === undefined
    }
  }
  parts.splice(place, 0, ...[...missing].map((key) => written(key, indent)))
  const whole = (some: readonly Line[]) => some.map((line) => line.text + line.end)
  const before = whole(lines.slice(0, header + 1))
  // The header may be the file's last line, without an end.
  if (!lines[header]?.end) before.push(end)
  return [...before, ...parts, ...(next < 0 ? [] : whole(lines.slice(next)))].join('')
}

function linesOf(text: string): Line[] {
  const lines: Line[] = []
  let inSection = false
  let settingIndent: number | undefined
  for (const [whole] of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    const end = /\r?\n$/.exec(whole)?.[0] ?? ''
    const line = whole.slice(0, whole.length - end.length)
    const trimmed = line.replace(byteOrderMark, '').trim()
    const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) {
      lines.push({ text: line, end, indent: undefined, kind: 'other' })
      continue
    }
    const at = { text: line, end, indent }
    if (settingIndent !== undefined && indent.length > settingIndent) {
      lines.push({ ...at, kind: 'continuation' })
      continue
    }
    const section = /^\[([^\]]+)\]/.exec(trimmed)?.[1]
    if (section !== undefined) {
      inSection = true
      settingIndent = undefined
      lines.push({ ...at, kind: 'header', section })
      continue
    }
    settingIndent = indent.length
    const [, key = '', value = ''] = /^([^=:]*)[=:](.*)$/.exec(trimmed) ?? []
    lines.push(
      inSection && key.trim() !== ''
        ? { ...at, kind: 'setting', key: key.trim().toLowerCase(), value: value.trim() }
        : { ...at, kind: 'other' },
    )
  }
  return lines
}

/** UTF-8's, as it looks in text that was read byte by byte (latin1). */
const byteOrderMark = /^\u00ef\u00bb\u00bf/
