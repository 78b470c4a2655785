import { expect, test } from 'vitest'
import { migrated, projectOf } from './project.ts'

const host = 'git-codecommit.us-east-1.amazonaws.com'
const [one, two] = ['APKAEXAMPLE000000000', 'APKASECOND0000000000'].map((key) => `git+ssh://${key}@${host}/v1/repos/x`)
const https = `git+https://dev@${host}/v1/repos/x`

function workspace(text: string) {
  const { plan, files } = migrated(projectOf({ 'package.json': '{}', 'pnpm-workspace.yaml': text }))
  return { text: files['pnpm-workspace.yaml'], refused: plan.refused, kinds: plan.edits.map(({ kind }) => kind) }
}

test.each([
  ['catalog', `catalog:\n  x: ${one}#main # all\n`],
  ['catalog', `catalogs: { a: { "x": '${one}' } }\n`],
  ['override', `overrides:\n  ? "a@${one}#main>x@>=1"\n  : 1.0.0\n`],
  ['override', `overrides:\r\n  'a>x': "${one}"\r\n`],
  ['dependency', `onlyBuiltDependencies:\n  - y\n  - x@${one}#1a\n`],
  ['dependency', `ignoredBuiltDependencies: [ "x@${one}#1a" ]\n`],
  ['dependency', `allowBuilds:\n  x@${one}#1a: true\n`],
])('%s: %j', (kind, text) => {
  expect(workspace(text)).toEqual({ text: text.replace(one ?? '', https), refused: [], kinds: [kind] })
})

test.each([
  `packageExtensions:\n  a:\n    dependencies:\n      x: ${one}\n`,
  `# ${one}\npackages:\n  - packages/*\n`,
  `patchedDependencies:\n  x@1.0.0: patches/${host}.patch\n`,
])('stays: %j', (text) => {
  expect(workspace(text)).toEqual({ text, refused: [], kinds: [] })
})

test('overrides that would be one are refused', () => {
  const text = `overrides:\n  x@${one}: 1.0.0\n  x@${two}: 2.0.0\n`
  expect(workspace(text)).toMatchObject({ text, refused: [{ line: 3, reason: expect.stringContaining('line 2') }, {}] })
})
