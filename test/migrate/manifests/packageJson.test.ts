import { describe, expect, test } from 'vitest'
import { asByteText } from '../../../src/migrate/bytes.ts'
import { migrated, projectOf } from './project.ts'

const host = 'git-codecommit.us-east-1.amazonaws.com'
const ssh = `git+ssh://APKAEXAMPLE000000000@${host}/v1/repos/x`
const https = `git+https://dev@${host}/v1/repos/x`

function changed(text: string, more: Record<string, string> = {}): string | undefined {
  const { plan, files } = migrated(projectOf({ 'package.json': asByteText(text), ...more }))
  expect(plan.refused).toEqual([])
  return files['package.json']
}

describe('what moves', () => {
  test.each([
    ['dependency', `{"dependencies":{"x":"${ssh}#main"}}`],
    ['dependency', `{"devDependencies":{"x":"${ssh}#semver:^1.0.0"}}`],
    ['dependency', `{"optionalDependencies":{"x":"${ssh}#main&path:/a"}}`],
    ['dependency', `{"peerDependencies":{"x":"${ssh}"}}`],
    ['override', `{"overrides":{"x":"${ssh}"}}`],
    ['override', `{"overrides":{"a":{"b":{".":"1.0.0","x":"${ssh}"}}}}`],
    ['override', `{"overrides":{"x@${ssh}":"1.0.0"}}`],
    ['override', `{"overrides":{"@a/x@${ssh}#main":{"y":"1.0.0"}}}`],
    ['override', `{"resolutions":{"**/x":"${ssh}"}}`],
    ['override', `{"resolutions":{"a/@b/x@${ssh}#main":"1.0.0"}}`],
    ['override', `{"pnpm":{"overrides":{"a@1>x":"${ssh}"}}}`],
    ['override', `{"pnpm":{"overrides":{"a@${ssh}#main>x@>=1":"2.0.0"}}}`],
    ['catalog', `{"pnpm":{"catalog":{"x":"${ssh}"}}}`],
    ['catalog', `{"pnpm":{"catalogs":{"a":{"x":"${ssh}"}}}}`],
    ['catalog', `{"workspaces":{"packages":["a"],"catalog":{"x":"${ssh}"},"catalogs":{}}}`],
    ['catalog', `{"workspaces":{"catalogs":{"a":{"x":"${ssh}"}}}}`],
    ['dependency', `{"patchedDependencies":{"x@${ssh}#1a":"patches/x.patch"}}`],
    ['dependency', `{"pnpm":{"onlyBuiltDependencies":["y","x@${ssh}#1a"]}}`],
    ['dependency', `{"pnpm":{"allowBuilds":{"@a/x@${ssh}#1a":true}}}`],
    ['repository', `{"repository":"${ssh}"}`],
    ['repository', `{"repository":{"type":"git","url":"${ssh}","directory":"a"}}`],
  ])('%s: %s', (kind, text) => {
    expect(changed(text)).toBe(text.replace(ssh, https))
    expect(migrated(projectOf({ 'package.json': text })).plan.edits).toMatchObject([{ kind, account: 'APKAEXAMPLE000000000' }])
  })

  test.each([
    ['repository, without git+', `"repository":"ssh://${host}/v1/repos/x"`, `"repository":"https://${host}/v1/repos/x"`],
    ['git-remote-codecommit', '"repository":"codecommit::us-east-1://x"', `"repository":"https://${host}/v1/repos/x"`],
    ['without git+', `"dependencies":{"x":"ssh://${host}/v1/repos/x"}`, `"dependencies":{"x":"git+https://${host}/v1/repos/x"}`],
    ['scp', `"dependencies":{"x":"${host}:v1/repos/x#a"}`, `"dependencies":{"x":"git+https://${host}/v1/repos/x#a"}`],
    ['alias', '"dependencies":{"x":"git+ssh://plain/v1/repos/x#a"}', `"dependencies":{"x":"git+https://${host}/v1/repos/x#a"}`],
    [
      'a patch of yarn 4',
      `"resolutions":{"x":"patch:x@${ssh.replace(':', '%3A')}%23main#~/.yarn/patches/x.patch"}`,
      `"resolutions":{"x":"patch:x@${https.replace(':', '%3A')}%23main#~/.yarn/patches/x.patch"}`,
    ],
    [
      'a patch of yarn',
      `"resolutions":{"x":"patch:x@${encodeURIComponent(`${ssh}#main`)}#~/.yarn/patches/x.patch"}`,
      `"resolutions":{"x":"patch:x@${encodeURIComponent(`${https}#main`)}#~/.yarn/patches/x.patch"}`,
    ],
  ])('%s', (_title, before, after) => {
    expect(changed(`{${before}}`)).toBe(`{${after}}`)
  })

  test('a catalog at the top, where Bun reads it', () => {
    const text = `{"catalog":{"x":"${ssh}"},"catalogs":{"a":{"x":"${ssh}"}}}`
    expect(changed(text, { 'bun.lock': `{"x":"${host}",}` })).toBe(text.replaceAll(ssh, https))
    expect(changed(text)).toBe(text)
  })
})

