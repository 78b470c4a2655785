import { type ParseOptions, visit } from 'jsonc-parser'
import { type ByteText, lineAt, readable } from '../bytes.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import { literalOf } from './literal.ts'
import type { Parsed, TreeString } from './strings.ts'

const strict: ParseOptions = { disallowComments: true, allowTrailingComma: false }
/** As Bun writes its lock. */
export const withTrailingCommas: ParseOptions = { disallowComments: false, allowTrailingComma: true }

/** The texts and keys of a JSON file that may name CodeCommit, each occurrence of a key that stands there twice. */
export function jsonStrings(text: ByteText, options: ParseOptions = strict): Parsed<TreeString> {
  const bom = text.startsWith('\xef\xbb\xbf') ? 3 : 0
  const items: TreeString[] = []
  let bad: number | undefined
  const found = (offset: number, length: number, line: number, path: readonly (string | number)[], isKey: boolean) => {
    const start = bom + offset + 1
    const literal = literalOf(text.slice(start, start + length - 2), start, 'double')
    const steps = path.map((step) => (typeof step === 'string' ? readable(step) : step))
    items.push({ path: steps, isKey, literal, line: line + 1 })
  }
  const hit = (offset: number, length: number) => mayNameCodeCommit(text.slice(bom + offset, bom + offset + length))
  visit(
    text.slice(bom),
    {
      onObjectProperty: (name, offset, length, line, _character, path) => {
        if (hit(offset, length)) found(offset, length, line, [...path(), name], true)
      },
      onLiteralValue: (value, offset, length, line, _character, path) => {
        if (typeof value === 'string' && hit(offset, length)) found(offset, length, line, path(), false)
      },
      onError: (_error, offset) => {
        bad ??= lineAt(text, bom + offset)
      },
    },
    options,
  )
  return { items, badLine: bad }
}
