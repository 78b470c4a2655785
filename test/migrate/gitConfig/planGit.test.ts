import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/migrate/gitConfig/parse.ts'
import { type GitFile, planGit } from '../../../src/migrate/gitConfig/planGit.ts'
import { spliced } from '../../../src/migrate/splice.ts'
import { survey } from '../../../src/migrate/url/survey.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { knowledge } from '../url/knowledge.ts'

const ours = 'git-codecommit.us-east-1.amazonaws.com'
const ssh = `ssh://${ours}/v1/repos/x`
const https = `https://${ours}/v1/repos/x`
const key = 'APKAEXAMPLE000000000'

function file(text: string, more: Partial<GitFile> = {}): GitFile {
  return { file: '/code/x/.git/config', text, role: 'config', barred: undefined, ...more }
}

function plan(files: GitFile | GitFile[], ambient = '', more: Parameters<typeof knowledge>[0] = {}) {
  return planGit([files].flat(), parseConfig(ambient).entries, translator(knowledge(more)))
}

/** The text of the only file after the plan. */
function migrated(text: string, ambient = '', more: Parameters<typeof knowledge>[0] = {}): string {
  const { edits, refused } = plan(file(text), ambient, more)
  expect(refused).toEqual([])
  return spliced(text, edits)
}

describe('what holds a URL', () => {
  test.each([
    ['remote.url', `[remote "o"]\n\turl = ${ssh}\n`, `[remote "o"]\n\turl = ${https}\n`],
    ['remote.pushurl', `[remote "o"]\n\tpushUrl = ${ssh}\n`, `[remote "o"]\n\tpushUrl = ${https}\n`],
    ['branch.remote', `[branch "main"]\n\tremote = ${ssh}\n`, `[branch "main"]\n\tremote = ${https}\n`],
    ['branch.pushRemote', `[branch "main"]\n\tpushRemote = ${ssh}\n`, `[branch "main"]\n\tpushRemote = ${https}\n`],
    ['remote.pushDefault', `[remote]\n\tpushDefault = ${ssh}\n`, `[remote]\n\tpushDefault = ${https}\n`],
    ['submodule.url', `[submodule "a"]\n\turl = ${ssh}\n`, `[submodule "a"]\n\turl = ${https}\n`],
    ['url.insteadOf', `[url "ssh://${ours}/"]\n\tinsteadOf = cc:\n`, `[url "https://${ours}/"]\n\tinsteadOf = cc:\n`],
    ['url.pushInsteadOf', `[url "ssh://${ours}/"]\n\tpushInsteadOf = cc:\n`, `[url "https://${ours}/"]\n\tpushInsteadOf = cc:\n`],
    ['remote.url', `[remote.o]\r\n\tURL = "${ssh}" ; c\r\n`, `[remote.o]\r\n\tURL = "${https}" ; c\r\n`],
  ])('%s: %j', (kind, text, expected) => {
    expect(plan(file(text)).edits).toMatchObject([{ kind, reason: 'an SSH key signs in' }])
    expect(migrated(text)).toBe(expected)
  })

  test.each([
    `[remote "o"]\n\tfetch = ${ssh}\n\tproxy = ${ssh}\n`,
    `[remote]\n\turl = ${ssh}\n`,
    `[branch "main"]\n\tremote = origin\n\tdescription = ${ssh}\n`,
    `[alias]\n\tx = !git clone ${ssh}\n`,
    `# url = ${ssh}\n`,
    `[remote "o"]\n\turl = ${https}\n`,
    `[remote "o"]\n\turl\n`,
    `[remote "o"]\n\turl =\n`,
    `[url "ssh://${ours}/"]\n\tother = x\n`,
    `[constructor "o"]\n\tname = ${ssh}\n`,
  ])('left alone: %j', (text) => {
    expect(plan(file(text))).toEqual({ edits: [], refused: [] })
  })

  test('several URLs of a remote, each with its line', () => {
    const text = `[remote "o"]\n\turl = ${ssh}\n\turl = git@github.com:a/b\n\turl = \\\n  cc:/v1/repos/y\n`
    const { edits } = plan(file(text))
    expect(edits.map(({ line, from, to }) => [line, from, to])).toEqual([
      [2, ssh, https],
      [5, 'cc:/v1/repos/y', `https://${ours}/v1/repos/y`],
    ])
  })

  test('those that can move do, beside one that is refused', () => {
    const text = `[remote "o"]\n\turl = ssh://ssh://${ours}/v1/repos/x\n\tpushurl = ${ssh}\n`
    expect(plan(file(text))).toMatchObject({
      edits: [{ line: 3, to: https }],
      refused: [{ line: 2, url: `ssh://ssh://${ours}/v1/repos/x`, file: '/code/x/.git/config' }],
    })
  })

  test('.gitmodules: the URLs of submodules and nothing else', () => {
    const text = `[submodule "a"]\n\tpath = a\n\turl = ${ssh}\n[submodule "b"]\n\turl = ../b\n[remote "o"]\n\turl = ${ssh}\n`
    const { edits } = plan(file(text, { role: 'gitmodules', file: '/code/x/.gitmodules' }))
    expect(edits).toMatchObject([{ file: '/code/x/.gitmodules', line: 3, kind: 'submodule.url' }])
  })

  test.each([
    ['remotes', `URL: ${ssh}\nPush: refs/heads/a\nPull: b\n`, `URL: ${https}\nPush: refs/heads/a\nPull: b\n`],
    ['remotes', `URL:${ssh}  \r\nURL: cc:/v1/repos/y`, `URL:${https}  \r\nURL: https://${ours}/v1/repos/y`],
    ['branches', `${ssh}#main\n`, `${https}#main\n`],
    ['branches', `${ssh}\r\n${ssh}\n`, `${https}\r\n${ssh}\n`],
    ['branches', ` ${ssh}`, ` ${https}`],
  ] as const)('.git/%s: %j', (role, text, expected) => {
    const { edits } = plan(file(text, { role }))
    expect(spliced(text, edits)).toBe(expected)
    expect(edits[0]).toMatchObject({ kind: 'remotes', line: 1 })
  })
})

