/**
 * A line of an INI file as botocore (Python's configparser) reads it. `text` is without its line end.
 * Comments, blank lines and lines outside of sections are `other`.
 */
type Line = { readonly text: string; readonly end: string } & (
  | { readonly kind: 'header'; readonly section: string }
  | { readonly kind: 'setting'; readonly key: string; readonly value: string; readonly indent: string }
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
  let lastOwn = 0 // where the settings that are missing go: after the last that was there, else after the header
  let replaced = false
  for (const line of body) {
    const own: boolean = line.kind === 'setting' ? settings.has(line.key) : line.kind === 'continuation' && replaced
    replaced = own
    if (!own) parts.push(line.text + line.end)
    // A key that stands twice is written once: botocore refuses the file otherwise.
    else if (line.kind === 'setting' && missing.delete(line.key)) lastOwn = parts.push(written(line.key, line.indent))
  }
  parts.splice(lastOwn, 0, ...[...missing].map((key) => written(key)))
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
    const at = { text: line, end }
    const trimmed = line.replace(byteOrderMark, '').trim()
    const indent = /^[ \t]*/.exec(line)?.[0] ?? ''
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) {
      lines.push({ ...at, kind: 'other' })
      continue
    }
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
        ? { ...at, kind: 'setting', key: key.trim().toLowerCase(), value: value.trim(), indent }
        : { ...at, kind: 'other' },
    )
  }
  return lines
}

/** UTF-8's, as it looks in text that was read byte by byte (latin1). */
const byteOrderMark = /^\u00ef\u00bb\u00bf/
