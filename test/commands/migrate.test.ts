import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { onTerminal } from '../support/terminal.ts'

const ssh = 'ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos'
const https = 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos'
const key = 'APKAEXAMPLE123456789'
const other = 'APKAOTHER12345678901'

/** A home with a folder `code`, and an `ssh` that knows no configuration but that of the home. */
function atHome() {
  const home = temporaryFolder()
  const code = path.join(home, 'code')
  mkdirSync(code)
  const bin = path.join(home, 'bin')
  mkdirSync(bin)
  mkdirSync(path.join(home, '.ssh'))
  const sshConfig = path.join(home, '.ssh', 'config')
  writeFileSync(sshConfig, '')
  writeFileSync(path.join(bin, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${sshConfig}' "$@"\n`)
  chmodSync(path.join(bin, 'ssh'), 0o755)
  const env = scrubbedEnvironment(home, { PATH: `${bin}:${process.env.PATH}`, GIT_CONFIG_GLOBAL: path.join(home, '.gitconfig') })
  const git = (folder: string, ...args: string[]) => execFileSync('git', ['-C', folder, ...args], { env, encoding: 'utf8' })
  /** A repository with a remote, and further settings. */
  const repository = (name: string, url: string, settings: Record<string, string> = {}) => {
    const folder = path.join(code, name)
    mkdirSync(folder, { recursive: true })
    git(folder, 'init', '--quiet')
    git(folder, 'remote', 'add', 'origin', url)
    for (const [setting, value] of Object.entries(settings)) git(folder, 'config', setting, value)
    return folder
  }
  const migrate = (...args: string[]) => run(process.execPath, [programs.awsfed, 'migrate', ...args], { env, cwd: home })
  const json = async (...args: string[]) => {
    const outcome = await migrate(...args, '--json')
    return { ...outcome, document: JSON.parse(outcome.stdout) }
  }
  return { home, code, env, git, repository, migrate, json, sshConfig }
}

/** Every file below `folder`, with its bytes. */
function bytesBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      return [path.relative(folder, file), readFileSync(file, 'latin1')]
    }),
  )
}

