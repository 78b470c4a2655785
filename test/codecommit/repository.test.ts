import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AwsfedError } from '../../src/base/errors.ts'
import { parseHost } from '../../src/codecommit/host.ts'
import {
  isRepositoryName,
  parseRepositoryUrl,
  repositoryOfPath,
  repositoryUrl,
  requestedRepository,
} from '../../src/codecommit/repository.ts'

const name = 'git-codecommit.us-east-1.amazonaws.com'
const host = parseHost(name)
if (!host) throw new Error('a host of ours')

describe('a path of git', () => {
  test.each([
    ['v1/repos/x', 'x'],
    ['/v1/repos/x', 'x'],
    ['v1/repos/x/', 'x'],
    ['/v1/repos/x/', 'x'],
    ['v1/repos/A.b_c-9', 'A.b_c-9'],
    [`v1/repos/${'a'.repeat(100)}`, 'a'.repeat(100)],
    ['v1/repos/demo.git.x', 'demo.git.x'],
    ['v1/repos/../x', undefined],
    ['v1/repos/..', undefined],
    ['v1/repos/.', undefined],
    ['v1/repos/a%2fb', undefined],
    ['v1/repos/my repo', undefined],
    ['v1/repos/demo?x=1', undefined],
    ['v1/repos/demo#x', undefined],
    ['v1/repos/demo.git', undefined],
    ['v1/repos/demo/info/lfs', undefined],
    ['v1/repos//x', undefined],
    ['//v1/repos/x', undefined],
    ['v1/repos/', undefined],
    ['v1/repos', undefined],
    ['/', undefined],
    ['', undefined],
    ['v2/repos/x', undefined],
    ['x', undefined],
    [`v1/repos/${'a'.repeat(101)}`, undefined],
    ['v1/repos/caf\u00e9', undefined],
  ])('%j is of the repository %j', (path, repository) => {
    expect(repositoryOfPath(path)).toBe(repository)
  })
})

describe('a path that cannot be answered', () => {
  const refusal = (path: string | undefined): AwsfedError => {
    try {
      requestedRepository(host, path)
    } catch (error) {
      return error as AwsfedError
    }
    throw new Error('was not refused')
  }

  test.each([undefined, ''])('%j: names useHttpPath and the command that sets it', (path) => {
    expect(refusal(path).message).toContain('useHttpPath')
    expect(refusal(path).hint).toContain('awsfed setup git')
  })

  test.each(['v1/repos/../x', 'v1/repos/a%2fb', 'my repo', 'demo?x=1', 'v1/repos/demo.git'])(
    '%j: says how the URL is',
    (path) => {
      expect(refusal(path).hint).toContain(`https://${name}/v1/repos/NAME`)
    },
  )

  test('whatever the path, what is said of it has no control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        fc.pre(repositoryOfPath(path) === undefined)
        expect(refusal(path).message).toMatch(/^[\x20-\x7e…]*$/)
      }),
    )
  })
})

describe('a URL', () => {
  test.each([
    [`https://${name}/v1/repos/demo`, 'demo', undefined],
    [`HTTPS://${name}:443/v1/repos/demo/`, 'demo', undefined],
    [`https://prod@${name}/v1/repos/demo`, 'demo', 'prod'],
    [`https://a%40b:secret@${name}/v1/repos/demo`, 'demo', 'a@b'],
    [`https://@${name}/v1/repos/demo`, 'demo', undefined],
  ])('%s', (url, repository, user) => {
    expect(parseRepositoryUrl(url)).toMatchObject({ name: repository, user, host: { name } })
  })

  test.each([
    `http://${name}/v1/repos/demo`,
    `https://${name}`,
    `https://${name}/v1/repos/demo.git`,
    `https://${name}/v1/repos/demo?x`,
    `https://${name}.evil.com/v1/repos/demo`,
    `https://${name}@evil.com/v1/repos/demo`,
    `https://evil.com/x@${name}/v1/repos/demo`,
    `https://${name}\\@evil.com/v1/repos/demo`,
    `https:/${name}/v1/repos/demo`,
    ` https://${name}/v1/repos/demo`,
    `https://%zz@${name}/v1/repos/demo`,
    'https://github.com/v1/repos/demo',
    '',
  ])('%j is none of ours', (url) => {
    expect(parseRepositoryUrl(url)).toBeUndefined()
  })

  test('is read back as it was written, whatever user and name', () => {
    const names = fc.string({ unit: fc.constantFrom(...'abzAZ09._-'), minLength: 1, maxLength: 100 }).filter(isRepositoryName)
    const user = fc.option(fc.string({ unit: 'grapheme', minLength: 1 }), { nil: undefined })
    fc.assert(
      fc.property(names, user, (repository, profile) => {
        const written = { host, name: repository, user: profile }
        expect(parseRepositoryUrl(repositoryUrl(written))).toEqual(written)
      }),
    )
  })
})
