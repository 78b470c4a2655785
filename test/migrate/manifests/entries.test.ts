import { describe, expect, test } from 'vitest'
import { asByteText } from '../../../src/migrate/bytes.ts'
import { accounts, migrated, projectOf } from './project.ts'

const host = 'git-codecommit.us-east-1.amazonaws.com'
const [one, two] = Object.keys(accounts)
const from = (account: string | undefined, name: string) => `git+ssh://${account}@${host}/v1/repos/${name}`
const to = (name: string) => `git+https://dev@${host}/v1/repos/${name}`
const manifest = '{"name":"app"}'

function lockOf(name: string, text: string) {
  const { plan, files } = migrated(projectOf({ 'package.json': manifest, [name]: asByteText(text) }))
  return { text: files[name], refused: plan.refused, edits: plan.edits }
}

function entry(keys: string[], resolved: string, ...more: string[]): string {
  return [
    `${keys.map((key) => (key.includes(':') ? `"${key}"` : key)).join(', ')}:`,
    '  version "1.0.0"',
    `  resolved "${resolved}"`,
    ...more,
  ].join('\n')
}

const yarn = (...entries: string[]) => `# yarn lockfile v1\n\n\n${entries.join('\n\n')}\n`

describe('yarn 1', () => {
  test.each([
    [
      'an entry whose keys become one',
      [entry([`x@${from(one, 'x')}#a`, `x@${from(two, 'x')}#a`], `${from(one, 'x')}#1`)],
      [entry([`x@${to('x')}#a`], `${to('x')}#1`)],
    ],
    [
      'the keys of an entry are sorted',
      [entry([`x@${from(one, 'x')}#b`, `x@${from(two, 'x')}#a`, 'x@git+i:b'], `${from(one, 'x')}#1`)],
      [entry([`x@${to('x')}#a`, `x@${to('x')}#b`, 'x@git+i:b'], `${to('x')}#1`)],
    ],
    [
      'entries for one key, that differ by their uid',
      [
        entry([`x@${from(one, 'x')}#a`], `${from(one, 'x')}#1`, '  uid "1"'),
        entry([`x@${from(two, 'x')}#a`], `${from(two, 'x')}#1`),
        entry(['y@^1.0.0'], 'https://registry.example.com/y.tgz'),
      ],
      [entry([`x@${to('x')}#a`], `${to('x')}#1`, '  uid "1"'), entry(['y@^1.0.0'], 'https://registry.example.com/y.tgz')],
    ],
    [
      'the last entry is one too many',
      [
        entry(['a@1'], 'https://a'),
        entry([`x@${from(one, 'x')}`], `${from(one, 'x')}#1`),
        entry([`x@${from(two, 'x')}`], `${from(two, 'x')}#1`),
      ],
      [entry(['a@1'], 'https://a'), entry([`x@${to('x')}`], `${to('x')}#1`)],
    ],
    [
      'an entry moves up, beside another that stays',
      [
        entry(['x@git+file:b'], 'https://x'),
        entry(['x@git+i:b'], 'https://x'),
        entry([`x@${from(one, 'x')}`], `${from(one, 'x')}#1`),
        entry(['x@git+t:b'], 'https://x'),
      ],
      [
        entry(['x@git+file:b'], 'https://x'),
        entry([`x@${to('x')}`], `${to('x')}#1`),
        entry(['x@git+i:b'], 'https://x'),
        entry(['x@git+t:b'], 'https://x'),
      ],
    ],
    [
      'an entry moves to the beginning, another to the end',
      [
        entry(['x@git+m:b'], 'https://x'),
        entry([`x@${from(one, 'x')}`], `${from(one, 'x')}#1`),
        entry([`x@ssh://${two}@${host}/v1/repos/z`], `ssh://${two}@${host}/v1/repos/z#1`),
      ],
      [entry([`x@${to('x')}`], `${to('x')}#1`), entry([`x@${to('z')}`], `${to('z')}#1`), entry(['x@git+m:b'], 'https://x')],
    ],
  ])('%s', (_title, before, after) => {
    const { text, refused } = lockOf('yarn.lock', yarn(...before))
    expect(refused).toEqual([])
    expect(text).toBe(yarn(...after))
    const windows = lockOf('yarn.lock', yarn(...before).replaceAll('\n', '\r\n'))
    expect(windows.text).toBe(yarn(...after).replaceAll('\n', '\r\n'))
  })

  test('every URL is told, also of what is taken out', () => {
    const before = yarn(
      entry([`x@${from(one, 'x')}`], `${from(one, 'x')}#1`),
      entry([`x@${from(two, 'x')}`], `${from(two, 'x')}#1`),
    )
    const { edits } = lockOf('yarn.lock', before)
    expect(edits.map(({ line, from: url, account }) => [line, url, account])).toEqual([
      [4, from(one, 'x'), one],
      [6, `${from(one, 'x')}#1`, one],
      [8, from(two, 'x'), two],
      [10, `${from(two, 'x')}#1`, two],
    ])
  })

  test('entries for one key that differ are refused, and nothing moves', () => {
    const before = yarn(
      entry([`x@${from(one, 'x')}`], `${from(one, 'x')}#1`),
      entry([`x@${from(two, 'x')}`], `${from(two, 'x')}#2`),
    )
    const { text, refused } = lockOf('yarn.lock', before)
    expect(text).toBe(before)
    expect(refused[0]).toMatchObject({ line: 8, url: from(two, 'x'), account: two, reason: expect.stringContaining('line 4') })
  })
})