describe('migrate', () => {
  test('dry run and run list the edits in one order, which is that of the plan', async () => {
    const { code, json } = atHome()
    for (const folder of ['p', 'p/a']) {
      mkdirSync(path.join(code, folder))
      writeFileSync(path.join(code, folder, 'package.json'), `{ "name": "x", "dependencies": { "lib": "git+${ssh}/lib" } }`)
    }
    writeFileSync(path.join(code, 'p/pnpm-workspace.yaml'), 'packages: [a]\n')
    writeFileSync(
      path.join(code, 'p/package-lock.json'),
      `{ "packages": { "": { "dependencies": { "lib": "git+${ssh}/lib" } } } }`,
    )
    const { changed } = (await json(code, '--dry-run')).document
    expect(changed).toHaveLength(3)
    expect((await json(code, '--yes')).document.changed).toEqual(changed)
  })

  test('dry run and run list the same edits and exit alike; undo restores every byte', async () => {
    const { code, git, repository, migrate, json } = atHome()
    const app = repository('app', `${ssh}/App`)
    repository('deep/er/lib', `ssh://${key}@git-codecommit.eu-west-1.amazonaws.com:22/v1/repos/lib/`)
    writeFileSync(path.join(app, 'package.json'), `{\r\n  "dependencies": { "lib": "git+${ssh}/lib#v1" }\r\n}`)
    repository('elsewhere', 'git@github.com:x/y.git')
    const before = bytesBelow(code)

    const dry = await json(code, '--dry-run')
    expect(dry.code, dry.stderr).toBe(0)
    expect(bytesBelow(code)).toEqual(before)
    expect(dry.document.journal).toBeNull()
    expect(dry.document.changed).toEqual([
      { file: path.join(app, '.git/config'), line: 7, from: `${ssh}/App`, to: `${https}/App`, kind: 'remote.url' },
      {
        file: path.join(app, 'package.json'),
        line: 2,
        from: `git+${ssh}/lib#v1`,
        to: `git+${https}/lib#v1`,
        kind: 'dependency',
      },
      expect.objectContaining({ to: 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/lib' }),
    ])

    const done = await json(code, '--yes')
    expect(done.code, done.stderr).toBe(0)
    expect(done.document).toEqual({ ...dry.document, journal: expect.stringMatching(/^\d{8}-\d{6}-/) })
    expect(done.document.keys).toEqual([{ id: key, uses: [] }])
    expect(git(app, 'remote', 'get-url', 'origin')).toBe(`${https}/App\n`)
    expect(readFileSync(path.join(app, 'package.json'), 'utf8')).toBe(
      `{\r\n  "dependencies": { "lib": "git+${https}/lib#v1" }\r\n}`,
    )

    const again = await json(code, '--yes')
    expect(again.code).toBe(0)
    expect(again.document).toEqual({ changed: [], refused: [], reported: [], keys: [], journal: null })

    const list = await migrate('--list')
    expect(list.stdout).toContain(done.document.journal)
    const undone = await migrate('--undo', done.document.journal, '--yes')
    expect(undone.code, undone.stderr).toBe(0)
    expect(bytesBelow(code)).toEqual(before)
  })

  test('accounts: one that nothing is known of is dropped, several are refused until they are mapped', async () => {
    const { code, repository, json, sshConfig } = atHome()
    writeFileSync(sshConfig, `Host work\n  HostName git-codecommit.us-east-1.amazonaws.com\n  User ${other}\n`)
    repository('one', `ssh://${key}@git-codecommit.us-east-1.amazonaws.com/v1/repos/one`)
    repository('two', 'ssh://work/v1/repos/two')
    const refused = await json(code, '--yes')
    expect(refused.code).toBe(1)
    expect(refused.document.changed).toEqual([])
    expect(refused.document.refused).toHaveLength(2)
    expect(refused.document.refused[0].reason).toContain(other)
    expect(refused.document.refused[0].reason).toContain(`--account ${key}=PROFILE`)
    expect(refused.document.keys.map(({ id, uses }: { id: string; uses: unknown[] }) => [id, uses.length])).toEqual([
      [key, 1],
      [other, 1],
    ])
    const mapped = await json(code, '--yes', '--account', `${key}=dev`, '--account', `${other}=prod`)
    expect(mapped.code, mapped.stderr).toBe(0)
    expect(mapped.document.changed.map(({ to }: { to: string }) => to)).toEqual([
      'https://dev@git-codecommit.us-east-1.amazonaws.com/v1/repos/one',
      'https://prod@git-codecommit.us-east-1.amazonaws.com/v1/repos/two',
    ])
  })

  test('what a line holds twice is told once, and both change', async () => {
    const { code, repository, json } = atHome()
    const app = repository('app', `${ssh}/app`)
    const manifest = (url: string) => `{"dependencies":{"a":"git+${url}/x"},"devDependencies":{"b":"git+${url}/x"}}`
    writeFileSync(path.join(app, 'package.json'), manifest(ssh))
    writeFileSync(path.join(app, 'get.sh'), `git clone ${ssh}/x || git clone ${ssh}/x`)
    const { document } = await json(code, '--yes')
    expect(document.changed).toHaveLength(2)
    expect(document.reported).toEqual([{ file: path.join(app, 'get.sh'), line: 1, url: `${ssh}/x`, to: `${https}/x` }])
    expect(readFileSync(path.join(app, 'package.json'), 'utf8')).toBe(manifest(https))
  })

  test('--bridge changes no repository, but what git makes of its URL', async () => {
    const { home, code, git, repository, migrate, json } = atHome()
    writeFileSync(path.join(home, '.gitconfig'), '[user]\n\tname = Jane')
    const app = repository('app', `${ssh}/app`)
    const before = bytesBelow(code)
    const bridged = await json(code, '--bridge', '--yes')
    expect(bridged.code, bridged.stderr).toBe(0)
    expect(bytesBelow(code)).toEqual(before)
    expect(git(app, 'ls-remote', '--get-url', 'origin')).toBe(`${https}/app\n`)
    expect((await json(code, '--bridge', '--yes')).document.changed).toEqual([])
    expect((await migrate('--undo', '--yes')).code).toBe(0)
    expect(readFileSync(path.join(home, '.gitconfig'), 'utf8')).toBe('[user]\n\tname = Jane')
  })

  test('--bridge leads a project of yarn 2 or newer, whose files it leaves as they are', async () => {
    const { home, code, json } = atHome()
    const spec = `x@git+${ssh}/x#main`
    const sha = 'a'.repeat(40)
    const entry = `"${spec}":\n  version: 1.0.0\n  resolution: "x@${ssh}/x#commit=${sha}"\n  languageName: node\n  linkType: hard\n`
    writeFileSync(path.join(code, 'package.json'), `{ "dependencies": { "x": "git+${ssh}/x#main" } }`)
    writeFileSync(path.join(code, 'yarn.lock'), `__metadata:\n  version: 8\n\n${entry}`)
    const before = bytesBelow(code)
    expect((await json(code, '--dry-run')).document.refused[0].reason).toMatch(/give --bridge/)
    const bridged = await json(code, '--bridge', '--yes')
    expect(bridged.document).toMatchObject({ changed: [{ from: ssh.replace('v1/repos', '') }], refused: [] })
    expect(bridged.code, bridged.stderr).toBe(0)
    expect(bytesBelow(code)).toEqual(before)
    expect(readFileSync(path.join(home, '.gitconfig'), 'utf8')).toContain(`insteadOf = ${ssh.replace('v1/repos', '')}`)
  })

  describe('--bridge makes the global configuration where there is none; a dry run does not, and undo takes it away again', () => {
    const setUps: Record<string, (home: string) => string> = {
      '~/.gitconfig': (home) => path.join(home, '.gitconfig'),
      'a link to what is not there': (home) => {
        mkdirSync(path.join(home, 'dotfiles'))
        symlinkSync('dotfiles/gitconfig', path.join(home, '.gitconfig'))
        return path.join(home, 'dotfiles/gitconfig')
      },
      'a link to elsewhere': (home) => {
        const file = path.join(temporaryFolder(), 'gitconfig')
        symlinkSync(file, path.join(home, '.gitconfig'))
        return file
      },
    }
    test.each(Object.entries(setUps))('%s', async (_, setUp) => {
      const { home, code, git, repository, migrate, json } = atHome()
      const app = repository('app', `${ssh}/app`)
      const file = setUp(home)
      const before = readdirSync(home).sort()
      const dry = await json(code, '--bridge', '--dry-run')
      expect(dry.code, dry.stderr).toBe(0)
      expect(existsSync(file)).toBe(false)
      const done = await json(code, '--bridge', '--yes')
      expect(done.document.changed).toEqual(dry.document.changed)
      expect(git(app, 'ls-remote', '--get-url', 'origin')).toBe(`${https}/app\n`)
      expect((await migrate('--undo', '--yes')).code).toBe(0)
      expect(existsSync(file)).toBe(false)
      expect(readdirSync(home).sort()).toEqual([...before, 'awsfed'].sort())

      await json(code, '--bridge', '--yes')
      git(app, 'config', '--global', 'user.name', 'Jane')
      expect((await migrate('--undo', '--yes')).code).toBe(0)
      expect(readFileSync(file, 'utf8')).toBe('[user]\n\tname = Jane\n')
    })
  })

  test('--bridge refuses what another rule leads elsewhere, and adds no rule for it', async () => {
    const { home, code, git, repository, json } = atHome()
    const [a, b] = ['a', 'b'].map((name) => repository(name, `${ssh}/${name}`))
    const abbreviated = repository('c', 'cc:c', { [`url.${ssh}/.insteadOf`]: 'cc:' })
    const file = path.join(home, '.gitconfig')
    const longer = `[url "https://mirror.example/"]\n\tinsteadOf = ${ssh}/a\n`
    writeFileSync(file, longer)
    const one = await json(code, '--bridge', '--yes')
    expect(one.code).toBe(1)
    expect(one.document.changed).toHaveLength(1)
    expect(one.document.refused.map(({ file: refused }: { file: string }) => refused)).toEqual([
      path.join(a ?? '', '.git/config'),
      path.join(abbreviated, '.git/config'),
    ])
    expect(one.document.refused[0].reason).toContain(`the rule url.https://mirror.example/.insteadOf = ${ssh}/a`)
    expect(git(b ?? '', 'ls-remote', '--get-url', 'origin')).toBe(`${https}/b\n`)
    const equal = `[url "https://mirror.example/"]\n\tinsteadOf = ssh://git-codecommit.us-east-1.amazonaws.com/\n`
    writeFileSync(file, equal)
    const two = await json(code, '--bridge', '--yes')
    expect(two.document).toMatchObject({ changed: [], journal: null })
    expect(readFileSync(file, 'utf8')).toBe(equal)
  })

  test('--bridge writes the XDG file where only that is there; and not into a folder that is not', async () => {
    const { home, code, repository, env } = atHome()
    repository('app', `${ssh}/app`)
    const file = path.join(home, '.config/git/config')
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, '[user]\n\tname = Jane')
    const { GIT_CONFIG_GLOBAL: _, ...plain } = env
    const migrate = (args: string[], more: Record<string, string> = {}) =>
      run(process.execPath, [programs.awsfed, 'migrate', ...args], { env: { ...plain, ...more }, cwd: home })
    expect(await migrate([code, '--bridge', '--yes'])).toMatchObject({ code: 0 })
    expect(readFileSync(file, 'utf8')).toMatch(/^\[user\]\n\tname = Jane\n\[url "https:/)
    expect(existsSync(path.join(home, '.gitconfig'))).toBe(false)
    expect(await migrate(['--undo', '--yes'])).toMatchObject({ code: 0 })
    expect(readFileSync(file, 'utf8')).toBe('[user]\n\tname = Jane')
    const nowhere = { GIT_CONFIG_GLOBAL: path.join(home, 'nowhere/config') }
    expect(await migrate([code, '--bridge', '--yes'], nowhere)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/nowhere is not there\n {2}hint: /),
    })
  })

  test('--bridge refuses what git comes to by a rule already, for it takes one only; each edit has its line', async () => {
    const { home, code, repository, json } = atHome()
    writeFileSync(path.join(home, '.gitconfig'), `[url "${ssh}/"]\n\tinsteadOf = cc:\n`)
    repository('global', 'cc:x')
    repository('own', 'own:x', { [`url.${ssh}/.insteadOf`]: 'own:' })
    repository('plain', `${ssh}/plain`)
    repository('west', 'ssh://git-codecommit.us-west-2.amazonaws.com/v1/repos/plain')
    const { code: exit, document } = await json(code, '--bridge', '--dry-run')
    expect(exit).toBe(1)
    expect(document.refused.map(({ url }: { url: string }) => url).sort()).toEqual(['cc:x', `${ssh}/`])
    expect(document.changed.map(({ line }: { line: number }) => line)).toEqual([3, 5])
  })

  test.each([
    [['nowhere'], 'does not exist'],
    [[], 'name the folders'],
    [['.', '--to', 'ftp'], '--to ftp'],
    [['.', '--account', 'x'], 'NAME=PROFILE'],
    [['.', '--account', 'k=dev', '--account', 'k=prod'], 'k stand for dev and for prod'],
    [['.', '--dry-run', '--yes'], 'contradict'],
    [['.'], 'there is no terminal'],
    [['--undo', 'a', 'b', '--yes'], 'one ID'],
    [['--undo', '--yes', '--dry-run'], '--dry-run'],
    [['--list', '--to', 'ssh'], '--to'],
    [['--undo'], 'there is no terminal'],
  ])('%j is a usage error', async (args, words) => {
    const { migrate } = atHome()
    const { code, stdout, stderr } = await migrate(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).toContain('hint: ')
  })

  test('on a terminal it shows what it would do, asks for the repositories and once more', async () => {
    const { home, code, env, git, repository } = atHome()
    const one = repository('one', `${ssh}/one`)
    const two = repository('two', `${ssh}/two`)
    const terminal = onTerminal(process.execPath, [programs.awsfed, 'migrate', code, '--diff'], { env, cwd: home })
    const at = await terminal.shows('Which of these?')
    expect(terminal.output()).toContain(`url = ${https}/two`)
    // The second one is left out.
    terminal.type('\u001b[B \r')
    await terminal.shows('Change 1 URL in 1 file?', at)
    terminal.type('\r')
    expect(await terminal.ended, terminal.output()).toBe(0)
    expect(git(one, 'remote', 'get-url', 'origin')).toBe(`${https}/one\n`)
    expect(git(two, 'remote', 'get-url', 'origin')).toBe(`${ssh}/two\n`)
  })

  test('Ctrl-C in the midst of a run, and of its undo: what is done stays, and the way on is told', async () => {
    const { home, code, env, git, repository, migrate } = atHome()
    const text = readFileSync(path.join(repository('0', `${ssh}/x`), '.git/config'))
    for (let index = 1; index < 400; index += 1) {
      const folder = path.join(code, String(index), '.git')
      for (const name of ['objects', 'refs']) mkdirSync(path.join(folder, name), { recursive: true })
      writeFileSync(path.join(folder, 'HEAD'), 'ref: refs/heads/main\n')
      writeFileSync(path.join(folder, 'config'), text)
    }
    const before = bytesBelow(code)
    const interrupted = async (...args: string[]) => {
      const terminal = onTerminal(process.execPath, [programs.awsfed, 'migrate', ...args], { env, cwd: home })
      await terminal.shows(/changing: [1-9]/)
      terminal.type('\u0003')
      expect(await terminal.ended, terminal.output()).toBe(130)
      return terminal.output()
    }
    const told = await interrupted(code, '--yes')
    expect(git(path.join(code, '0'), 'remote', 'get-url', 'origin')).toBe(`${https}/x\n`)
    const [, id = ''] = /awsfed migrate --undo (\S+) takes it back/.exec(told) ?? []
    expect((await migrate('--undo', id, '--yes')).code).toBe(0)
    expect(bytesBelow(code)).toEqual(before)
    expect((await migrate(code, '--yes')).code).toBe(0)
    expect(await interrupted('--undo', '--yes')).toMatch(/hint: awsfed migrate --undo \S+ goes on/)
    expect((await migrate('--undo', '--yes')).code).toBe(0)
    expect(bytesBelow(code)).toEqual(before)
  })

  test('no temporary folder: said, and nothing is changed', async () => {
    const { home, code, env, repository } = atHome()
    repository('one', `${ssh}/one`)
    const before = bytesBelow(code)
    const more = { TMPDIR: path.join(home, 'nowhere') }
    const outcome = await run(process.execPath, [programs.awsfed, 'migrate', code, '--yes'], { env: { ...env, ...more } })
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(/awsfed: cannot work in \S+nowhere, so nothing was changed: .*\n {2}hint: .*TMPDIR/)
    expect(bytesBelow(code)).toEqual(before)
  })

  test('none of the repositories chosen: nothing is asked and nothing changed', async () => {
    const { home, code, env, repository } = atHome()
    for (const name of ['one', 'two']) repository(name, `${ssh}/${name}`)
    const before = bytesBelow(code)
    const terminal = onTerminal(process.execPath, [programs.awsfed, 'migrate', code], { env, cwd: home })
    await terminal.shows('Which of these?')
    // All are chosen at first: this takes all of them away.
    terminal.type('a\r')
    await terminal.shows('nothing to change')
    expect(await terminal.ended, terminal.output()).toBe(0)
    expect(bytesBelow(code)).toEqual(before)
  })

  test('refusals for one reason are told together, each file by its name', async () => {
    const { code, repository, migrate } = atHome()
    const at = (name: string, port: number) => `ssh://git-codecommit.us-east-1.amazonaws.com:${port}/v1/repos/${name}`
    repository('one', at('one', 99), { 'remote.o.url': at('o', 99), 'remote.p.url': at('p', 99) })
    repository('two', at('two', 99))
    repository('three', 'ssh://ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/three')
    const { stdout, code: exit } = await migrate(code, '--yes')
    expect(exit).toBe(1)
    expect(stdout).toMatch(
      /refused 4: .*port "99".*\n {2}\S.*\n {4}~\/code\/one\/\.git\/config:7: ssh:.*\/one, and 2 more in it\n {4}~\/code\/two\/\.git\/config:7: ssh:.*\/two\n/,
    )
    expect(stdout).toMatch(/refused ~\/code\/three\/\.git\/config:7: ssh:.*: .*\n {2}\S/)
  })

  test.each([
    ['a no', 'n'],
    ['Ctrl-C', '\u0003'],
  ])('%s changes nothing, and undoes nothing', async (_, keys) => {
    const { home, code, env, git, repository, migrate } = atHome()
    const one = repository('one', `${ssh}/one`)
    const answered = async (args: string[], question: string) => {
      const terminal = onTerminal(process.execPath, [programs.awsfed, 'migrate', ...args], { env, cwd: home })
      await terminal.shows(question)
      terminal.type(keys)
      expect(await terminal.ended).toBe(130)
      return terminal.output()
    }
    expect(await answered([code], 'Change 1 URL in 1 file?')).toMatch(
      /awsfed: nothing was changed\r?\n {2}hint: run `awsfed migrate`/,
    )
    expect(git(one, 'remote', 'get-url', 'origin')).toBe(`${ssh}/one\n`)
    expect((await migrate(code, '--yes')).code).toBe(0)
    expect(await answered(['--undo'], 'Restore 1 file of the run')).toMatch(/awsfed: nothing was restored\r?\n {2}hint: /)
    expect(git(one, 'remote', 'get-url', 'origin')).toBe(`${https}/one\n`)
  })

  test('an include that git cannot open is what git says of the repository, and no bug', async () => {
    const { code, repository, json } = atHome()
    // A name that is too long is as closed to this user as a file without any rights, whoever the user is.
    repository('shut', `${ssh}/shut`, { 'include.path': 'x'.repeat(300) })
    repository('open', `${ssh}/open`)
    const { code: exit, document, stderr } = await json(code, '--dry-run')
    expect(exit, stderr).toBe(1)
    expect(document.changed).toMatchObject([{ to: `${https}/open` }])
    expect(document.refused).toMatchObject([
      { url: `${ssh}/shut`, reason: expect.stringContaining('File name too long') },
      { url: null, reason: expect.stringContaining('it cannot be read: ENAMETOOLONG; ') },
    ])
  })

  test('no password of a URL is shown, whatever is said of it', async () => {
    const { home, code, repository, migrate } = atHome()
    const at = 'git-codecommit.us-east-1.amazonaws.com/v1/repos'
    const app = repository('app', `https://dev:hunter2@${at}/app`, { 'url.https://x:hunter2@example.com/.insteadOf': 'ex:' })
    repository('ssh', `ssh://jane:hunter2@${at}/app`)
    repository('scp', `jane:hunter2@${at.replace('/', ':/')}/app`)
    repository('turned', `https://dev:hunter2@${at}/app`, { [`url.https://jane:hunter2@${at}/.insteadOf`]: `ssh://${at}/` })
    writeFileSync(
      path.join(app, 'main.tf'),
      `source = "git::https://dev:hunter2@${at}/x?ref=v1"\n# git::ssh://a:hunter2@${at}/x\n`,
    )
    for (const args of [['--to', 'ssh'], [], ['--to', 'ssh', '--verify'], ['--to', 'grc']]) {
      for (const way of [
        ['--dry-run', '--diff'],
        ['--dry-run', '--json'],
        ['--yes'],
        ['--undo', '--yes'],
        ['--list', '--json'],
      ]) {
        const own = /undo|list/.test(way[0] ?? '') ? way : [code, ...args, ...way]
        const { stdout, stderr } = await migrate(...own)
        expect(stdout + stderr, own.join(' ')).not.toContain('hunter2')
      }
    }
    const { stdout } = await migrate(path.join(home, 'code/app'), '--to', 'ssh', '--dry-run')
    expect(stdout).toContain(`https://dev:[redacted]@${at}/app → ssh://${at}/app`)
  })

  test('escape sequences of a file, or of its name, do not reach the terminal', async () => {
    const { code, repository, migrate, json } = atHome()
    const evil = '\u001b[2J\u001b]0;x\u0007'
    const app = repository(`app${evil}`, `${ssh}/app`)
    repository('b', `ssh://git-codecommit.us-east-1.amazonaws.com:99/v1/repos/x${evil}`)
    const config = path.join(app, '.git/config')
    writeFileSync(config, `${readFileSync(config, 'utf8')}# ${evil}\n`)
    const wantPlain = async (...args: string[]) => {
      const { stdout, stderr } = await migrate(...args)
      expect(stdout + stderr).not.toMatch(/[\u001b\u0007]/)
      return stdout
    }
    expect(await wantPlain(code, '--dry-run', '--diff')).toContain(`+\turl = ${https}/app`)
    await wantPlain(app, '--yes')
    expect(await wantPlain('--list')).toContain('app\ufffd[2J')
    await wantPlain('--undo', '--yes')
    const { document } = await json(app, '--yes')
    expect(document.changed[0].file).toBe(config)
    writeFileSync(config, '')
    expect(await wantPlain('--undo', '--yes')).toContain('refused ')
  })
})

test('--verify asks CodeCommit: what does not answer is refused, and what has other heads than SSH has, while that works', async () => {
  const { home, code, env, git, repository } = atHome()
  const sandbox = await sandboxForTest()
  const names = ['same', 'differs', 'no-ssh']
  const made = await Promise.all(names.map((name) => sandbox.createRepository(name)))
  for (const name of [...names, 'gone']) repository(name, `${ssh}/${name}`)
  // SSH that serves what lies in a folder.
  const served = path.join(home, 'served')
  mkdirSync(served)
  for (const { name, folder } of made.slice(0, 2)) git(home, 'clone', '--quiet', '--bare', folder, path.join(served, name))
  git(path.join(served, 'differs'), 'update-ref', 'refs/heads/more', 'HEAD')
  const program = path.join(home, 'bin/serving-ssh')
  writeFileSync(program, `#!/bin/sh\nfor last; do :; done\neval "$(echo "$last" | sed "s#'/v1/repos#'${served}#")"\n`)
  chmodSync(program, 0o755)
  const { PATH = '' } = env
  const all = {
    ...{ ...env, ...sandbox.environment, PATH, AWSFED_INTERACTIVE: 'never', GIT_SSH_COMMAND: program },
    // As in a hook of git's: that repository's settings are none of ours.
    GIT_DIR: path.join(repository('caller', 'https://example.com/x', { 'url.https://example.com/.insteadOf': https }), '.git'),
  }
  const migrate = async (...args: string[]) =>
    run(process.execPath, [programs.awsfed, 'migrate', code, '--verify', '--json', ...args], { env: all })
  const outcome = await migrate('--yes')
  expect(outcome.code, outcome.stderr).toBe(1)
  const document = JSON.parse(outcome.stdout)
  expect(document.changed.map(({ to }: { to: string }) => to)).toEqual([`${https}/no-ssh`, `${https}/same`])
  expect(document.refused).toMatchObject([
    { url: `${ssh}/differs`, reason: expect.stringContaining(`${https}/differs has other heads than ${ssh}/differs; `) },
    { url: `${ssh}/gone`, reason: expect.stringContaining('does not answer') },
  ])
  expect(git(path.join(code, 'same'), 'remote', 'get-url', 'origin')).toBe(`${https}/same\n`)
})
