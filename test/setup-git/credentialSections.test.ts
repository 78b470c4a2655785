import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codecommitUrls } from '../../src/setup/codecommitUrls.ts'
import { removed, sectionFor, updated } from '../../src/setup/credentialSections.ts'
import { helperValue, isOurs } from '../../src/setup/helperValue.ts'
import { appended } from '../../src/setup/sectionText.ts'

const url = 'https://git-codecommit.*.amazonaws.com'
const helper = "!AWSFED_NODE='/usr/bin/node' '/opt/awsfed/bin/git-credential-awsfed'"
const other = "!AWSFED_NODE='/old/node' '/old/bin/git-credential-awsfed'"
const section = sectionFor(url, helper)

describe('sectionFor', () => {
  test('reset, helper, useHttpPath', () => {
    expect(section).toBe(
      '[credential "https://git-codecommit.*.amazonaws.com"]\n' +
        '\thelper =\n' +
        "\thelper = !AWSFED_NODE='/usr/bin/node' '/opt/awsfed/bin/git-credential-awsfed'\n" +
        '\tuseHttpPath = true\n',
    )
  })
})

describe('appended, then removed', () => {
  for (const text of [
    '',
    '[user]\n\tname = Jane\n',
    '[user]\r\n\tname = Jane\r\n',
    '# a comment\n\n',
    '[credential]\n\thelper = store\n',
    `[credential "${url}"]\n\tuseHttpPath = true\n`,
    `[credential "${url}"]\n\thelper =\n\thelper = !aws codecommit credential-helper $@\n\tuseHttpPath = true\n`,
  ]) {
    test(`${JSON.stringify(text)} is as before`, () => {
      expect(removed(appended(text, section), url)).toBe(text)
    })
  }

  test('any text of whole lines is as before', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '[credential]',
        `[credential "${url}"]`,
        '\thelper =',
        '\thelper = store',
        '\tuseHttpPath = true',
        '# note',
        '',
      ),
      fc.string().map((text) => text.replace(/[\n\r]/g, '')),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.map((each) => `${each}\n`).join('')
        expect(removed(appended(text, section), url)).toBe(text)
      }),
    )
  })

  test('all hosts, in any order of removal', () => {
    const before = '[user]\n\tname = Jane\n'
    const all = codecommitUrls.reduce((text, each) => appended(text, sectionFor(each, helper)), before)
    expect([...codecommitUrls].reverse().reduce(removed, all)).toBe(before)
  })
})

describe('removed leaves what others wrote', () => {
  const cases: [title: string, text: string, left: string][] = [
    ['a key in our section', `${section}\tusername = dev\n`, `[credential "${url}"]\n\tusername = dev\n`],
    [
      'a comment in our section',
      section.replace('\tuse', '\t# mine\n\tuse'),
      `[credential "${url}"]\n\t# mine\n\tuseHttpPath = true\n`,
    ],
    ['a helper in our section', `${section}\thelper = cache\n`, `[credential "${url}"]\n\thelper = cache\n`],
    ['a section behind ours', `${section}[core]\n\teditor = vi\n`, '[core]\n\teditor = vi\n'],
    ['blank lines behind ours', `${section}\n\n`, `[credential "${url}"]\n\n\n`],
    ['the helper of another url', sectionFor('https://example.com', helper), sectionFor('https://example.com', helper)],
    ['another helper', sectionFor(url, '!aws codecommit'), sectionFor(url, '!aws codecommit')],
  ]
  for (const [title, text, left] of cases) test(title, () => expect(removed(text, url)).toBe(left))
})

describe('updated', () => {
  test('the helper alone changes', () => {
    const text = `[a]\n\tb = c\n${sectionFor(url, other)}[d]\n\te = f\n`
    expect(updated(text, url, helper)).toBe(text.replace(other, helper))
  })
  for (const [title, text] of [
    ['no section', '[user]\n'],
    ['no reset before the helper', sectionFor(url, other).replace('\thelper =\n', '')],
    ['no useHttpPath', sectionFor(url, other).replace('\tuseHttpPath = true\n', '')],
    ['two of ours', sectionFor(url, other) + sectionFor(url, other)],
  ] as const) {
    test(`${title}: not to be updated in place`, () => expect(updated(text, url, helper)).toBeUndefined())
  }
})

describe('helperValue', () => {
  const cases: [node: string, program: string, platform: NodeJS.Platform, value: string][] = [
    ['/usr/bin/node', '/a b/bin/git-credential-awsfed', 'linux', "!AWSFED_NODE='/usr/bin/node' '/a b/bin/git-credential-awsfed'"],
    ["/o's/node", '/x/git-credential-awsfed', 'linux', "!AWSFED_NODE='/o'\\''s/node' '/x/git-credential-awsfed'"],
    [
      'C:\\Program Files\\nodejs\\node.exe',
      'C:\\Users\\J D\\git-credential-awsfed',
      'win32',
      "!AWSFED_NODE='C:/Program Files/nodejs/node.exe' 'C:/Users/J D/git-credential-awsfed'",
    ],
    ['/back\\slash/node', '/x/git-credential-awsfed', 'linux', "!AWSFED_NODE='/back\\slash/node' '/x/git-credential-awsfed'"],
  ]
  for (const [node, program, platform, value] of cases) {
    test(`${node} on ${platform}`, () => {
      expect(helperValue({ node, program }, platform)).toBe(value)
      expect(isOurs(value)).toBe(true)
    })
  }
  for (const value of ['', 'store', '!aws codecommit credential-helper $@', 'awsfed', '/usr/bin/git-credential-awsfed']) {
    test(`${JSON.stringify(value)} is not ours`, () => expect(isOurs(value)).toBe(false))
  }
})
