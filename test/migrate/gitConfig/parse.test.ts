import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Entry, parseConfig } from '../../../src/migrate/gitConfig/parse.ts'
import { newSubsection, newValue } from '../../../src/migrate/gitConfig/write.ts'
import { spliced } from '../../../src/migrate/splice.ts'
import { gitReader } from './git.ts'

const git = gitReader()

function keyOf({ section, subsection, name }: Entry): string {
  if (subsection !== undefined) return `${section}.${subsection}.${name}`
  return section === '' ? name : `${section}.${name}`
}

/** Git before 2.45 makes each blank inside a value a space. */
function blanks(value: string | undefined): string | undefined {
  return value?.replace(/[\t\r]/g, ' ')
}

function ours(text: string): [string, string | undefined][] | undefined {
  const { entries, badLine } = parseConfig(text)
  return badLine === undefined ? entries.map((entry) => [keyOf(entry), blanks(entry.value)]) : undefined
}

function gits(text: string): [string, string | undefined][] | undefined {
  return git(text)?.map(([key, value]) => [key, blanks(value)])
}

const url = 'ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/x'

const table: [string, string][] = [
  ['a value', `[remote "origin"]\n\turl = ${url}\n`],
  ['no blanks', `[remote "origin"]\nurl=${url}`],
  ['on the line of the header', `[remote "origin"] url = ${url}`],
  ['quoted', `[remote "origin"]\n\turl = "${url}"\n`],
  ['quoted in parts', `[remote "origin"]\n\turl = ssh://"git-codecommit".us-east-1"".amazonaws.com/v1/repos/x\n`],
  ['empty quotes beside it', `[remote "origin"]\n\turl = ""${url}""\n`],
  ['a comment behind', `[remote "origin"]\n\turl = ${url} ; ours\n`],
  ['a comment without a blank', `[remote "origin"]\n\turl = ${url}# ours\n`],
  ['a comment behind quotes', `[remote "origin"]\n\turl = "${url}"# ours\n`],
  ['blanks behind', `[remote "origin"]\n\turl = ${url} \t \n`],
  ['continued', `[remote "origin"]\n\turl = ssh://git-codecommit\\\n.us-east-1.amazonaws.com/v1/repos/x\n`],
  ['continued before it begins', `[remote "origin"]\n\turl = \\\n  ${url}\n`],
  ['continued behind, and kept blanks', `[remote "origin"]\n\turl = ${url} \\\n\n\tfetch = +refs\n`],
  ['continued into a comment', `[remote "origin"]\n\turl = ${url}\\\n # ours\n\tfetch = +refs\n`],
  ['CR LF', `[remote "origin"]\r\n\turl = ${url}\r\n\tfetch = +refs\r\n`],
  ['CR LF, continued', `[remote "origin"]\r\n\turl = \\\r\n${url}\\\r\n\r\n`],
  ['a lone CR', `[remote "origin"]\n\turl = ${url}\r`],
  ['a BOM', `\xef\xbb\xbf[remote "origin"]\n\turl = ${url}\n`],
  ['names in any case', `[ReMote "Origin"]\n\tURL = ${url}\n`],
  ['old style', `[remote.Origin]\n\turl = ${url}\n`],
  ['old style and a subsection', `[remote.a "B"]\n\turl = ${url}\n`],
  ['escapes in a subsection', `[remote "a\\"b\\\\c\\d"]\n\turl = ${url}\n`],
  ['a subsection with dots and brackets', `[remote "a.b].[c"]\n\turl = ${url}\n`],
  ['escapes in a value', `[x]\n\ty = a\\tb\\nc\\\\d\\"e\\b\n`],
  ['comments and blank lines', `# [x]\n; y\n\n[x] # c\n ; url = ${url}\n\ty = z\n`],
  ['two in one line', `[x][y] z = 1\n`],
  ['a name alone', `[x]\n\ty\n\tz \n\tw`],
  ['nothing behind =', `[x]\n\ty =\n\tz = ""\n\tw = # c\n`],
  ['no section', 'x = 1\n'],
  ['a section without a name', '[ "x"]y = 1\n[.]z = 1\n'],
  ['bytes that are no UTF-8', `[x "\xff"]\n\ty = \xe9 # \xff\n`],
  ['only a BOM', '\xef\xbb\xbf'],
  ['nothing', ''],
]

const bad: [string, string][] = [
  ['half a BOM', '\xef\xbb[x]\n'],
  ['an open quote', `[x]\n\ty = "a\n"\n`],
  ['an escape unknown to git', '[x]\n\ty = a\\q\n'],
  ['an empty header', '[]\n'],
  ['an open header', '[x\n\ty = 1\n'],
  ['an open subsection', '[x "y\n"]\n'],
  ['a header that ends in a blank', '[x ]\n'],
  ['junk behind a subsection', '[x "y" ]\n'],
  ['a name that begins with a digit', '[x]\n\t1y = 1\n'],
  ['a name with an underscore', '[x]\n\ty_z = 1\n'],
  ['junk behind a name', '[x]\n\ty z\n'],
  ['a line of a merge conflict', '[x]\n<<<<<<< HEAD\n'],
  ['a backslash at the end', '[x "y\\'],
]

