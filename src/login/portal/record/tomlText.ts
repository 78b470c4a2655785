/** A text of TOML. One with quotes or backslashes, as selectors have, is written literally, so that it stays as it is. */
export function tomlText(value: string): string {
  if (!/['\p{Cc}]/u.test(value) && /["\\]/.test(value)) return `'${value}'`
  // JSON's texts are TOML's basic strings, but for DEL, which TOML wants escaped.
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f')
}