describe('pnpm', () => {
  const key = (account: string, commit: string) => `x@${from(account, 'x')}#${commit}`
  const pnpm9 = (...snapshots: string[]) => `lockfileVersion: '9.0'\n\nsnapshots:\n\n${snapshots.join('\n\n')}\n`

  test.each([
    [
      'needed in both ways',
      [`  ${key(one ?? '', '1')}:\n    optional: true`, `  ${key(two ?? '', '1')}: {}`],
      `  x@${to('x')}#1: {}`,
    ],
    [
      'needed in one way',
      [`  ${key(one ?? '', '1')}:\n    optional: true`, `  ${key(two ?? '', '1')}:\n    optional: true`],
      `  x@${to('x')}#1:\n    optional: true`,
    ],
    ['a peer', [`  p@1.0.0(${key(one ?? '', '1')})(y@2.0.0): {}`], `  p@1.0.0(x@${to('x')}#1)(y@2.0.0): {}`],
    ['a scope', [`  '@a/${key(one ?? '', '1')}': {}`], `  '@a/x@${to('x')}#1': {}`],
  ])('%s', (_title, before, after) => {
    expect(lockOf('pnpm-lock.yaml', pnpm9(...before))).toMatchObject({ text: pnpm9(after), refused: [] })
  })

  test('a key of version 6 with a port', () => {
    const before = `lockfileVersion: '6.0'\n\npackages:\n\n  ${one}@${host}+22/v1/repos/x//1a:\n    resolution: {commit: 1a, repo: ssh://${one}@${host}:22/v1/repos/x/, type: git}\n`
    const after = `lockfileVersion: '6.0'\n\npackages:\n\n  dev@${host}/v1/repos/x/1a:\n    resolution: {commit: 1a, repo: https://dev@${host}/v1/repos/x, type: git}\n`
    expect(lockOf('pnpm-lock.yaml', before)).toMatchObject({ text: after, refused: [] })
  })

  test('overrides that would be one are refused', () => {
    const before = `lockfileVersion: '9.0'\n\noverrides:\n  a@${from(one, 'a')}: 1.0.0\n  a@${from(two, 'a')}: 2.0.0\n`
    expect(lockOf('pnpm-lock.yaml', before)).toMatchObject({ text: before, refused: [{ line: 5, account: two }, {}] })
  })

  test.each(['5.4', '10.0', ''])('version "%s" is refused', (version) => {
    const { refused } = lockOf('pnpm-lock.yaml', `lockfileVersion: ${version}\nspecifiers:\n  x: ${from(one, 'x')}\n`)
    expect(refused).toMatchObject([{ file: 'pnpm-lock.yaml', line: 1, reason: expect.stringContaining(`"${version}"`) }])
  })
})

describe('npm', () => {
  // As npm 11 has it, to which `HOST:PATH` is a folder.
  test('a URL where none is expected is refused, and nothing moves', () => {
    const scp = `${one}@${host}:v1/repos/x`
    const lock = {
      packages: {
        '': { dependencies: { x: scp } },
        [scp]: {},
        'node_modules/x': { resolved: scp, link: true },
      },
    }
    const before = JSON.stringify(lock, null, 2)
    const { text, refused } = lockOf('package-lock.json', before)
    expect(text).toBe(before)
    expect(refused[0]).toMatchObject({ line: 8, url: scp, account: one, reason: expect.stringContaining('no package manager') })
  })
})

describe('Bun', () => {
  test('a patch stays that of its package', () => {
    const before = `{"patchedDependencies":{"x@${from(one, 'x')}#1a":"patches/x.patch",},"packages":{"x":["x@${from(one, 'x')}#1a",{},"1a"],}}`
    expect(lockOf('bun.lock', before)).toMatchObject({ text: before.replaceAll(from(one, 'x'), to('x')), refused: [] })
  })
})
