import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMap, isScalar, isSeq, type Node, parseDocument, stringify } from 'yaml'
import { readable } from '../../../src/migrate/bytes.ts'
import { yamlStrings } from '../../../src/migrate/manifests/yaml.ts'

type Leaves = Record<string, string>

/** The values that awsfed reads, by their paths; undefined for a text that it refuses. */
function ours(text: string): Leaves | undefined {
  const { items, badLine } = yamlStrings(text)
  if (badLine !== undefined) return undefined
  return Object.fromEntries(items.filter(({ isKey }) => !isKey).map(({ path, literal }) => [JSON.stringify(path), literal.value]))
}

/** The same by a parser of all of YAML, without block scalars, as text; undefined where it sees an error. */
function theirs(text: string): Leaves | undefined {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' })
  if (document.errors.length > 0) return undefined
  const leaves: Leaves = {}
  const visit = (node: unknown, path: (string | number)[]) => {
    if (isMap(node)) for (const { key, value } of node.items) visit(value, [...path, String((key as Node).toJSON())])
    else if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item, [...path, index])
    else if (
      isScalar(node) &&
      node.type !== 'BLOCK_LITERAL' &&
      node.type !== 'BLOCK_FOLDED' &&
      !(node.type === 'PLAIN' && node.source === '')
    )
      leaves[JSON.stringify(path)] = String(node.value)
  }
  visit(document.contents, [])
  return leaves
}

test.each([
  'a: b\nc: d\n',
  "a:\n  b: c # d\n  # e\n\n  \"f\\\"g\": 'h''i'\nj: k\n",
  'a:\n- b\n- c\nd:\n  - e: f\n    g: h\n  -\n    i: j\n  - - k\n    - l\n',
  'a: {b: c, "d": \'e\', f: [g, h], i: {}}\nj: []\n',
  'resolution: {commit: 1a, repo: https://a@b/c, type: git}\nkey@git+ssh://a@b/c#d(e@f): {}\n',
  'deprecated: |-\n  a: b\n\n  c\nd: >\n e\nf: g\n',
  '? a long key\n: b: c\n  d: e\n? f\n: - g\n',
  '---\n# a\na: b\n',
  'a: b\r\nc:\r\n  - d\r\n',
  '\xef\xbb\xbfa: b\n',
  'a: b c # d\ne: f#g\nh: i:j\n',
  'a:\nb: c\n',
])('%j is read as by yaml', (text) => {
  expect(ours(text)).toEqual(theirs(readable(text).replace('\ufeff', '')))
})

test.each([
  ['an anchor', 'a: &b c\n', 1],
  ['an alias', 'a: b\nc: *d\n', 2],
  ['a tag', 'a: !!str b\n', 1],
  ['several lines', 'a: b\n  c\n', 2],
  ['a quote that does not end', 'a: "b\n  c"\n', 1],
  ['a flow over lines', 'a: [b,\n  c]\n', 1],
  ['a tab', 'a:\n\tb: c\n', 2],
  ['two documents', 'a: b\n---\nc: d\n', 2],
  ['another level than any', 'a:\n    b: c\n  d: e\n', 3],
  ['two on a line', 'a: b: c\n', 1],
  ['a list that ends in a mapping', '- a\nb: c\n', 2],
])('refused: %s', (_title, text, line) => {
  expect(yamlStrings(text).badLine).toBe(line)
})

test('what yaml writes is read alike, and each literal stands where it says', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab:#-? \'"\\/@,{}[]|>&*!%éà\xa0\n'.split('')) })
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 3 }),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(text, tree, { minKeys: 1, maxKeys: 4 }), (value) => {
      const bytes = Buffer.from(stringify(value, { lineWidth: 0 })).toString('latin1')
      const read = ours(bytes)
      if (read) expect(read).toEqual(theirs(readable(bytes)))
      for (const { literal } of yamlStrings(bytes).items) {
        expect(bytes.slice(literal.start, literal.start + literal.raw.length)).toBe(literal.raw)
      }
    }),
    { numRuns: 1000 },
  )
})

test('nothing is guessed: what awsfed reads, yaml reads alike', () => {
  const piece = fc.constantFrom(
    ...[
      'a',
      'b c',
      ':',
      ': ',
      ' ',
      '  ',
      '    ',
      '- ',
      '-',
      '? ',
      '\n',
      '\n  ',
      '\n    ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      ',',
      '#',
      ' #',
    ],
    ...['"', "'", '"d"', "'e'", '|', '>', '|-', '&a ', '*a', '!', '%', '---', '...', '\t', '\r\n', 'git+ssh://a@b/c#d', '@', '`'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join('')
      const read = ours(text)
      const expected = theirs(text)
      // How deep the lines of a block scalar are is of no interest to awsfed: no more is asked of them.
      if (read && (expected || !/[|>]/.test(text))) expect(read).toEqual(expected)
    }),
    { numRuns: 10000 },
  )
})
