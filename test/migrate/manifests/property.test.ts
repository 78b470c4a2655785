import { readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asByteText } from '../../../src/migrate/bytes.ts'
import { fileNames } from '../../../src/migrate/manifests/project.ts'
import { migrated, projectIn, projectOf } from './project.ts'

const host = 'git-codecommit.us-east-1.amazonaws.com'
const ssh = `git+ssh://APKAEXAMPLE000000000@${host}/v1/repos/x`
const https = `git+https://dev@${host}/v1/repos/x`

const fixtures = fileURLToPath(new URL('../../../fixtures/lockfiles', import.meta.url))
const projects = readdirSync(fixtures)
  .filter((kind) => kind !== 'README.md')
  .map((kind) => projectIn(path.join(fixtures, kind, 'ssh')))

const fragment = fc.constantFrom(
  ...[
    ssh,
    `"${ssh}#main"`,
    `x@${ssh}`,
    'lockfileVersion: 9.0\n',
    '__metadata:\n',
    'packages:\n',
    '"dependencies":',
    '\xef\xbb\xbf',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    ',',
    ', ',
    '"',
    "'",
    '\\',
    '#',
    '- ',
    '? ',
    '|',
    '\n',
    '\r\n',
    '  ',
    '    ',
    '\t',
    '\0',
    '\xff',
    '(',
    ')',
    '@',
    '%2',
    '>',
  ],
)

test('the parsers survive any text, and what is done once is done', () => {
  fc.assert(
    fc.property(fc.constantFrom(...fileNames), fc.array(fragment, { maxLength: 30 }), (name, pieces) => {
      const { plan, files } = migrated(projectOf({ [name]: pieces.join('') }), true)
      if (plan.refused.length > 0) expect(plan.edits).toEqual([])
      else expect(migrated(projectOf({ [name]: asByteText(files[name] ?? '') }), true).plan.edits).toEqual([])
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['package.json', 'lists', (n: number) => `${'['.repeat(n)}"${ssh}"${']'.repeat(n)}`],
  ['bun.lock', 'objects', (n: number) => `${'{"a":'.repeat(n)}"${ssh}"${'}'.repeat(n)}`],
  ['pnpm-workspace.yaml', 'a flow', (n: number) => `a: ${'['.repeat(n)}"${ssh}"${']'.repeat(n)}\n`],
  ['pnpm-workspace.yaml', 'blocks', (n: number) => `${'- '.repeat(n)}${ssh}\n`],
])('deeper than anything that is meant is refused: %s, %s', (name, _, nested) => {
  expect(migrated(projectOf({ [name]: nested(100_000) })).plan.refused).toMatchObject([{ file: name, line: 1 }])
  expect(migrated(projectOf({ [name]: nested(50) })).plan.refused).toMatchObject(name === 'bun.lock' ? [{ file: name }] : [])
})

test('a lock that is damaged anywhere is refused, or moves as a whole', () => {
  const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(40), text: fragment })
  fc.assert(
    fc.property(
      fc.constantFrom(...projects),
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      fc.nat(),
      (project, damages, which) => {
        const files = project.files.map((one, index) => {
          if (index !== which % project.files.length) return one
          const damaged = damages.reduce((text, { at, length, text: inserted }) => {
            const start = Math.floor(at * text.length)
            return text.slice(0, start) + inserted + text.slice(start + length)
          }, one.text)
          return { ...one, text: damaged }
        })
        const { plan, files: after } = migrated({ ...project, files }, true)
        if (plan.refused.length > 0) expect(plan.edits).toEqual([])
        else {
          const again = files.map((one) => ({ ...one, text: asByteText(after[one.file] ?? '') }))
          expect(migrated({ ...project, files: again }, true).plan.edits).toEqual([])
        }
      },
    ),
    { numRuns: 300 },
  )
})

test('package.json: dependencies move, and nothing else changes', () => {
  const suffix = fc.constantFrom('', '#main', '#semver:^1.0.0', '#été', '#a&path:/b', '#\\"')
  const range = fc.oneof(
    fc.constant('^1.0.0'),
    suffix.map((end) => ssh + end),
  )
  const field = fc.constantFrom('dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'resolutions')
  const moving = fc.dictionary(field, fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), range))
  const own = fc.dictionary(fc.stringMatching(/^x[a-z]{0,4}$/), fc.jsonValue())
  fc.assert(
    fc.property(moving, own, fc.constantFrom(undefined, 2, '\t'), fc.boolean(), (fields, others, indent, windows) => {
      const write = (value: unknown) => {
        const text = JSON.stringify({ ...others, kept: ssh, ...(value as object) }, null, indent)
        return windows ? text.replaceAll('\n', '\r\n') : text
      }
      const { plan, files } = migrated(projectOf({ 'package.json': asByteText(write(fields)) }))
      expect(plan.refused).toEqual([])
      const expected = Object.entries(fields).map(([name, ranges]) => [
        name,
        Object.fromEntries(Object.entries(ranges).map(([key, value]) => [key, value.replace(ssh, https)])),
      ])
      expect(files['package.json']).toBe(write(Object.fromEntries(expected)))
    }),
  )
})
