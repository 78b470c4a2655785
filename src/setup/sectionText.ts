/** `value` as git writes it into a file: in quotes where a blank, `;` or `#` would be misread; `"` and `\` escaped. */
export function written(value: string): string {
  const escaped = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return /^\s|\s$|[;#\r]/.test(value) ? `"${escaped}"` : escaped
}

/** The lines of `text`, each with its end. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** `text` with `section` at its end. */
export function appended(text: string, section: string): string {
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${section}`
}