describe('rules', () => {
  const rule = (base: string, pattern: string) => `[url "${base}"]\n\tinsteadOf = ${pattern}\n`
  const remote = (url: string) => `[remote "o"]\n\turl = ${url}\n`

  test('an abbreviation moves with the rule of the repository that it goes by', () => {
    expect(migrated(rule(`ssh://${ours}/v1/repos/`, 'cc:') + remote('cc:x'))).toBe(
      rule(`https://${ours}/v1/repos/`, 'cc:') + remote('cc:x'),
    )
  })

  test("an abbreviation that goes by the user's rule is written out", () => {
    expect(migrated(remote('c2:x'), rule(`ssh://${ours}/v1/repos/`, 'c2:'))).toBe(remote(https))
  })

  test('so is one whose rule stands where nothing may be written; that is refused', () => {
    const barred = { reason: 'outside', hint: 'give it' }
    const included = file(rule(`ssh://${ours}/v1/repos/`, 'c2:'), { file: '/else/config', barred })
    expect(plan([file(remote('c2:x')), included])).toMatchObject({
      edits: [{ file: '/code/x/.git/config', from: 'c2:x', to: https }],
      refused: [{ file: '/else/config', line: 1, url: `ssh://${ours}/v1/repos/`, ...barred }],
    })
  })

  test('an abbreviation that looks like an alias is what its rule makes of it', () => {
    expect(migrated(remote('elsewhere:v1/repos/x'), rule('ssh://cc/', 'elsewhere:'))).toBe(remote(https))
  })

  test('a rule names the account', () => {
    const ambient = rule(`ssh://${key}@${ours}/`, `ssh://${ours}/`)
    expect(migrated(remote(ssh), ambient, { mapped: { [key]: 'dev' } })).toBe(remote(`https://dev@${ours}/v1/repos/x`))
  })

  test('the longest pattern wins, among equals the first', () => {
    const ambient = rule('ssh://elsewhere/', 'c2:') + rule(`ssh://${ours}/v1/repos/a-`, 'c2:a') + rule(`ssh://${ours}/z/`, 'c2:a')
    expect(migrated(remote('c2:ab'), ambient)).toBe(remote(`https://${ours}/v1/repos/a-b`))
  })

  test("a rule of the user's with the same base does not move with the repository's", () => {
    const own = rule(`ssh://${ours}/v1/repos/`, 'cc:')
    expect(migrated(own + remote('c2:x'), rule(`ssh://${ours}/v1/repos/`, 'c2:'))).toBe(
      rule(`https://${ours}/v1/repos/`, 'cc:') + remote(https),
    )
    expect(migrated(own + remote('cc:x'), own)).toBe(rule(`https://${ours}/v1/repos/`, 'cc:') + remote(https))
  })

  test('the bridge stays, and what it bridges moves all the same', () => {
    const bridge = rule(`https://${ours}/`, `ssh://${ours}/`)
    expect(migrated(bridge + remote(ssh))).toBe(bridge + remote(https))
    expect(migrated(remote(ssh), bridge)).toBe(remote(https))
  })

  test('a rule that leads back to SSH stays, and what is right but for it is refused by its name', () => {
    const back = rule(`ssh://${key}@${ours}/`, `https://${ours}/`)
    const refusal = { url: https, account: key, reason: expect.stringContaining(`url.ssh://${key}@${ours}/.insteadOf`) }
    expect(plan(file(back + remote(https)))).toMatchObject({ edits: [], refused: [refusal] })
    expect(plan(file(remote(https)), back)).toMatchObject({ edits: [], refused: [refusal] })
    const inOneTree = file(back, { file: '/code/x/.git/worktrees/y/config.worktree' })
    expect(plan([file(remote(https)), inOneTree])).toEqual({ edits: [], refused: [] })
    expect(migrated(back + remote(ssh))).toBe(back + remote(https))
    expect(migrated(rule(`ssh://${ours}/`, 'https://git-codecommit.'))).toBe(rule(`ssh://${ours}/`, 'https://git-codecommit.'))
  })

  test('so it is with a rule for pushes, where nothing else is said of them', () => {
    const back = rule(`ssh://${ours}/`, `https://${ours}/`).replace('insteadOf', 'pushInsteadOf')
    expect(plan(file(back + remote(https)))).toMatchObject({
      edits: [],
      refused: [{ url: https, reason: expect.stringMatching(/pushes to .*pushInsteadOf/) }],
    })
    expect(migrated(`${back}${remote(https)}\tpushurl = ${https}\n`)).toBe(`${back}${remote(https)}\tpushurl = ${https}\n`)
    expect(migrated(`${back}[branch "b"]\n\tremote = ${https}\n`)).toContain(`remote = ${https}\n`)
  })

  test('what goes by a rule that moves stays, but not what it makes malformed', () => {
    const { edits, refused } = plan(
      file(rule(`ssh://${ours}/`, 'elsewhere:') + remote('elsewhere:v1/repos/x') + remote('elsewhere:x')),
    )
    expect(edits).toMatchObject([{ kind: 'url.insteadOf' }])
    expect(refused).toMatchObject([{ url: 'elsewhere:x', reason: expect.stringContaining('malformed') }])
    const push = rule(`ssh://${ours}/v1/repos/`, 'elsewhere:').replace('insteadOf', 'pushInsteadOf')
    expect(plan(file(push + remote('elsewhere:v1/repos/x'))).refused).toMatchObject([
      { reason: expect.stringContaining('malformed') },
    ])
  })

  test('both kinds under one header are one edit', () => {
    const text = `[url "ssh://${ours}/"]\n\tpushInsteadOf = c3:\n\tinsteadOf = c2:\n`
    expect(plan(file(text)).edits).toMatchObject([{ line: 1, kind: 'url.insteadOf', remote: undefined }])
  })

  test('a base that is no beginning of a URL is refused', () => {
    expect(plan(file(rule(`ssh://${ours}/v2/`, 'cc:')))).toMatchObject({ edits: [], refused: [{ line: 1 }] })
  })
})

