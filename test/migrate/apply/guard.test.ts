import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { apply } from '../../../src/migrate/apply/apply.ts'
import { type GuardedPlan, guard } from '../../../src/migrate/apply/guard.ts'
import { bridged } from '../../../src/migrate/bridge.ts'
import { guarded, type Home, host, https, newHome, planOf, repository, snapshot, ssh } from './tree.ts'

const editsOf = ({ transactions }: GuardedPlan) => transactions.flatMap(({ edits }) => edits)
const refusedOf = ({ transactions }: GuardedPlan) => transactions.flatMap(({ refused }) => refused)

/** Where git goes for `origin` of code/x: fetch, then push. */
function destinations({ git }: Home): string[] {
  return [['--all'], ['--push', '--all']].map((flags) => git('code/x', 'remote', 'get-url', ...flags, 'origin').trim())
}

/** What a table's row sets up: ~/.gitconfig, other files by name, and more of the repository's configuration. */
interface Case {
  readonly global?: string
  readonly files?: Readonly<Record<string, string>>
  readonly local?: string
  readonly url?: string
}

function made({ global = '', files = {}, local = '', url }: Case): Home {
  const home = newHome()
  repository(home, 'x', url)
  home.write('.gitconfig', global)
  for (const [name, text] of Object.entries(files)) home.write(name, text)
  const config = path.join(home.code, 'x/.git/config')
  writeFileSync(config, readFileSync(config, 'utf8') + local)
  return home
}

