import { parse, TomlError } from 'smol-toml'

/** A document of TOML, or where and why it is none. Lines and columns begin with 1. */
export type TomlReading =
  | { readonly document: Record<string, unknown> }
  | { readonly document: undefined; readonly line: number; readonly column: number; readonly what: string; readonly cause: Error }

export function readToml(text: string): TomlReading {
  try {
    return { document: parse(text) }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // The first line of smol-toml's message says what; the rest quotes the file.
    const [what = ''] = error.message.split('\n')
    const { line, column } = error
    return { document: undefined, line, column, what: what.replace(/^Invalid TOML document: /, ''), cause: error }
  }
}