test.each([
  `{"scripts":{"x":"git clone ${ssh}"}}`,
  `{"description":"${ssh}"}`,
  `{"x":{"dependencies":{"x":"${ssh}"}}}`,
  `{"dependencies":{"x":{"y":"${ssh}"}}}`,
  `{"repository":{"type":"${ssh}"}}`,
  `{"repository":["${ssh}"]}`,
  `{"homepage":"${ssh}","bugs":{"url":"${ssh}"},"${ssh}":"${ssh}"}`,
  `{"bundleDependencies":["${ssh}"]}`,
  `{"pnpm":{"packageExtensions":{"x":{"dependencies":{"y":"${ssh}"}}}}}`,
  `{"dependencies":{"x":"${https}","y":"https://${host}/v1/repos/x","z":"^1.0.0"}}`,
  `{"dependencies":{"x":"git+ssh://git@github.com/a/v1/repos/x"}}`,
])('stays: %s', (text) => {
  expect(changed(text)).toBe(text)
})

test.each([
  ['BOM, CRLF, tabs and no final newline', `\ufeff{\r\n\t"dependencies" : { "x":\t"SSH#main" }\r\n}`],
  ['escapes behind what changes', '{"dependencies":{"x":"SSH#b\\u00e9\\/\\"\\\\c"}}'],
  ['letters of any alphabet', '{"name":"été","dependencies":{"x":"SSH#ветка-日本-🚀"},"description":"naïve"}'],
  ['the same key twice', '{"dependencies":{"x":"SSH#a","x":"SSH#b"},"dependencies":{"x":"SSH#c"}}'],
])('%s', (_title, text) => {
  expect(changed(text.replaceAll('SSH', ssh))).toBe(text.replaceAll('SSH', https))
})

test('escaped slashes stay escaped', () => {
  const text = `{"dependencies":{"x":"${ssh.replaceAll('/', '\\/')}#a\\u002fb"}}`
  expect(changed(text)).toBe(`{"dependencies":{"x":"${https.replaceAll('/', '\\/')}#a\\u002fb"}}`)
})

describe('refused', () => {
  test.each([
    ['no JSON', `{"dependencies":{"x":"${ssh}"},}`, 'line 1 is not understood'],
    ['a comment', `{\n// a\n"dependencies":{"x":"${ssh}"}}`, 'line 2 is not understood'],
    [
      'overrides that would be one',
      `{"overrides":{"x@${ssh}":"1.0.0",\n"x@${ssh.replace(/APKA\w+/, 'APKASECOND0000000000')}":"2.0.0"}}`,
      'the same key as the one in line 1',
    ],
    [
      'one that would be the same as what is there',
      `{"overrides":{"x@${https}":"1.0.0",\n"x@${ssh}":"2.0.0"}}`,
      'the same key as the one in line 1',
    ],
    ['a malformed URL', `{"dependencies":{"x":"git+ssh://${host}/v1/repos/x/y"}}`, 'malformed'],
  ])('%s', (_title, text, reason) => {
    const { edits, refused, sources } = migrated(projectOf({ 'package.json': text })).plan
    expect({ edits, sources }).toEqual({ edits: [], sources: [] })
    expect(refused[0]).toMatchObject({ file: 'package.json', reason: expect.stringContaining(reason) })
    expect(refused.slice(1).filter((one) => !one.reason.includes('only together'))).toEqual([])
  })
})