test.each([
  [`https://${ours}/`, false],
  [`https://${ours}/v1/repos/`, false],
  ['https://', false],
  [`https://dev@${ours}/v1/repos/x`, false],
  ['https://github.com/org/', true],
  ['https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/', true],
])('a rule for %s moves, or leads back from where it would move: %s', (pattern, moves) => {
  const rule = (scheme: string) => `[url "${scheme}://${ours}/v1/repos/"]\n\tinsteadOf = ${pattern}\n`
  expect(migrated(rule('ssh'))).toBe(rule(moves ? 'https' : 'ssh'))
})

describe('core.sshCommand', () => {
  const mapped = { [key]: 'dev' }
  const text = (command: string) =>
    `[core]\n\tsshCommand = ${command}\n[remote "o"]\n\turl = ${ssh}\n[submodule "a"]\n\turl = ${ssh}\n`
  test.each([
    [`ssh -l ${key}`, true],
    [`ssh -l${key}`, true],
    [`/usr/bin/ssh -4 -i ~/.ssh/id -vl ${key}`, true],
    [`env A=b ssh -o IdentitiesOnly=yes -o User=${key}`, true],
    [`ssh -oUser=${key} -l other`, true],
    [`ssh -o \\"User ${key}\\"`, true],
    [`'C:\\\\Program Files\\\\ssh.exe' -l ${key}`, true],
    [`plink.exe -batch -i k -l ${key}`, true],
    [`autossh -l ${key}`, true],
    ['ssh -i ~/.ssh/id', false],
    ['ssh -l $USER', false],
    ['ssh -l', false],
    [`ssh -i -l ${key}`, false],
  ])('%s', (command, names) => {
    const { edits } = plan(file(text(command)), '', { mapped })
    expect(edits.map(({ to }) => to)).toEqual([names ? `https://dev@${ours}/v1/repos/x` : https, https])
  })

  test('a rule that moves takes its user along', () => {
    const rule = (base: string) => `[core]\n\tsshCommand = ssh -l ${key}\n[url "${base}"]\n\tinsteadOf = cc:\n`
    expect(migrated(rule(`ssh://${ours}/`), '', { mapped })).toBe(rule(`https://dev@${ours}/`))
  })

  test('an alias of another configuration (-F) is not known, whatever that of the user says', () => {
    const seen = survey('https')
    const text = `[core]\n\tsshCommand = ssh -F other\n[remote "o"]\n\turl = cc:/v1/repos/x\n\turl = ${ssh}\n`
    planGit([file(text)], [], seen.translate)
    expect([...seen.hosts()]).toEqual([])
    const sshHost = () => ({ hostname: ours, user: key, port: 22 })
    const { edits, refused } = plan(file(text), '', { mapped, sshHost })
    expect(edits).toMatchObject([{ to: https, account: undefined }])
    expect(refused).toMatchObject([{ url: 'cc:/v1/repos/x', reason: expect.stringContaining('-F') }])
  })

  test("the repository's comes before the user's", () => {
    const ambient = `[core]\n\tsshCommand = ssh -l other\n`
    const [edit] = plan(file(text(`ssh -l ${key}`)), ambient, { mapped, found: ['other'] }).edits
    expect(edit).toMatchObject({ to: `https://dev@${ours}/v1/repos/x`, account: key })
    const [, submodule] = plan(file(text(`ssh -l ${key}`)), ambient, { mapped, found: ['other'] }).edits
    expect(submodule).toMatchObject({ account: 'other' })
  })
})

