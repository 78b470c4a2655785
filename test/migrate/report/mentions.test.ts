import { describe, expect, test } from 'vitest'
import { mentionsIn } from '../../../src/migrate/report/mentions.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { knowledge } from '../url/knowledge.ts'

const ours = 'git-codecommit.us-east-1.amazonaws.com'
const key = 'APKAEXAMPLE000000000'
const url = `ssh://${ours}/v1/repos/x`

function mentions(text: string, more: Parameters<typeof knowledge>[0] = {}) {
  return mentionsIn({ file: '/code/main.tf', text }, translator(knowledge(more))).map(({ line, url, to }) => [line, url, to])
}

describe('in whatever language', () => {
  test.each([
    [`source = "git::${url}//vpc?ref=v1"`, `git::${url}//vpc?ref=v1`, `git::https://${ours}/v1/repos/x//vpc?ref=v1`],
    [`source = "git::${url}?ref=v1"`, `git::${url}?ref=v1`, `git::https://${ours}/v1/repos/x?ref=v1`],
    [
      `x = 'git::codecommit::us-east-1://p@x//vpc'`,
      'git::codecommit::us-east-1://p@x//vpc',
      `git::https://${ours}/v1/repos/x//vpc`,
    ],
    [`gem "x", git: "${url}"`, url, `https://${ours}/v1/repos/x`],
    [`pod 'x', :git => '${url}', :tag => '1'`, url, `https://${ours}/v1/repos/x`],
    [`git+${url}@v1.0#egg=x`, `git+${url}@v1.0#egg=x`, `git+https://${ours}/v1/repos/x@v1.0#egg=x`],
    [`x @ git+ssh://${key}@${ours}/v1/repos/x`, `git+ssh://${key}@${ours}/v1/repos/x`, `git+https://${ours}/v1/repos/x`],
    [`x = { git = "${url}", branch = "b" }`, url, `https://${ours}/v1/repos/x`],
    [String.raw`{"url": "ssh:\/\/${ours}\/v1\/repos\/x"}`, url, `https://${ours}/v1/repos/x`],
    [`RUN git clone ${url} && cd x`, url, `https://${ours}/v1/repos/x`],
    [`git clone ${url}&&cd x`, url, `https://${ours}/v1/repos/x`],
    [`git clone "\${URL:-${url}}"`, url, `https://${ours}/v1/repos/x`],
    [`run: [git, clone, ${url}]`, url, `https://${ours}/v1/repos/x`],
    [
      `x = "git::${url}//\${local.folder}?ref=\${local.v}"}`,
      `git::${url}//\${local.folder}?ref=\${local.v}`,
      `git::https://${ours}/v1/repos/x//\${local.folder}?ref=\${local.v}`,
    ],
    [`- git clone ${url};`, url, `https://${ours}/v1/repos/x`],
    ['git clone cc:/v1/repos/x', 'cc:/v1/repos/x', `https://${ours}/v1/repos/x`],
    ['git clone ssh://cc/v1/repos/x', 'ssh://cc/v1/repos/x', `https://${ours}/v1/repos/x`],
    [`git clone ${key}@${ours}:v1/repos/x`, `${key}@${ours}:v1/repos/x`, `https://${ours}/v1/repos/x`],
    ['git clone codecommit://prod@x', 'codecommit://prod@x', 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/x'],
  ])('%s', (text, found, to) => {
    expect(mentions(`# one\n${text}\n`)).toEqual([[2, found, to]])
  })

  test.each([
    [
      `git clone ssh://git-codecommit.\${REGION}.amazonaws.com/v1/repos/x`,
      `ssh://git-codecommit.\${REGION}.amazonaws.com/v1/repos/x`,
    ],
    [`git clone ssh://${ours}/v1/repos/$NAME`, `ssh://${ours}/v1/repos/$NAME`],
    [`codecommit::\${local.region}://x`, `codecommit::\${local.region}://x`],
    ['codecommit://dev@x', 'codecommit://dev@x'],
    [`ssh://${ours}/v1/repos//v1/repos/x`, `ssh://${ours}/v1/repos//v1/repos/x`],
    [`${url}.git`, `${url}.git`],
  ])('what it would become is not known: %s', (text, found) => {
    expect(mentions(text)).toEqual([[1, found, undefined]])
  })

  test.each([
    `https://${ours}/v1/repos/x`,
    `git+https://${ours}/v1/repos/x`,
    'ssh://elsewhere/v1/repos/x',
    'https://github.com/a/b',
    'arn:aws:codecommit:us-east-1:123456789012:x',
    'codecommit:GitPull',
    'curl http://localhost:8080/v1/repos/x',
    'path: /v1/repos/x',
    `ssh://${ours}.evil.com/v1/repos/x`,
  ])('no mention: %s', (text) => {
    expect(mentions(text)).toEqual([])
  })

  test('a megabyte of one word is read once', () => {
    const long = 'a'.repeat(1_000_000)
    expect(mentions(`${long} ${long}@${long} git clone cc:/v1/repos/x`)).toHaveLength(1)
  })

  test('the way back', () => {
    expect(mentions(`git clone https://${ours}/v1/repos/x`, { to: 'ssh' })).toEqual([[1, `https://${ours}/v1/repos/x`, url]])
  })

  test('several, with their lines and accounts', () => {
    const text = `${url} ssh://${key}@${ours}/v1/repos/y\r\n\r\ncc:/v1/repos/z`
    const found = mentionsIn({ file: '/x.sh', text }, translator(knowledge()), 'topic')
    expect(found.map(({ line, account, branch, file }) => [line, account, branch, file])).toEqual([
      [1, undefined, 'topic', '/x.sh'],
      [1, key, 'topic', '/x.sh'],
      [3, 'APKAALIAS00000000000', 'topic', '/x.sh'],
    ])
  })
})