const corp = '[user]\n\temail = jane@corp.example\n'
const hasconfig = (url: string) => `[includeIf "hasconfig:remote.*.url:${url}"]\n\tpath = corp.inc\n`
const gitConfigs: readonly (Case & { title: string; reason: RegExp; hint: RegExp })[] = [
  {
    title: 'hasconfig with user.email',
    global: `[user]\n\temail = jane@home.example\n${hasconfig(`ssh://${host}/**`)}`,
    files: { 'corp.inc': corp },
    reason:
      /^user\.email would change from jane@corp\.example to jane@home\.example: \[includeIf "hasconfig:.*"\] in \/.*\/\.gitconfig would not hold any more$/,
    hint: /: git config --file \/.*\/\.gitconfig --add 'includeIf\.hasconfig:remote\.\*\.url:https:\/\/git-codecommit\.us-east-1\.amazonaws\.com\/\*\*\.path' corp\.inc$/,
  },
  {
    title: 'hasconfig with user.email in the repository',
    local: hasconfig(`ssh://${host}/**`),
    files: { 'code/x/.git/corp.inc': corp },
    reason: /^user\.email would be lost, which is jane@corp\.example: .* in \/.*\/x\/\.git\/config would not hold/,
    hint: /--file \/.*\/x\/\.git\/config --add '.*' \/.*\/x\/\.git\/corp\.inc$/,
  },
  {
    title: 'one of two hasconfig in the repository',
    local: `[includeIf "hasconfig:remote.*.url:https://**"]\n\tpath = other.inc\n${hasconfig(`ssh://${host}/**`)}`,
    files: { 'code/x/.git/corp.inc': corp, 'code/x/.git/other.inc': '' },
    reason: /: \[includeIf "hasconfig:remote\.\*\.url:ssh:.*"\] in \/.*\/x\/\.git\/config would not hold/,
    hint: /--add '.*' \/.*\/x\/\.git\/corp\.inc$/,
  },
  {
    title: 'hasconfig with the same user.email again',
    global: `${hasconfig(`ssh://${host}/**`)}${corp}`,
    files: { 'corp.inc': corp },
    reason: /^user\.email would stay jane@corp\.example, but be set another number of times: .* would not hold any more$/,
    hint: /--add '.*' corp\.inc$/,
  },
  {
    title: 'hasconfig with core.sshCommand, in an included file, for the new URL',
    global: '[include]\n\tpath = ~/more.inc\n',
    files: { 'more.inc': hasconfig('https://**'), 'corp.inc': '[core]\n\tsshCommand = ssh -x\n' },
    reason: /^core\.sshCommand would become ssh -x: .* in \/.*\/more\.inc would hold$/,
    hint: /narrow that condition/,
  },
  {
    title: 'hasconfig with another setting, whose value is not told',
    global: hasconfig(`ssh://${host}/**`),
    files: { 'corp.inc': '[http]\n\textraHeader = Authorization: secret\n' },
    reason: /^http\.extraheader would change: (?!.*secret)/,
    hint: /corp\.inc/,
  },
  {
    title: 'reverse insteadOf',
    global: `[url "ssh://${host}/"]\n\tinsteadOf = https://${host}/\n`,
    reason: /^git would fetch from ssh:\/\/.*\/x then, by the rule url\.ssh:.*\.insteadof = https:.* in \/.*\/\.gitconfig$/,
    hint: /git config --file \/.*\/\.gitconfig --fixed-value --unset-all url\.ssh:\/\/git-codecommit.* https:\/\/git-codecommit/,
  },
  {
    title: 'reverse insteadOf in the repository',
    local: `[url "ssh://${host}/"]\n\tinsteadOf = https://${host}/\n`,
    reason: /in \/.*\/x\/\.git\/config$/,
    hint: /--file \/.*\/x\/\.git\/config /,
  },
  {
    title: 'reverse insteadOf by gitdir',
    global: '[includeIf "gitdir:~/code/"]\n\tpath = rule.inc\n',
    files: { 'rule.inc': `[url "ssh://${host}/"]\n\tinsteadOf = https://${host}/\n` },
    reason: /in \/.*\/rule\.inc$/,
    hint: /--file \/.*\/rule\.inc /,
  },
  {
    title: 'reverse pushInsteadOf',
    global: `[url "ssh://${host}/"]\n\tpushInsteadOf = https://${host}/\n`,
    reason: /^git would push to ssh:/,
    hint: /\.pushinsteadof' |\.pushinsteadof /,
  },
  {
    title: 'pushes that go elsewhere',
    global: `[url "ssh://other@${host}/"]\n\tpushInsteadOf = ssh://${host}/\n`,
    reason: /^git would push to https:\/\/.* then, and not ssh:\/\/other@.* any more, as by the rule/,
    hint: /^write that rule for https:/,
  },
  {
    title: 'a mirror',
    global: `[url "https://mirror.example/"]\n\tinsteadOf = ssh://${host}/\n`,
    reason: /^git would fetch from https:\/\/git-codecommit.* then, and not https:\/\/mirror\.example\/v1\/repos\/x any more/,
    hint: /^write that rule/,
  },
  {
    title: 'a rule with terminal escapes',
    global: `[url "ssh://${host}/\u001b[31m/"]\n\tinsteadOf = https://${host}/\n`,
    reason: /^git would fetch from ssh:\/\/[^\u001b]*\ufffd\[31m[^\u001b]*$/,
    hint: /^[^\u001b]+$/,
  },
]

describe('what git would make of it decides: refused', () => {
  test.each(gitConfigs)('$title', async ({ reason, hint, ...setup }) => {
    const home = made(setup)
    const before = snapshot(home.home)
    const plan = await guarded(home)
    expect(editsOf(plan)).toEqual([])
    expect(refusedOf(plan)).toMatchObject([{ file: path.join(home.code, 'x/.git/config'), url: ssh() }])
    expect(refusedOf(plan)[0]?.reason).toMatch(reason)
    expect(refusedOf(plan)[0]?.hint).toMatch(hint)
    expect(snapshot(home.home)).toEqual(before)
  })

  const fixable = ['hasconfig with user.email', 'reverse insteadOf'].flatMap((title) => [title, `${title} in the repository`])
  for (const title of fixable) {
    test(`${title}: the hint is the fix`, async () => {
      const home = made(gitConfigs.find((one) => one.title === title) ?? {})
      const email = () =>
        spawnSync('git', ['config', 'user.email'], {
          cwd: path.join(home.code, 'x'),
          env: { HOME: home.home, PATH: process.env.PATH },
        }).stdout.toString()
      const before = email()
      const command = /git config .*$/.exec(refusedOf(await guarded(home))[0]?.hint ?? '')?.[0] ?? ''
      expect(spawnSync('sh', ['-c', command]).status).toBe(0)
      expect((await apply(home.world, await guarded(home))).changed).toHaveLength(1)
      expect(destinations(home)).toEqual([https(), https()])
      expect(email()).toBe(before)
    })
  }
})

test('many repositories at once: each is judged as by itself, also beside one that git cannot read', async () => {
  const rule = `[url "ssh://${host}/"]\n\tinsteadOf = https://${host}/\n`
  const more: Record<string, string> = {
    plain: '',
    reverse: rule,
    included: '[include]\n\tpath = rule\n',
    bad: '[a "b" c]\n',
    worktrees: '[extensions]\n\tworktreeConfig = true\n',
    last: '',
  }
  /** What of each repository is refused. */
  const refusals = async (global: string) => {
    const home = newHome()
    home.write('.gitconfig', global)
    for (const [name, text] of Object.entries(more)) {
      const config = path.join(repository(home, name, ssh()), '.git/config')
      writeFileSync(config, readFileSync(config, 'utf8') + text)
      home.write(`code/${name}/.git/rule`, rule)
    }
    const plan = await planOf(home, [home.code])
    // Planned as if git could read it.
    const bad = await planOf(home, [path.join(home.code, 'plain')])
    const file = path.join(home.code, 'bad/.git/config')
    const transactions = plan.transactions.map((one) => {
      if (!one.root.endsWith('bad')) return one
      const edits = bad.transactions.flatMap((other) => other.edits).map((edit) => ({ ...edit, file }))
      return { ...one, edits, refused: [], sources: [{ file, text: readFileSync(file, 'latin1') }] }
    })
    const { transactions: left } = await guard(home.world, { ...plan, transactions }, [home.code])
    return Object.fromEntries(
      left.map(({ root, edits, refused }) => [
        path.basename(root),
        [edits.length, ...refused.map(({ reason }) => reason.replaceAll(home.home, '~').replaceAll(/awsfed-migrate-[^ ]*/g, ''))],
      ]),
    )
  }
  const together = await refusals('')
  const byRule = expect.stringContaining('by the rule')
  expect(together).toMatchObject({
    plain: [1],
    bad: [0, expect.stringContaining('bad config line')],
    last: [1],
    worktrees: [1],
    reverse: [0, byRule],
    included: [0, byRule],
  })
  // Where a condition may decide over each, each is asked about by itself, or what holds around it.
  for (const condition of ['gitdir:/nowhere/', 'hasconfig:remote.*.url:https://nowhere/**']) {
    expect(await refusals(`[includeIf "${condition}"]\n\tpath = nothing\n`)).toEqual(together)
  }
})

describe('what git would make of it decides: done', () => {
  const done: readonly (Case & { title: string; to?: readonly string[] })[] = [
    { title: 'gitdir and onbranch', global: '[includeIf "gitdir:~/code/"]\n\tpath = corp.inc\n', files: { 'corp.inc': corp } },
    { title: 'hasconfig for both', global: hasconfig('ssh://**') + hasconfig('https://**'), files: { 'corp.inc': corp } },
    { title: 'hasconfig for something else', global: hasconfig('https://github.com/**'), files: { 'corp.inc': corp } },
    { title: 'the bridge', global: `[url "https://${host}/"]\n\tinsteadOf = ssh://${host}/\n` },
    { title: 'an abbreviation that moves itself', local: `[url "ssh://${host}/v1/repos/"]\n\tinsteadOf = cc:\n`, url: 'cc:x' },
    {
      title: 'a pushurl beside a rule for pushes',
      local: '[remote "origin"]\n\tpushurl = https://github.com/a/b\n',
      global: `[url "ssh://${host}/"]\n\tpushInsteadOf = https://${host}/\n`,
      to: [https(), 'https://github.com/a/b'],
    },
    {
      title: 'an included file that is edited',
      local: '[include]\n\tpath = ../more.inc\n',
      files: { 'code/x/more.inc': `[remote "two"]\n\turl = ${ssh('two')}\n` },
    },
    {
      title: 'a configuration for its folder',
      local: '[includeIf "gitdir:./"]\n\tpath = corp.inc\n',
      files: { 'code/x/.git/corp.inc': corp },
    },
  ]
  test.each(done)('$title', async ({ to = [https(), https()], ...setup }) => {
    const home = made(setup)
    const plan = await guarded(home)
    expect(refusedOf(plan)).toEqual([])
    expect((await apply(home.world, plan)).refused).toEqual([])
    expect(destinations(home)).toEqual(to)
  })

  test('worktrees with configurations of their own', async () => {
    const home = made({})
    home.git('code/x', 'config', 'extensions.worktreeConfig', 'true')
    home.git('code/x', '-c', 'user.name=J', '-c', 'user.email=j@x', 'commit', '--quiet', '--allow-empty', '-m', 'x')
    home.git('code/x', 'worktree', 'add', '--quiet', '../y')
    home.git('code/x', 'config', '--worktree', 'remote.one.url', ssh('one'))
    home.git('code/y', 'config', '--worktree', 'remote.two.url', ssh('two'))
    expect((await apply(home.world, await guarded(home))).changed.map(({ to }) => to).sort()).toEqual([
      https('one'),
      https('two'),
      https('x'),
    ])
    expect(home.git('code/y', 'remote', 'get-url', 'two').trim()).toBe(https('two'))
    // A rule of one worktree is seen too.
    home.git('code/y', 'config', '--worktree', `url.ssh://${host}/.insteadOf`, `https://${host}/`)
    home.git('code/x', 'config', 'remote.origin.url', ssh('z'))
    expect(refusedOf(await guarded(home))).toMatchObject([{ reason: expect.stringContaining('worktrees/y/config.worktree') }])
  })
})

describe('what cannot be written', () => {
  test.each(['rebase-merge', 'rebase-apply', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'sequencer', 'BISECT_LOG'])(
    '%s',
    async (sign) => {
      const home = made({})
      mkdirSync(path.join(home.code, 'x/.git', sign))
      const plan = await guarded(home)
      expect(editsOf(plan)).toEqual([])
      expect(refusedOf(plan)).toMatchObject([{ url: ssh(), reason: expect.stringMatching(/^the repository is being/) }])
    },
  )

  test('a commit that waits for its editor', async () => {
    const home = made({})
    const lock = home.write('code/x/.git/index.lock', '')
    expect(refusedOf(await guarded(home))).toMatchObject([
      { reason: `locked: ${lock} is there`, hint: `remove ${lock} if no git runs, then try again` },
    ])
  })

  test('locked', async () => {
    const home = made({})
    const lock = home.write('code/x/.git/config.lock', '')
    expect(refusedOf(await guarded(home))).toMatchObject([
      { reason: `locked: ${lock} is there`, hint: expect.stringContaining(lock) },
    ])
    rmSync(lock)
    symlinkSync('nowhere', lock)
    expect(editsOf(await guarded(home))).toEqual([])
  })
})

test('a bridge: git has to read it, behind what it reads already', async () => {
  const home = newHome()
  repository(home)
  for (const [text, edits] of [
    ['[user]\n\tname = J', 1],
    ['', 1],
    ['[user]\n\tname = J \\\n', 0],
    ['[user]\n\tname = "J\n', 0],
  ] as const) {
    const file = home.write('.config', text)
    const plan = bridged(await planOf(home, [home.code]), { file, text }, [])
    const { transactions } = await guard(home.world, plan, [home.home])
    expect(transactions.flatMap((one) => one.edits)).toHaveLength(edits)
    expect(transactions.flatMap(({ refused }) => refused)).toHaveLength(1 - edits)
  }
})

test('nothing of a repository is run', async () => {
  const home = made({})
  const ran = path.join(home.home, 'ran')
  const program = home.write('program', `#!/bin/sh\necho "$0" >> ${ran}\n`)
  chmodSync(program, 0o755)
  for (const key of [
    'core.fsmonitor',
    'core.sshCommand',
    'core.pager',
    'core.editor',
    'credential.helper',
    'alias.config',
    'pager.config',
    'core.askPass',
    'filter.x.process',
  ]) {
    home.git('code/x', 'config', key, program)
  }
  home.git('code/x', 'config', 'core.hooksPath', home.home)
  for (const name of ['post-index-change', 'pre-commit', 'reference-transaction'])
    home.write(`code/x/.git/hooks/${name}`, readFileSync(program))
  expect((await apply(home.world, await guarded(home))).changed).toHaveLength(1)
  expect(existsSync(ran)).toBe(false)
})
