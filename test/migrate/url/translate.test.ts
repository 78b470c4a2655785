import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRepositoryUrl } from '../../../src/codecommit/repository.ts'
import type { Use } from '../../../src/migrate/url/codeCommitUrl.ts'
import { survey } from '../../../src/migrate/url/survey.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { knowledge } from './knowledge.ts'

const ours = 'git-codecommit.us-east-1.amazonaws.com'
const key = 'APKAEXAMPLE000000000'

describe('git: moves', () => {
  test.each([
    [`ssh://${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`ssh://${key}@${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`ssh://${ours}:22/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`ssh://${key}@${ours}:22/v1/repos/x/`, `https://${ours}/v1/repos/x`],
    [`ssh://${ours}:022/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`git+ssh://${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`ssh+git://${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`ssh://GIT-CodeCommit.US-EAST-1.amazonaws.com/v1/repos/My.Repo_1`, `https://${ours}/v1/repos/My.Repo_1`],
    [`ssh://${ours}/v1/repos/x/`, `https://${ours}/v1/repos/x`],
    [`ssh://${ours}/v1/repos/my%2Drepo`, `https://${ours}/v1/repos/my-repo`],
    [`ssh://${ours}/v1%2frepos/x`, `https://${ours}/v1/repos/x`],
    [`ssh://APKA%45XAMPLE000000000@${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`${ours}:/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`${ours}:v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`${key}@${ours}:/v1/repos/x/`, `https://${ours}/v1/repos/x`],
    [`[${ours}]:/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`[${key}@${ours}:22]:/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [`${key}@[${ours}:22]:v1/repos/x`, `https://${ours}/v1/repos/x`],
    ['ssh://cc/v1/repos/x', `https://${ours}/v1/repos/x`],
    ['cc:/v1/repos/x', `https://${ours}/v1/repos/x`],
    ['cc:v1/repos/x', `https://${ours}/v1/repos/x`],
    ['ssh://cc:22/v1/repos/x', `https://${ours}/v1/repos/x`],
    [`ssh://${ours}-work/v1/repos/x`, `https://${ours}/v1/repos/x`],
    [
      'ssh://git-codecommit-fips.us-gov-west-1.amazonaws.com/v1/repos/x',
      'https://git-codecommit-fips.us-gov-west-1.amazonaws.com/v1/repos/x',
    ],
    [
      'ssh://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/x',
      'https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/x',
    ],
    [
      'ssh://vpce-0a1b.git-codecommit.eu-west-1.vpce.amazonaws.com/v1/repos/x',
      'https://vpce-0a1b.git-codecommit.eu-west-1.vpce.amazonaws.com/v1/repos/x',
    ],
    ['codecommit::us-east-1://x', `https://${ours}/v1/repos/x`],
    ['codecommit::US-EAST-1://My.Repo', `https://${ours}/v1/repos/My.Repo`],
    ['codecommit::us-east-1://prod@x/', `https://${ours}/v1/repos/x`],
    ['codecommit::cn-north-1://x', 'https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/x'],
    ['codecommit://prod@x', 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/x'],
  ])('%s', (from, to) => {
    expect(translator(knowledge())(from, 'git')).toMatchObject({ verdict: 'move', to, remote: { to } })
  })
})

describe('git: refused', () => {
  test.each([
    [`ssh://ssh://${ours}/v1/repos/x`, 'malformed'],
    [`ssh:/${ours}/v1/repos/x`, 'malformed'],
    [`ssh://${ours}/v1/repos//v1/repos/x`, 'malformed'],
    [`ssh://${ours}//v1/repos/x`, 'malformed'],
    [`ssh://${ours}/v1/repos/x//`, 'malformed'],
    [`ssh://${ours}/v1/repos/`, 'malformed'],
    [`ssh://${ours}/v1/repos`, 'malformed'],
    [`ssh://${ours}/`, 'malformed'],
    [`ssh://${ours}`, 'malformed'],
    [`ssh://${ours}./v1/repos/x`, 'dot'],
    [`${ours}.:/v1/repos/x`, 'dot'],
    [`ssh://${ours}/x`, 'malformed'],
    [`ssh://${ours}/v2/repos/x`, 'malformed'],
    [`ssh://${ours}/v1/repos/x/y`, 'malformed'],
    [`ssh://${ours}/v1/repos/..`, 'malformed'],
    [`ssh://${ours}/v1/repos/x.git`, '".git"'],
    [`ssh://${ours}/v1/repos/x#main`, 'malformed'],
    [`ssh://${ours}/v1/repos/x?ref=main`, 'malformed'],
    [`ssh://${ours}/v1/repos/a%2Fb`, 'malformed'],
    [`ssh://${ours}/v1/repos/x%0A`, 'malformed'],
    [`ssh://${ours}/v1/repos/x%zz`, 'malformed'],
    [`ssh://${ours}/v1/repos/${'a'.repeat(101)}`, 'malformed'],
    [`ssh://${ours}:2222/v1/repos/x`, 'port'],
    [`ssh://${ours}:443/v1/repos/x`, 'port'],
    [`ssh://${ours}:/v1/repos/x`, 'port'],
    [`ssh://${ours}:v1/repos/x`, 'malformed'],
    [`[${ours}:2222]:/v1/repos/x`, 'port'],
    [`ssh://${key}:secret@${ours}/v1/repos/x`, 'password'],
    [`ssh://:secret@${ours}/v1/repos/x`, 'password'],
    [`ssh://jane%3Asecret@${ours}/v1/repos/x`, 'password'],
    [`ssh://jane:22@${ours}:22/v1/repos/x`, 'password'],
    ['ssh://jane:secret@cc/v1/repos/x', 'password'],
    [`jane:secret@${ours}:/v1/repos/x`, 'malformed'],
    [`[jane:secret@${ours}]:/v1/repos/x`, 'password'],
    [`jane:secret@[${ours}:22]:/v1/repos/x`, 'password'],
    ['codecommit::us-east-1://prod:secret@x', 'password'],
    [`ssh://-oProxyCommand=x@${ours}/v1/repos/x`, 'name'],
    [`ssh://ja%20ne@${ours}/v1/repos/x`, 'name'],
    ['codecommit::us-east-1:// prod@x', 'name'],
    [`${ours}:22/v1/repos/x`, 'malformed'],
    [`${ours}:443:/v1/repos/x`, 'malformed'],
    [`${ours}:`, 'malformed'],
    [`${ours}:x`, 'malformed'],
    [`${ours}:~/v1/repos/x`, 'malformed'],
    [`${ours}:/v1/repos/my%2Drepo`, 'malformed'],
    [`SSH://${ours}/v1/repos/x`, 'malformed'],
    [`git://${ours}/v1/repos/x`, 'malformed'],
    [`${ours}/v1/repos/x`, 'malformed'],
    [`${key}@${ours}/v1/repos/x`, 'malformed'],
    ['ssh://tunnel/v1/repos/x', 'port 2222'],
    ['ssh://cc:2222/v1/repos/x', 'port'],
    ['ssh://cc/v1/repos//v1/repos/x', 'malformed'],
    ['ssh://unasked/v1/repos/x', 'not known'],
    ['codecommit://x', 'region'],
    ['codecommit://dev@x', 'region'],
    ['codecommit::://x', 'malformed'],
    ['codecommit::us-east-1', 'malformed'],
    ['codecommit::us-east-1:x', 'malformed'],
    ['codecommit::us-east-1:/x', 'malformed'],
    ['codecommit::us-east://x', 'region'],
    ['codecommit::us-east-1.evil.com://x', 'region'],
    ['codecommit::us-east-1://', 'malformed'],
    ['codecommit::us-east-1://a/b', 'malformed'],
    ['codecommit::us-east-1://a@b@c', 'malformed'],
    ['codecommit::us-east-1://x%2dy', 'malformed'],
  ])('%s', (from, reason) => {
    expect(translator(knowledge())(from, 'git')).toMatchObject({ verdict: 'refuse', reason: expect.stringContaining(reason) })
  })
})

describe('git: not ours, or right already', () => {
  test.each([
    '',
    '.',
    '../x',
    'x',
    'origin',
    `https://${ours}/v1/repos/x`,
    `https://dev@${ours}/v1/repos/x`,
    `https://GIT-CODECOMMIT.us-east-1.amazonaws.com:443/v1/repos/x/`,
    `http://${ours}/v1/repos/x`,
    'ssh://git@github.com/v1/repos',
    'git@github.com:org/repo.git',
    'https://github.com/v1/repos/x',
    'ssh://elsewhere/v1/repos/x',
    'elsewhere:/v1/repos/x',
    'ssh://elsewhere/v1/repos//x',
    `ssh://${ours}.evil.com/v1/repos/x`,
    `ssh://-oProxyCommand=x/v1/repos/x`,
    '-oProxyCommand=x:/v1/repos/x',
    'ssh://$(id)/v1/repos/x',
    `/srv/${ours}/v1/repos/x`,
    `./${ours}:v1/repos/x`,
    `file:///srv/${ours}/v1/repos/x`,
    'C:\\code\\v1\\repos\\x',
    'codecommit',
    'ssh://[::1]/v1/repos/x',
  ])('%j', (url) => {
    expect(translator(knowledge())(url, 'git')).toEqual({ verdict: 'none' })
  })
})

describe('other readers', () => {
  test.each<[Use, string, string | undefined]>([
    ['dependency', `git+ssh://${ours}/v1/repos/x`, `git+https://${ours}/v1/repos/x`],
    ['dependency', `git+ssh://${key}@${ours}/v1/repos/x#main`, `git+https://${ours}/v1/repos/x#main`],
    ['dependency', `git+ssh://${ours}/v1/repos/x#semver:^1.2`, `git+https://${ours}/v1/repos/x#semver:^1.2`],
    ['dependency', `git+ssh://${ours}/v1/repos/x#main&path:/packages/a`, `git+https://${ours}/v1/repos/x#main&path:/packages/a`],
    ['dependency', `ssh://${ours}/v1/repos/x#v1`, `git+https://${ours}/v1/repos/x#v1`],
    ['dependency', `git+ssh://${key}@${ours}:v1/repos/x#v1`, `git+https://${ours}/v1/repos/x#v1`],
    ['dependency', `git+ssh://${ours}:/v1/repos/x`, `git+https://${ours}/v1/repos/x`],
    ['dependency', `git+ssh://${ours}:22/v1/repos/x`, `git+https://${ours}/v1/repos/x`],
    ['dependency', `${key}@${ours}:/v1/repos/x#v1`, `git+https://${ours}/v1/repos/x#v1`],
    ['dependency', 'git+ssh://cc/v1/repos/x#v1', `git+https://${ours}/v1/repos/x#v1`],
    ['dependency', 'codecommit::us-east-1://x#v1', `git+https://${ours}/v1/repos/x#v1`],
    ['dependency', 'git+codecommit::us-east-1://x', `git+https://${ours}/v1/repos/x`],
    ['dependency', `git+https://${ours}/v1/repos/x#v1`, undefined],
    ['dependency', '^1.2.3', undefined],
    ['dependency', 'npm:other@^1', undefined],
    ['dependency', 'workspace:*', undefined],
    ['dependency', 'file:../v1/repos/x', undefined],
    ['dependency', 'org/repo#semver:^1', undefined],
    ['dependency', 'github:org/repo', undefined],
    ['pnpm-repo', `ssh://${key}@${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
    ['pnpm-repo', `git+ssh://${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
    ['prefix', `ssh://${ours}`, `https://${ours}`],
    ['prefix', `ssh://${ours}/`, `https://${ours}/`],
    ['prefix', `ssh://${key}@${ours}/v1/`, `https://${ours}/v1/`],
    ['prefix', `ssh://${ours}/v1/repos/`, `https://${ours}/v1/repos/`],
    ['prefix', `ssh://${ours}/v1/repos/team-`, `https://${ours}/v1/repos/team-`],
    ['prefix', `${ours}:/v1/repos/`, `https://${ours}/v1/repos/`],
    ['prefix', 'cc:v1/repos/', `https://${ours}/v1/repos/`],
    ['prefix', 'ssh://cc/v1/repos/', `https://${ours}/v1/repos/`],
    ['prefix', 'codecommit::us-east-1://', `https://${ours}/v1/repos/`],
    ['prefix', 'codecommit://prod@', 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/'],
    ['prefix', 'ssh://', undefined],
    ['prefix', 'git@github.com:', undefined],
  ])('%s: %s', (use, from, to) => {
    expect(translator(knowledge())(from, use)).toMatchObject(to === undefined ? { verdict: 'none' } : { verdict: 'move', to })
  })

  test.each<[Use, string]>([
    ['dependency', `git+ssh://${ours}/v1/repos/x?a#b`],
    ['dependency', `git+ssh://git+ssh://${ours}/v1/repos/x`],
    ['dependency', `git+ssh://${ours}:2222/v1/repos/x`],
    ['prefix', `ssh://git-codecommit.us-`],
    ['prefix', `ssh://${ours}/v2/`],
    ['prefix', `${ours}:`],
    ['prefix', 'codecommit::us-east-1'],
  ])('%s refused: %s', (use, from) => {
    expect(translator(knowledge())(from, use)).toMatchObject({ verdict: 'refuse' })
  })

  test('git is asked without what only the package manager reads, and by the alias that was written', () => {
    expect(translator(knowledge())('git+ssh://cc:v1/repos/x#semver:^1', 'dependency')).toMatchObject({
      remote: { from: 'ssh://cc/v1/repos/x', to: `https://${ours}/v1/repos/x` },
    })
  })
})

describe('accounts', () => {
  const mapped = { [key]: 'dev', APKAALIAS00000000000: 'ops', prod: 'live' }
  test.each([
    [`ssh://${key}@${ours}/v1/repos/x`, `https://dev@${ours}/v1/repos/x`],
    ['ssh://cc/v1/repos/x', `https://ops@${ours}/v1/repos/x`],
    [`ssh://${key}@cc/v1/repos/x`, `https://dev@${ours}/v1/repos/x`],
    ['ssh://plain/v1/repos/x', `https://${ours}/v1/repos/x`],
    ['codecommit::us-east-1://prod@x', `https://live@${ours}/v1/repos/x`],
    [`ssh://only@${ours}/v1/repos/x`, `https://${ours}/v1/repos/x`],
  ])('%s', (from, to) => {
    expect(translator(knowledge({ mapped, found: ['only', ...Object.keys(mapped)] }))(from, 'git')).toMatchObject({ to })
  })

  test('the user of core.sshCommand comes before the URL, as in ssh', () => {
    const translate = translator(knowledge({ mapped }))
    expect(translate(`ssh://${ours}/v1/repos/x`, 'git', { sshUser: key })).toMatchObject({ to: `https://dev@${ours}/v1/repos/x` })
    expect(translate('ssh://prod@cc/v1/repos/x', 'git', { sshUser: key })).toMatchObject({ to: `https://dev@${ours}/v1/repos/x` })
    expect(translate('codecommit::us-east-1://prod@x', 'git', { sshUser: key })).toMatchObject({
      to: `https://live@${ours}/v1/repos/x`,
    })
  })

  test('a name is quoted where a shell would read more into it', () => {
    const translate = translator(knowledge({ found: ['$(id)', 'jane'] }))
    expect(translate(`ssh://jane@${ours}/v1/repos/x`, 'git')).toMatchObject({
      hint: expect.stringContaining("--account '$(id)=PROFILE' --account jane=PROFILE"),
    })
  })

  test('several that nothing is known of are refused, with the option to give; those with a profile move', () => {
    const translate = translator(knowledge({ mapped, found: ['APKAONE', 'APKATWO', key] }))
    expect(translate(`ssh://APKAONE@${ours}/v1/repos/x`, 'git')).toMatchObject({
      verdict: 'refuse',
      reason: expect.stringContaining('APKAONE, APKATWO'),
      hint: expect.stringContaining('--account APKAONE=PROFILE --account APKATWO=PROFILE'),
    })
    expect(translate(`ssh://${key}@${ours}/v1/repos/x`, 'git')).toMatchObject({ to: `https://dev@${ours}/v1/repos/x` })
    expect(translate(`ssh://${ours}/v1/repos/x`, 'git')).toMatchObject({ to: `https://${ours}/v1/repos/x` })
  })

  test.each([
    [`ssh://${key}@${ours}/v1/repos/x`, key],
    [`ssh://${key}@${ours}/v2/repos/x`, key],
    ['cc:/v1/repos/x', 'APKAALIAS00000000000'],
    ['codecommit://prod@x', 'prod'],
    [`ssh://${ours}/v1/repos/x`, undefined],
  ])('%s: who signed in stands beside the verdict', (url, account) => {
    expect(translator(knowledge())(url, 'git')).toMatchObject({ account })
  })

  test('a user with a password is no account', () => {
    const { translate, accounts } = survey('https')
    for (const url of [`ssh://jane:secret@${ours}/v1/repos/x`, 'codecommit::us-east-1://prod:secret@x']) translate(url, 'git')
    expect(accounts(() => undefined)).toEqual([])
    expect(translator(knowledge())(`ssh://jane:secret@${ours}/v1/repos/x`, 'git')).toMatchObject({ account: undefined })
  })

  test('a profile becomes a user as URLs have it', () => {
    expect(translator(knowledge({ mapped: { [key]: 'a b@c' } }))(`ssh://${key}@${ours}/v1/repos/x`, 'git')).toMatchObject({
      to: `https://a%20b%40c@${ours}/v1/repos/x`,
    })
  })
})

describe('the way back', () => {
  const mapped = { [key]: 'dev', work: 'dev' }
  test.each<['ssh' | 'grc', Use, string, string | undefined]>([
    ['ssh', 'git', `https://${ours}/v1/repos/x`, `ssh://${ours}/v1/repos/x`],
    ['ssh', 'git', `https://dev@${ours}/v1/repos/x/`, `ssh://${key}@${ours}/v1/repos/x`],
    ['ssh', 'git', `https://other@${ours}/v1/repos/x`, `ssh://${ours}/v1/repos/x`],
    ['ssh', 'git', `https://dev:secret@${ours}/v1/repos/x`, `ssh://${key}@${ours}/v1/repos/x`],
    ['ssh', 'git', 'codecommit::us-east-1://work@x', `ssh://${key}@${ours}/v1/repos/x`],
    ['ssh', 'dependency', `git+https://${ours}/v1/repos/x#v1`, `git+ssh://${ours}/v1/repos/x#v1`],
    ['ssh', 'prefix', `https://${ours}/`, `ssh://${ours}/`],
    ['ssh', 'git', 'ssh://cc/v1/repos/x', undefined],
    ['ssh', 'git', `ssh://ssh://${ours}/v1/repos/x`, undefined],
    ['grc', 'git', `https://dev@${ours}/v1/repos/x`, 'codecommit::us-east-1://work@x'],
    ['grc', 'git', `https://other@${ours}/v1/repos/x`, 'codecommit::us-east-1://other@x'],
    ['grc', 'git', `ssh://${key}@${ours}/v1/repos/x`, 'codecommit::us-east-1://work@x'],
    ['grc', 'git', `ssh://${ours}/v1/repos/x`, 'codecommit::us-east-1://x'],
    ['grc', 'prefix', `https://${ours}/v1/repos/`, 'codecommit::us-east-1://'],
    ['grc', 'git', 'codecommit://x', undefined],
  ])('--to %s, %s: %s', (form, use, from, to) => {
    expect(translator(knowledge({ to: form, mapped }))(from, use)).toMatchObject(
      to === undefined ? { verdict: 'none' } : { verdict: 'move', to },
    )
  })

  test.each<['ssh' | 'grc', Use, string]>([
    ['grc', 'dependency', `git+https://${ours}/v1/repos/x`],
    ['grc', 'git', 'https://git-codecommit-fips.us-east-1.amazonaws.com/v1/repos/x'],
    ['grc', 'prefix', `https://${ours}/`],
    ['ssh', 'git', `https://${ours}/v1/repos/x.git`],
  ])('--to %s, %s: %s is refused', (form, use, from) => {
    expect(translator(knowledge({ to: form, mapped }))(from, use)).toMatchObject({ verdict: 'refuse' })
  })

  const https = (...names: string[]) => names.map((name) => ({ name, form: 'https' as const }))

  test('no name but a key id becomes the user of an SSH URL', () => {
    const translate = translator(knowledge({ to: 'ssh', mapped: { work: 'ops', jane: 'ops' }, found: https('ops') }))
    expect(translate(`https://ops@${ours}/v1/repos/x`, 'git')).toMatchObject({ to: `ssh://${ours}/v1/repos/x` })
  })

  test('several profiles without a key id are refused with the options to give; those with one move', () => {
    const found = [...https('dev', 'ops', 'live'), { name: 'work', form: 'grc' as const }, { name: 'play', form: 'grc' as const }]
    const translate = translator(knowledge({ to: 'ssh', mapped: { [key]: 'dev', work: 'ops' }, found }))
    for (const url of [`https://ops@${ours}/v1/repos/x`, 'codecommit::us-east-1://work@x', 'codecommit::us-east-1://play@x']) {
      expect(translate(url, 'git')).toMatchObject({
        verdict: 'refuse',
        reason: expect.stringMatching(/no SSH key id is given for (ops|play): live, ops, play$/),
        hint: expect.stringContaining('--account KEYID=live --account KEYID=ops --account play=PROFILE --account KEYID=PROFILE,'),
      })
    }
    expect(translate(`https://dev@${ours}/v1/repos/x`, 'git')).toMatchObject({ to: `ssh://${key}@${ours}/v1/repos/x` })
    expect(translate(`https://${ours}/v1/repos/x`, 'git')).toMatchObject({ to: `ssh://${ours}/v1/repos/x` })
  })

  test('two key ids of one profile are refused', () => {
    const translate = translator(knowledge({ to: 'ssh', mapped: { [key]: 'dev', APKAOTHER0000000000: 'dev' } }))
    expect(translate(`https://dev@${ours}/v1/repos/x`, 'git')).toMatchObject({
      verdict: 'refuse',
      reason: expect.stringContaining('APKAOTHER0000000000'),
    })
  })
})

describe('whatever the URL', () => {
  const pieces = [
    'ssh://',
    'git+',
    'codecommit::',
    'us-east-1',
    '://',
    ours,
    'cc',
    '/v1/repos/',
    'x',
    '@',
    ':',
    '22',
    '#',
    '%2f',
    '/',
    '.git',
    '[',
    ']',
  ]
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 9 })
  const uses = fc.constantFrom<Use>('git', 'prefix', 'dependency', 'pnpm-repo')

  test('a move is to a URL that the helper answers for, is idempotent, and keeps what follows', () => {
    const translate = translator(knowledge())
    fc.assert(
      fc.property(text, uses, (parts, use) => {
        const moved = translate(parts.join(''), use)
        if (moved.verdict !== 'move') return
        expect(translate(moved.to, use)).toEqual({ verdict: 'none' })
        if (moved.remote) expect(parseRepositoryUrl(moved.remote.to)).toBeDefined()
      }),
      { numRuns: 20_000 },
    )
  })

  test('there and back is the same', () => {
    const name = fc.string({ unit: fc.constantFrom(...'aZ9._-'), minLength: 1, maxLength: 20 }).map((tail) => `x${tail}x`)
    const host = fc.constantFrom(
      ours,
      'git-codecommit-fips.us-east-2.amazonaws.com',
      'git-codecommit.cn-north-1.amazonaws.com.cn',
    )
    const mapped = { [key]: 'dev' }
    fc.assert(
      fc.property(
        host,
        name,
        fc.boolean(),
        fc.constantFrom<Use>('git', 'prefix', 'dependency', 'pnpm-repo'),
        (at, repo, user, use) => {
          const from = `${use === 'dependency' ? 'git+' : ''}ssh://${user ? `${key}@` : ''}${at}/v1/repos/${repo}`
          const there = translator(knowledge({ mapped }))(from, use)
          const back = there.verdict === 'move' && translator(knowledge({ to: 'ssh', mapped }))(there.to, use)
          expect(back).toMatchObject({ to: from })
        },
      ),
    )
  })
})
