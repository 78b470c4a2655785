import { mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { makePlan, type Request } from '../../src/migrate/makePlan.ts'
import { codeFolder, host, https, ssh } from './repositories.ts'
import { sshWithConfig } from './sshWithConfig.ts'

const { root, home, at, env, git, write, repository } = codeFolder()

const [one, two] = ['APKAONE0000000000000', 'APKATWO0000000000000']

async function planned(folder: string, more: Partial<Request> & { sshConfig?: string } = {}) {
  const { sshConfig = '', ...rest } = more
  const asking: (readonly string[])[] = []
  const world = { home, env: { ...env, PATH: sshWithConfig(at, write, sshConfig) } }
  const request = {
    folders: [at(folder)],
    to: 'https' as const,
    accounts: new Map(),
    region: undefined,
    withDotGit: async () => new Set<string>(),
    ...rest,
  }
  const result = await makePlan(world, request, { asking: (hosts) => asking.push(hosts) })
  const { transactions, ...plan } = result.plan
  const edits = transactions.flatMap((transaction) => transaction.edits)
  return {
    ...result,
    ...plan,
    asking,
    transactions,
    refused: [...transactions.flatMap((transaction) => transaction.refused), ...plan.refused],
    moves: edits.map(({ file, from, to }) => [path.relative(root, file), from, to]),
  }
}

describe('a folder of code', () => {
  beforeAll(() => {
    repository(at('code', 'a'), ssh('a', one))
    repository(at('code', 'b'), 'cc:/v1/repos/b')
    repository(at('code', 'c'), https('c'))
    repository(at('code', 'd'), `ssh://ssh://${host}/v1/repos/d`)
    git(at('code', 'd'), 'remote', 'add', 'second', 'codecommit://prod@d')
    write(at('code', 'd', 'main.tf'), `source = "git::${ssh('module', two)}//vpc?ref=v1"\n`)
    git(at('code', 'a'), 'checkout', '--quiet', '-b', 'topic')
    write(at('code', 'a', '.gitmodules'), `[submodule "s"]\n\tpath = s\n\turl = ${ssh('s')}\n`)
    git(at('code', 'a'), 'add', '.')
    git(at('code', 'a'), 'commit', '--quiet', '--message=List')
    git(at('code', 'a'), 'checkout', '--quiet', 'main')
  })
  const accounts = new Map([
    [one, 'dev'],
    [two, 'ops'],
    ['prod', 'live'],
  ])
  const sshConfig = `Host cc\n\tHostName ${host}\n\tUser ${two}\n`

  test('is planned as a whole', async () => {
    const result = await planned('code', { accounts, sshConfig, region: 'us-east-1' })
    expect(result.moves).toEqual(
      expect.arrayContaining([
        ['code/a/.git/config', ssh('a', one), https('a', 'dev')],
        ['code/b/.git/config', 'cc:/v1/repos/b', https('b', 'ops')],
        ['code/d/.git/config', 'codecommit://prod@d', https('d', 'live')],
      ]),
    )
    expect(result.moves).toHaveLength(3)
    expect(result.refused).toMatchObject([{ file: at('code', 'd', '.git', 'config'), url: `ssh://ssh://${host}/v1/repos/d` }])
    expect(result.reported).toEqual([
      {
        file: at('code', 'd', 'main.tf'),
        line: 1,
        url: `git::${ssh('module', two)}//vpc?ref=v1`,
        account: two,
        to: `git::${https('module', 'ops')}//vpc?ref=v1`,
        branch: undefined,
      },
      { file: at('code', 'a', '.gitmodules'), line: 3, url: ssh('s'), account: undefined, to: https('s'), branch: 'topic' },
    ])
    expect(result.plan.keys).toEqual([
      { id: one, uses: [] },
      { id: two, uses: [{ file: at('code', 'd', 'main.tf'), line: 1 }] },
    ])
    expect(result.asking).toEqual([expect.arrayContaining(['cc', host])])
    expect(result.counts).toMatchObject({ repositories: 4 })
  })

  test('a transaction is one git directory, with what was read of it', async () => {
    const { transactions } = await planned('code/a', { accounts })
    expect(transactions).toMatchObject([
      {
        root: at('code', 'a'),
        gitDir: at('code', 'a', '.git'),
        unit: 'each',
        sources: [{ file: at('code', 'a', '.git', 'config') }],
      },
    ])
    for (const { edits, sources } of transactions) {
      for (const edit of edits) {
        const source = sources.find(({ file }) => file === edit.file)
        expect(source?.text.slice(edit.start, edit.end)).toBe(edit.old)
      }
    }
  })

  test('one account that nothing is known of is dropped; several are refused, and the rest moves', async () => {
    expect((await planned('code/a')).moves).toEqual([['code/a/.git/config', ssh('a', one), https('a')]])
    const several = await planned('code', { sshConfig, accounts: new Map([['prod', 'live']]), region: 'us-east-1' })
    expect(several.moves).toEqual([['code/d/.git/config', 'codecommit://prod@d', https('d', 'live')]])
    expect(several.refused.flatMap(({ hint }) => /--account/.exec(hint)?.[0] ?? [])).toHaveLength(2)
  })

  test('an account that is only reported takes no part', async () => {
    repository(at('told', 'a'), ssh('a', one))
    write(at('told', 'a', 'x.sh'), `git clone ${ssh('x', two)}\n`)
    const { moves, reported } = await planned('told')
    expect(moves).toEqual([['told/a/.git/config', ssh('a', one), https('a')]])
    expect(reported).toMatchObject([{ url: ssh('x', two), to: undefined, account: two }])
  })

  test('what needs nothing is not there', async () => {
    const { plan, asking } = await planned('code/c')
    expect(plan).toEqual({ transactions: [], refused: [], reported: [], keys: [] })
    expect(asking).toEqual([])
  })
})

describe("the user's configuration", () => {
  test.each<[string, Record<string, string>]>([
    ['itself', { '.gitconfig': 'RULE' }],
    ['an included file', { '.gitconfig': '[include]\n\tpath = ./rules\n', rules: 'RULE' }],
    [
      'a file that is included for some folders',
      { '.gitconfig': `[includeIf "gitdir:${at('rules')}/"]\n\tpath = ~/rules\n`, rules: 'RULE' },
    ],
  ])('a rule of it is what a URL means, and stays, which is said: in %s', async (_, files) => {
    const config = repository(at('rules', 'a'))
    write(path.join(config, '.git', 'config'), '[core]\n\tbare = false\n[remote "origin"]\n\turl = c2:a\n')
    write(path.join(config, '.gitmodules'), '[submodule "s"]\n\tpath = s\n\turl = c2:s\n')
    const rule = `# mine\n[url "${ssh('', one)}"]\n\tinsteadOf = c2:\n\tinsteadOf = c2\n[url "git@github.com:"]\n\tinsteadOf = gh:\n`
    for (const [name, text] of Object.entries(files)) write(path.join(home, name), text.replace('RULE', rule))
    const { moves, reported, plan, refused } = await planned('rules', { accounts: new Map([[one, 'dev']]) })
    expect(refused).toEqual([])
    expect(moves).toEqual([
      ['rules/a/.git/config', 'c2:a', https('a', 'dev')],
      ['rules/a/.gitmodules', 'c2:s', https('s', 'dev')],
    ])
    const file = path.join(home, 'rules' in files ? 'rules' : '.gitconfig')
    expect(reported).toEqual([{ file, line: 2, url: ssh('', one), account: one, to: https('', 'dev'), branch: undefined }])
    expect(plan.keys).toEqual([{ id: one, uses: [{ file, line: 2 }] }])
    write(path.join(home, '.gitconfig'), '')
  })

  test('who signs in by it does so for packages and scripts too', async () => {
    write(
      path.join(home, '.gitconfig'),
      `[url "ssh://${one}@${host}/"]\n\tinsteadOf = ssh://${host}/\n[core]\n\tsshCommand = ssh -l ${two}\n[url "${ssh('')}"]\n\tinsteadOf = c4:\n`,
    )
    repository(at('all', 'a'), ssh('a'))
    write(at('all', 'a', 'package.json'), JSON.stringify({ dependencies: { x: `git+${ssh('x')}#v1` } }))
    write(at('all', 'a', 'x.sh'), `git clone ${ssh('x')}\n`)
    const byCommand = await planned('all', { accounts: new Map([[two, 'ops']]) })
    expect(byCommand.moves).toEqual([
      ['all/a/.git/config', ssh('a'), https('a', 'ops')],
      ['all/a/package.json', `git+${ssh('x')}#v1`, `git+${https('x', 'ops')}#v1`],
    ])
    expect(byCommand.reported[0]).toMatchObject({ url: ssh('x'), to: https('x', 'ops'), account: two })
    git(at(), 'config', '--global', '--unset', 'core.sshCommand')
    git(at('all', 'a'), 'config', 'core.sshCommand', `ssh -l ${two}`)
    const byRule = await planned('all')
    expect(byRule.moves).toEqual([])
    expect(byRule.refused.map(({ account, reason }) => [account, reason.split(': ')[1]])).toEqual([
      [two, `${one}, ${two}`],
      [one, `${one}, ${two}`],
    ])
    write(path.join(home, '.gitconfig'), '')
  })

  test('a rule that leads back to SSH is told of each repository and manifest, not of each script', async () => {
    write(path.join(home, '.gitconfig'), `[url "ssh://${one}@${host}/"]\n\tinsteadOf = https://${host}/\n`)
    repository(at('back', 'a'), https('a'))
    write(at('back', 'a', 'package.json'), JSON.stringify({ dependencies: { x: `git+${https('x')}` } }))
    write(at('back', 'a', 'x.sh'), `git clone ${https('x')}\n`)
    const { refused, moves, plan } = await planned('back')
    expect(moves).toEqual([])
    expect(refused.map(({ url, account }) => [url, account])).toEqual([
      [https('a'), one],
      [`git+${https('x')}`, one],
    ])
    expect(plan.reported.map(({ file }) => file)).toEqual([path.join(home, '.gitconfig')])
    expect(plan.keys).toMatchObject([{ id: one, uses: [{}, {}, {}] }])
    write(path.join(home, '.gitconfig'), '')
  })

  test('a rule of it that no repository goes by is nobody’s here', async () => {
    write(path.join(home, '.gitconfig'), `[url "${ssh('', one)}"]\n\tinsteadOf = c3:\n`)
    repository(at('unused', 'a'), ssh('a'))
    expect((await planned('unused')).reported).toEqual([])
    write(path.join(home, '.gitconfig'), '')
  })

  test('core.sshCommand of an includeIf holds where its condition does', async () => {
    repository(at('work', 'a'), ssh('a'))
    repository(at('play', 'a'), ssh('a'))
    write(path.join(home, '.gitconfig'), `[includeIf "gitdir:${at('work')}/"]\n\tpath = work\n`)
    write(path.join(home, 'work'), `[core]\n\tsshCommand = ssh -l ${one}\n`)
    const accounts = new Map([[one, 'dev']])
    expect((await planned('work', { accounts })).moves).toEqual([['work/a/.git/config', ssh('a'), https('a', 'dev')]])
    expect((await planned('play', { accounts })).moves).toEqual([['play/a/.git/config', ssh('a'), https('a')]])
    write(path.join(home, '.gitconfig'), '')
  })
})

test('a URL of a manifest that no package manager reads is reported, and keeps its key in use', async () => {
  const folder = at('left', 'r')
  write(
    path.join(folder, 'package.json'),
    [
      '{"dependencies":{"x":"git+SSH#main"},',
      ' "scripts":{"clone":"git clone SSH x"},',
      ' "overrides":{"a@git+SSH#1>x":"1"},',
      ' "repository":"https://example.com"}',
    ]
      .join('\n')
      .replaceAll('SSH', ssh('x', one)),
  )
  write(path.join(folder, 'pnpm-workspace.yaml'), `packageExtensions:\n  a:\n    dependencies: { x: 'git+${ssh('y', one)}' }\n`)
  const { reported, plan } = await planned('left')
  const lines = [
    { file: path.join(folder, 'package.json'), line: 2 },
    { file: path.join(folder, 'pnpm-workspace.yaml'), line: 3 },
  ]
  expect(reported).toMatchObject([
    { ...lines[0], url: ssh('x', one), to: https('x') },
    { ...lines[1], url: `git+${ssh('y', one)}`, to: `git+${https('y')}` },
  ])
  expect(plan.keys).toEqual([{ id: one, uses: lines }])
})

test('manifests are planned with their locks, but those that git ignores, which are reported', async () => {
  const text = JSON.stringify({ dependencies: { x: `git+${ssh('x')}` } })
  const tree = repository(at('m', 'r'))
  write(path.join(tree, '.gitignore'), 'dist\nyarn.lock\n')
  for (const name of ['package.json', 'dist/package.json']) write(path.join(tree, name), text)
  const lock = `# yarn lockfile v1\n\n\n"x@git+${ssh('x')}":\n  version "1.0.0"\n  resolved "git+${ssh('x')}#${'a'.repeat(40)}"\n`
  for (const name of ['yarn.lock', 'dist/yarn.lock']) write(path.join(tree, name), lock)
  write(at('m', 'loose', 'package.json'), text)
  write(at('m', 'loose', 'clean', 'package.json'), '{}')
  const { transactions, reported, asking } = await planned('m')
  const moved = transactions.map(({ root: place, unit, edits }) => [
    path.relative(at('m'), place),
    unit,
    [...new Set(edits.map(({ file }) => path.basename(file)))].sort(),
  ])
  expect(moved.sort()).toEqual([
    ['loose', 'all', ['package.json']],
    ['r', 'all', ['package.json', 'yarn.lock']],
  ])
  const files = new Set(reported.map(({ file }) => path.relative(at('m'), file)))
  expect([...files].sort()).toEqual(['r/dist/package.json', 'r/dist/yarn.lock'])
  expect(asking).toEqual([[host]])
})

test('a repository that git cannot read is no reason to leave the others', async () => {
  repository(at('x', 'broken'), ssh('broken'))
  for (const branch of ['a', 'b']) git(at('x', 'broken'), 'branch', branch)
  write(at('x', 'broken', 'package.json'), JSON.stringify({ scripts: { x: ssh('x') } }))
  write(at('x', 'broken', '.git', 'config'), `[remote "o"]\n\turl = ${ssh('broken')}\n<<<<\n`)
  repository(at('x', 'good'), ssh('good'))
  const { moves, refused, overlooked } = await planned('x')
  expect(moves).toEqual([['x/good/.git/config', ssh('good'), https('good')]])
  expect(refused).toMatchObject([{ file: at('x', 'broken', '.git', 'config'), line: 3 }])
  expect(overlooked.map((one) => one.path)).toEqual([at('x', 'broken', '.git'), at('x', 'broken')])
})

test('what cannot be read is refused when it may hold a URL', async () => {
  mkdirSync(at('u'))
  symlinkSync(at('u', 'package.json'), at('u', 'package.json'))
  const { refused } = await planned('u')
  expect(refused).toMatchObject([{ file: at('u', 'package.json'), line: 1, url: undefined, reason: 'it cannot be read: ELOOP' }])
})