describe('reads what git reads', () => {
  test.each(table)('%s', (_, text) => {
    expect(gits(text)).toBeDefined()
    expect(ours(text)).toEqual(gits(text))
  })

  test.each(bad)('and nothing of a file with %s', (_, text) => {
    expect(gits(text)).toBeUndefined()
    expect(ours(text)).toBeUndefined()
  })
})

test('the line at which git gives up', () => {
  expect(parseConfig('[x]\n\ty = 1\n\n\t!\n').badLine).toBe(4)
  expect(parseConfig('\n\n[x').badLine).toBe(3)
})

const pieces = [
  ...[
    '[x]',
    '[remote "o"]',
    '[remote "O\\"\\\\"]',
    '[A.b]',
    '[a "',
    '"]',
    ']',
    '[',
    'url',
    ' = ',
    '=',
    'k-1',
    'ssh://h/v1/repos/x',
  ],
  ...[
    '"',
    '\\',
    '\\n',
    '\\"',
    '\\t',
    '#',
    ';',
    ' ',
    '\t',
    '\n',
    '\n',
    '\r\n',
    '\r',
    '\\\n',
    '\\\r\n',
    '\xef\xbb\xbf',
    '\xe9',
    'é',
    '.',
    '/',
  ],
]
const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join(''))

const blank = fc.constantFrom('', ' ', '\t', '  ', '\\\n', ' \\\n\t', '\\\r\n')
const word = fc.constantFrom('a', 'ssh://h/v1/repos/x', '"q;#r"', '""', '\\"', '\\\\', '\\t', '" "', '\xff', "'", 'a\\\nb')
const end = fc.constantFrom('\n', '\r\n', ' ; c "\n', '# c\\\n', ' \n')
const value = fc
  .array(
    fc.tuple(word, blank).map((parts) => parts.join('')),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''))
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('url', '\tUrl', ' insteadOf'), fc.constantFrom('=', ' = ', '\t=\\\n '), value, end)
      .map((p) => p.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('[remote "o"]', '[URL "a\\\\b\\"c.d"]', '[branch.Main]', ' [x]'),
        fc.constantFrom('\n', '\r\n', ' # c\n', ' '),
      )
      .map((p) => p.join('')),
  },
  { weight: 1, arbitrary: fc.constantFrom('\n', '# c\n', '\tbare\n', '; "\\\r\n') },
)
const config = fc
  .tuple(
    fc.constantFrom('', '\xef\xbb\xbf'),
    fc.array(line, { maxLength: 12 }),
    fc.constantFrom('', '\turl = a', '\turl = "a"', '\tu'),
  )
  .map(([first, lines, last]) => first + lines.join('') + last)

describe('whatever the text', () => {
  test('reads what git reads, or neither does', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.oneof(soup, config), (text) => {
        expect(ours(text)).toEqual(gits(text))
      }),
      { numRuns: 1500 },
    )
  })

  const replacement = fc.oneof(
    fc.constant('https://dev@git-codecommit.us-east-1.amazonaws.com/v1/repos/x'),
    fc.string({ unit: fc.constantFrom(...'ab:/@%#;"\\ \t\n'), maxLength: 12 }),
  )

  test('a new value changes that value and no other, and no byte elsewhere', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(config, fc.nat(), replacement, (text, nth, to) => {
        const { entries } = parseConfig(text)
        const index = nth % Math.max(entries.length, 1)
        const entry = entries[index]
        fc.pre(entry?.value !== undefined && entry.value !== '')
        const edit = newValue(text, entry, to)
        const before = gits(text)
        expect(gits(spliced(text, [edit]))).toEqual(before?.with(index, [keyOf(entry), blanks(to)]))
        // What the splice takes away holds no line of its own, no comment and no other entry.
        expect(edit.start).toBeGreaterThanOrEqual(entry.span.start)
        expect(edit.end).toBeLessThanOrEqual(entry.span.end)
        expect(text.slice(entry.span.start, entry.span.end).replaceAll(/\\\r?\n/g, '')).not.toMatch(/[\r\n]/)
      }),
      { numRuns: 600 },
    )
  })

  test('so does a new subsection, for the entries under its header', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        config,
        fc.nat(),
        replacement.map((text) => text.replaceAll('\n', '')),
        (text, nth, to) => {
          const { entries } = parseConfig(text)
          const headers = [...new Set(entries.flatMap(({ header }) => header ?? []))]
          const header = headers[nth % Math.max(headers.length, 1)]
          fc.pre(header !== undefined)
          const expected = entries.map((entry): [string, string | undefined] => [
            entry.header === header ? `${entry.section}.${to}.${entry.name}` : keyOf(entry),
            blanks(entry.value),
          ])
          expect(gits(spliced(text, [newSubsection(text, header, to)]))).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })
})

test.each([
  ['bare', `[r "o"]\n\turl = ${url} # c\n`, '\turl = https://h # c'],
  ['in its quotes', `[r "o"]\n\turl = "${url}" # c\n`, '\turl = "https://h" # c'],
])('quotes stay as they were: %s', (_, text, expected) => {
  const [entry] = parseConfig(text).entries
  if (!entry) throw new Error('one entry')
  expect(spliced(text, [newValue(text, entry, 'https://h')])).toBe(`[r "o"]\n${expected}\n`)
})
