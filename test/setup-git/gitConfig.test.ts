import { describe, expect, test } from 'vitest'
import { parseList, parseListWithOrigins } from '../../src/git/config.ts'
import { gitWarnings } from '../../src/setup/gitWarnings.ts'

describe('parseList', () => {
  for (const [output, entries] of [
    ['', []],
    ['user.name\nJane\0', [{ key: 'user.name', value: 'Jane' }]],
    ['a.b\n\0', [{ key: 'a.b', value: '' }]],
    ['a.b\0', [{ key: 'a.b', value: 'true' }]],
    [
      'a.b\none\ntwo\r\0c.d\n=\0',
      [
        { key: 'a.b', value: 'one\ntwo\r' },
        { key: 'c.d', value: '=' },
      ],
    ],
  ] as const) {
    test(JSON.stringify(output), () => expect(parseList(output)).toEqual(entries))
  }
  test('with origins', () => {
    expect(parseListWithOrigins('file:/x\0a.b\n\0file:/y\0c.d\ne\0')).toEqual([
      { origin: 'file:/x', key: 'a.b', value: '' },
      { origin: 'file:/y', key: 'c.d', value: 'e' },
    ])
  })
})

describe('gitWarnings', () => {
  const ours = {
    key: 'credential.https://git-codecommit.*.amazonaws.com.helper',
    value: "!AWSFED_NODE='/n' '/git-credential-awsfed'",
  }
  const httpPath = { key: 'credential.usehttppath', value: 'false', origin: 'file:/etc/gitconfig' }
  const store = { key: 'credential.helper', value: 'store' }
  const one = { key: 'credential.https://git-codecommit.us-east-1.amazonaws.com.helper', value: 'cache' }
  const elsewhere = { key: 'credential.https://github.com.helper', value: 'store' }
  for (const [title, entries, warnings] of [
    ['nothing', [ours], []],
    ['useHttpPath=false later', [ours, httpPath], [/useHttpPath=false in \/etc\/gitconfig comes later/]],
    ['useHttpPath=false before', [httpPath, ours], []],
    ['useHttpPath=true later', [ours, { ...httpPath, value: 'true' }], []],
    ['a general helper later', [ours, store], [/helper store comes later/]],
    ['a general helper before', [store, ours], []],
    ['a general reset later', [ours, { ...store, value: '' }], [/an empty credential\.helper comes later and takes awsfed away/]],
    ['a helper for one region later', [ours, one], [/helper cache comes later/]],
    ['a helper for another host later', [ours, elsewhere], []],
    ['not set up', [httpPath, store], []],
  ] as const) {
    test(title, () => {
      const found = gitWarnings(entries)
      expect(found).toHaveLength(warnings.length)
      warnings.forEach((warning, index) => void expect(found[index]).toMatch(warning))
    })
  }
})
