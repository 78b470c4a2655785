import { type JSONVisitor, type ParseOptions, parse, visit } from 'jsonc-parser'
import { type ByteText, lineAt, readable } from '../bytes.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import { literalOf } from './literal.ts'
import { deepest, type Parsed, type TreeString } from './strings.ts'

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
  const visited = visitedWhole(
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
  return { items, badLine: bad ?? visited.deepLine }
}

/** What a JSON file says, as far as it can be understood; undefined where it cannot be at all. */
export function jsonValue(text: ByteText): unknown {
  const value = readable(text).replace(/^\ufeff/, '')
  return visitedWhole(value, {}).deepLine === undefined ? parse(value) : undefined
}

/** Visits `text` unless that is nested deeper than any stack is; then the line, from 1, where it gets too deep. */
function visitedWhole(text: string, visitor: JSONVisitor, options?: ParseOptions): { deepLine: number | undefined } {
  let depth = 0
  const deeper = (_offset: number, _length: number, line: number) => {
    depth += 1
    if (depth > deepest) throw new TooDeep(line + 1)
  }
  const higher = () => {
    depth -= 1
  }
  try {
    visit(text, { ...visitor, onObjectBegin: deeper, onArrayBegin: deeper, onObjectEnd: higher, onArrayEnd: higher }, options)
    return { deepLine: undefined }
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error
    return { deepLine: error.line }
  }
}

class TooDeep extends Error {
  readonly line: number
  constructor(line: number) {
    super()
    this.line = line
  }
}