describe('files that are not edited', () => {
  test('one that git cannot read, by the line', () => {
    expect(plan(file(`[remote "o"]\n\turl = ${ssh}\n<<<<\n`))).toMatchObject({
      edits: [],
      refused: [{ line: 3, url: undefined, reason: expect.stringContaining('bad config line 3') }],
    })
    expect(plan(file('[x]\n<<<<\n'))).toEqual({ edits: [], refused: [] })
  })

  test('one that is another repository’s too, but what it says holds', () => {
    const shared = file(`[core]\n\tsshCommand = ssh -l ${key}\n[remote "s"]\n\turl = ${ssh}\n`, { file: '/code/s', shared: true })
    expect(plan([file(`[remote "o"]\n\turl = ${ssh}\n`), shared], '', { mapped: { [key]: 'dev' } })).toMatchObject({
      edits: [{ file: '/code/x/.git/config', to: `https://dev@${ours}/v1/repos/x` }],
      refused: [],
    })
  })

  test('one that is barred, by its URLs', () => {
    const barred = { reason: 'it lies outside', hint: 'give that folder too' }
    expect(plan(file(`[remote "o"]\n\turl = ${ssh}\n`, { barred }))).toEqual({
      edits: [],
      refused: [{ file: '/code/x/.git/config', line: 2, url: ssh, account: undefined, ...barred }],
    })
  })
})

test('the survey sees what will be asked', () => {
  const seen = survey('https')
  const text = `[core]\n\tsshCommand = ssh -l ${key}\n[remote "o"]\n\turl = cc:/v1/repos/x\n\turl = git@github.com:v1/repos/x\n\turl = ssh://${ours}/v1/repos/x\n\turl = codecommit://prod@x\n`
  planGit([file(text)], [], seen.translate)
  expect([...seen.hosts()]).toEqual(['cc', 'github.com'])
  expect([...seen.accounts((host) => (host === 'cc' ? { hostname: ours, user: 'other', port: 22 } : undefined))]).toEqual([
    { name: key, form: 'ssh' },
    { name: key, form: 'ssh' },
    { name: 'prod', form: 'grc' },
  ])
})

test('whatever the configuration: a plan is done once, and only URLs change', () => {
  const url = fc.constantFrom(
    ssh,
    https,
    'cc:/v1/repos/x',
    'c3:x',
    'c2:x',
    `${key}@${ours}:v1/repos/x`,
    'codecommit::us-east-1://x',
    'origin',
    '../x',
  )
  const line = fc.oneof(
    fc
      .tuple(fc.constantFrom('url', 'pushurl', 'remote', 'path'), fc.constantFrom('', '"'), url)
      .map(([name, quote, value]) => `\t${name} = ${quote}${value}${quote} # c\n`),
    fc.constantFrom(
      '[remote "o"]\n',
      '[branch "m"]\n',
      `[url "ssh://${ours}/v1/repos/"]\r\n`,
      `[url "https://${ours}/"]\n`,
      '[submodule "s"]\n',
      '[core]\n\tsshCommand = ssh -l k\n',
      // With a pattern that leaves no URL of a repository git is lost today, and what is refused then may move later.
      ...['c3:', 'c2:', `ssh://${ours}/v1/repos/`, 'https://'].map((pattern) => `\tinsteadOf = ${pattern}\n`),
    ),
  )
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom('', `[url "ssh://${ours}/v1/repos/"]\n\tinsteadOf = c2:\n`),
      (lines, ambient) => {
        const text = lines.join('')
        const { edits } = plan(file(text), ambient)
        const moved = spliced(text, edits)
        expect(plan(file(moved), ambient).edits).toEqual([])
        expect(moved.split('\n').length).toBe(text.split('\n').length)
      },
    ),
    { numRuns: 2000 },
  )
})
