import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'

const hosts = [
  'git-codecommit.us-east-1.amazonaws.com',
  'GIT-CodeCommit.US-East-1.AmazonAWS.com',
  'git-codecommit.us-east-1.amazonaws.com:443',
  'git-codecommit-fips.us-gov-west-1.amazonaws.com',
  'git-codecommit.cn-north-1.amazonaws.com.cn',
  'git-codecommit-fips.cn-northwest-1.amazonaws.com.cn',
  'vpce-0a1b2c3d4e5f-abcdefgh.git-codecommit.eu-central-1.vpce.amazonaws.com',
  'vpce-0a1b2c3d4e5f-abcdefgh.git-codecommit-fips.us-west-2.vpce.amazonaws.com',
]
const notOurs = ['github.com', 'git-codecommit.us-east-1.amazonaws.com.evil.com', 'codecommit.us-east-1.amazonaws.com']

/** A home of its own, with `gitconfig` in its ~/.gitconfig. */
function newHome(gitconfig?: string) {
  const home = temporaryFolder()
  const env = scrubbedEnvironment(home)
  const file = path.join(home, '.gitconfig')
  if (gitconfig !== undefined) writeFileSync(file, gitconfig)
  const setup = (args: string[] = [], more: Record<string, string> = {}) =>
    run(process.execPath, [programs.awsfed, 'setup', 'git', ...args], { env: { ...env, ...more }, cwd: home })
  const git = (...args: string[]) => run('git', args, { env, cwd: home })
  const text = () => readFileSync(file, 'utf8')
  return { home, env, file, setup, git, text }
}

describe('setup git', () => {
  for (const host of hosts) {
    test(`${host}: git asks awsfed, with the path, and nobody else`, async () => {
      const { setup, git, home, env } = newHome('[credential]\n\thelper = "!echo asked >> asked; false"\n')
      expect(await setup()).toMatchObject({ code: 0, stderr: '' })
      const value = await git('config', '--get-urlmatch', 'credential.helper', `https://${host}`)
      expect(value.stdout).toContain(`'${process.execPath}' '${programs.helper}'`)

      const fill = await run('git', ['credential', 'fill'], {
        env: { ...env, GIT_TRACE: '1', GIT_TERMINAL_PROMPT: '0' },
        cwd: home,
        input: `protocol=https\nhost=${host}\npath=v1/repos/demo\n\n`,
      })
      expect(fill.stderr).toContain('git-credential-awsfed')
      expect(fill.stderr).not.toContain('asked')
      expect(existsSync(path.join(home, 'asked'))).toBe(false)
      // No configuration, so the helper says why it cannot answer: it was given a path.
      expect(fill.stderr).toContain('config.toml does not exist')
      expect(fill.stderr).not.toContain('useHttpPath')
    })
  }

  for (const host of notOurs) {
    test(`${host}: git does not ask awsfed`, async () => {
      const { setup, git } = newHome()
      await setup()
      expect(await git('config', '--get-urlmatch', 'credential.helper', `https://${host}`)).toMatchObject({ code: 1, stdout: '' })
    })
  }

  test('plain http: git does not ask awsfed', async () => {
    const { setup, git } = newHome()
    await setup()
    expect(
      (await git('config', '--get-urlmatch', 'credential.helper', 'http://git-codecommit.us-east-1.amazonaws.com')).code,
    ).toBe(1)
  })

  test('run again it has nothing to do', async () => {
    const { setup, text } = newHome()
    await setup()
    const before = text()
    const again = await setup()
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toMatch(/^nothing to do/)
    expect(text()).toBe(before)
  })

  test('--dry-run says what it would do and changes nothing', async () => {
    const { setup, home, file } = newHome()
    const outcome = await setup(['--dry-run'])
    expect(outcome.code).toBe(0)
    expect(outcome.stdout).toContain(
      '.gitconfig: would have added 8 sections\n  [credential "https://git-codecommit.*.amazonaws.com"]\n',
    )
    expect(existsSync(file)).toBe(false)
    expect(existsSync(path.join(home, 'awsfed'))).toBe(false)
    await setup()
    expect((await setup(['--undo', '--dry-run'])).stdout).toContain('would have removed 8 sections\n')
    expect(existsSync(file)).toBe(true)
  })

  test('profiles may be profiles that URLs may name: git asks for them first; once more when they change; undo leaves nothing', async () => {
    const before = '[user]\n\tname = Jane'
    const { setup, text, home, git } = newHome(before)
    const config = (...names: string[]) => {
      mkdirSync(path.join(home, 'awsfed'), { recursive: true })
      const profiles = names.map((name) => `[profile.${JSON.stringify(name)}]\nportal = "corp"\n`).join('')
      writeFileSync(path.join(home, 'awsfed', 'config.toml'), `[portal.corp]\nurl = "https://idp.example.com"\n${profiles}`)
    }
    const emptyAuth = (url: string) => git('config', '--get-urlmatch', 'http.emptyAuth', url)
    config('dev', 'Team EU')
    const dry = await setup(['--dry-run'])
    expect(dry.stdout).toContain('would have added 9 sections')
    expect(existsSync(path.join(home, 'awsfed', 'state', 'gitconfig'))).toBe(false)
    expect((await setup()).stdout).toContain('profiles that URLs may name: dev, Team EU\n')
    for (const host of hosts) {
      const name = host.toLowerCase().replace(':443', '')
      expect((await emptyAuth(`https://dev@${name}/v1/repos/x`)).stdout).toBe('true\n')
      expect((await emptyAuth(`https://Team%20EU@${name}/v1/repos/x`)).stdout).toBe('true\n')
      expect((await emptyAuth(`https://other@${name}/v1/repos/x`)).stdout).toBe('')
      expect((await emptyAuth(`https://${name}/v1/repos/x`)).stdout).toBe('')
    }
    expect((await setup()).stdout).toMatch(/^nothing to do/)
    config('dev', 'other')
    expect((await setup()).stdout).toBe('profiles that URLs may name: dev, other\n')
    expect((await emptyAuth(`https://other@${hosts[0]}/v1/repos/x`)).stdout).toBe('true\n')
    expect((await setup(['--undo'])).stdout).toContain('removed 9 sections\n')
    expect(text()).toBe(before)
    expect(existsSync(path.join(home, 'awsfed', 'state', 'gitconfig'))).toBe(false)
  })

  test('another Node is updated in place', async () => {
    const { setup, text, file } = newHome('[user]\n\tname = Jane\n')
    await setup()
    const now = `${text()}[core]\n\teditor = vi\n`
    writeFileSync(file, now.replaceAll(`'${process.execPath}'`, "'/gone/node'"))
    const outcome = await setup()
    expect(outcome.stdout).toContain('.gitconfig: updated 8 sections\n')
    expect(text()).toBe(now)
  })

  test('a section that somebody has damaged is made whole', async () => {
    const { setup, text, file, git } = newHome()
    await setup()
    const whole = text()
    writeFileSync(file, whole.replace('\thelper =\n', ''))
    expect((await setup()).code).toBe(0)
    const helpers = await git('config', '--global', '--get-all', 'credential.https://git-codecommit.*.amazonaws.com.helper')
    expect(helpers.stdout.split('\n')).toHaveLength(3)
    expect(helpers.stdout).toMatch(/^\n!AWSFED_NODE=/)
  })

  test('a path with blanks and quotes reaches the helper', async () => {
    const { env, home } = newHome()
    const folder = path.join(home, `Jane's "tools" #1; x`)
    mkdirSync(folder)
    const root = path.dirname(path.dirname(programs.awsfed))
    for (const name of ['bin', 'dist', 'package.json', 'node_modules'])
      symlinkSync(path.join(root, name), path.join(folder, name))
    const program = path.join(folder, 'bin', 'awsfed.js')
    const outcome = await run(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', program, 'setup', 'git'], {
      env,
    })
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(path.join(home, '.gitconfig'), 'utf8')).toContain('tools')
    const fill = await run('git', ['credential', 'fill'], {
      env: { ...env, GIT_TERMINAL_PROMPT: '0' },
      input: 'protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/demo\n\n',
    })
    expect(fill.stderr).toContain('awsfed')
    expect(fill.stderr).toContain('config.toml does not exist')
    const again = await run(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', program, 'setup', 'git'], {
      env,
    })
    expect(again.stdout).toMatch(/^nothing to do/)
    await run(process.execPath, [programs.awsfed, 'setup', 'git', '--undo'], { env })
    expect(existsSync(path.join(home, '.gitconfig'))).toBe(false)
  })

  test('GIT_CONFIG_GLOBAL', async () => {
    const { setup, home, file } = newHome()
    const own = path.join(home, 'own config')
    writeFileSync(own, '[user]\n\tname = Jane\n')
    expect(await setup([], { GIT_CONFIG_GLOBAL: own })).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(own, 'utf8')).toContain('git-codecommit')
    expect(existsSync(file)).toBe(false)
    await setup(['--undo'], { GIT_CONFIG_GLOBAL: own })
    expect(readFileSync(own, 'utf8')).toBe('[user]\n\tname = Jane\n')
  })

  test('the XDG file, where there is no ~/.gitconfig', async () => {
    const { setup, home, file } = newHome()
    const xdg = path.join(home, '.config', 'git', 'config')
    mkdirSync(path.dirname(xdg), { recursive: true })
    writeFileSync(xdg, '[user]\n\tname = Jane\n')
    expect(await setup()).toMatchObject({ code: 0, stderr: '' })
    expect(existsSync(file)).toBe(false)
    expect(readFileSync(xdg, 'utf8')).toContain('git-codecommit')
  })

  test('a symlink stays one, and the mode stays', async () => {
    const { setup, home, file } = newHome()
    const target = path.join(home, 'dotfiles-gitconfig')
    writeFileSync(target, '[user]\n\tname = Jane\n')
    chmodSync(target, 0o600)
    symlinkSync('dotfiles-gitconfig', file)
    await setup()
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(target, 'utf8')).toContain('git-codecommit')
    expect(statSync(target).mode & 0o777).toBe(0o600)
  })

  test('a symlink to a file that is not there yet', async () => {
    const { setup, home, file } = newHome()
    symlinkSync('dotfiles-gitconfig', file)
    await setup()
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
    expect(readFileSync(path.join(home, 'dotfiles-gitconfig'), 'utf8')).toContain('git-codecommit')
  })

  for (const [title, gitconfig, message] of [
    ['a file that git cannot read', '[user\n', /bad config line 1/],
    ['a last line that goes on', '[user]\n\tname = x\\', /would not read as it should/],
  ] as const) {
    test(`${title} is left as it was`, async () => {
      const { setup, text, home } = newHome(gitconfig)
      const outcome = await setup()
      expect(outcome).toMatchObject({ code: 1, stdout: '' })
      expect(outcome.stderr).toMatch(message)
      expect(outcome.stderr).toContain('hint: ')
      expect(text()).toBe(gitconfig)
      expect(existsSync(path.join(home, '.gitconfig.lock'))).toBe(false)
    })
  }

  test("git's own lock is respected", async () => {
    const { setup, file, text } = newHome('[user]\n')
    writeFileSync(`${file}.lock`, '')
    const outcome = await setup()
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain('.gitconfig.lock is there')
    expect(text()).toBe('[user]\n')
    expect(existsSync(`${file}.lock`)).toBe(true)
  })

  test('GIT_CONFIG_GLOBAL=/dev/null is no file to write', async () => {
    const { setup } = newHome()
    const outcome = await setup([], { GIT_CONFIG_GLOBAL: '/dev/null' })
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain('no regular file')
  })

  test('a home that is not there is no place to write', async () => {
    const { setup } = newHome()
    const outcome = await setup([], { HOME: '/nonexistent' })
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(/^awsfed: cannot write \/nonexistent\/.gitconfig: ENOENT.*\n {2}hint: /)
  })

  test('without git it says so', async () => {
    const { setup } = newHome()
    const outcome = await setup([], { PATH: '/nowhere' })
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain('there is no git on the PATH')
  })

  test('a link to a link to a file that is not there yet', async () => {
    const { setup, home, file } = newHome()
    mkdirSync(path.join(home, 'dot files'))
    symlinkSync(path.join('dot files', 'gitconfig'), file)
    symlinkSync('../real', path.join(home, 'dot files', 'gitconfig'))
    expect(await setup()).toMatchObject({ code: 0, stderr: '' })
    expect(lstatSync(path.join(home, 'dot files', 'gitconfig')).isSymbolicLink()).toBe(true)
    expect(readFileSync(path.join(home, 'real'), 'utf8')).toContain('git-codecommit')
  })

  test('a link that leads round in a circle', async () => {
    const { setup, file } = newHome()
    symlinkSync('.gitconfig', file)
    const outcome = await setup()
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toMatch(/^awsfed: .*\n {2}hint: /)
  })

  test('a full disk: said in one line, and the file is left as it was', async () => {
    const { setup, home, file, text } = newHome('[user]\n')
    const full = path.join(home, 'full.cjs')
    // Writes by descriptor: the first is of the record of what the file was, the second of the file itself.
    writeFileSync(
      full,
      `const fs = require('node:fs')
const write = fs.writeFileSync
let count = 0
fs.writeFileSync = (file, ...rest) => {
  if (typeof file === 'number' && ++count === 2) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
  return write(file, ...rest)
}
require('node:module').syncBuiltinESMExports()`,
    )
    const outcome = await setup([], { NODE_OPTIONS: `--require ${full}` })
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toMatch(/^awsfed: cannot write [^\n]*\.gitconfig: ENOSPC[^\n]*\n {2}hint: /)
    expect(text()).toBe('[user]\n')
    expect(existsSync(`${file}.lock`)).toBe(false)
  })
})

describe('settings that come after ours, which git heeds instead', () => {
  const cases = [
    ['a helper that would be given the session to keep', '[credential]\n\thelper = "!echo asked >> asked; :"\n'],
    [
      'a reset and a helper, as Git Credential Manager writes them',
      '[credential]\n\thelper =\n\thelper = "!echo asked >> asked; :"\n',
    ],
    ['a reset', '[credential]\n\thelper =\n'],
    ['useHttpPath', '[credential]\n\tuseHttpPath = false\n'],
    [
      "the AWS CLI's helper",
      '[credential "https://git-codecommit.us-east-1.amazonaws.com"]\n\thelper =\n\thelper = "!echo asked >> asked; :"\n\tuseHttpPath = false\n',
    ],
    ['one for all of AWS', '[credential "https://*.us-east-1.amazonaws.com"]\n\thelper = "!echo asked >> asked; :"\n'],
    [
      'another helper under our own header',
      '[credential "https://git-codecommit.*.amazonaws.com"]\n\thelper = "!echo asked >> asked; :"',
    ],
  ] as const
  for (const [title, later] of cases) {
    test(`${title}: set up again, git asks awsfed alone; undo leaves it`, async () => {
      const { setup, file, text, home, env } = newHome('[user]\n\tname = Jane')
      await setup()
      writeFileSync(file, `${text()}${later}`)
      const again = await setup()
      expect(again).toMatchObject({ code: 0, stderr: '' })
      expect(again.stdout).toContain('.gitconfig: updated ')
      expect((await setup()).stdout).toMatch(/^nothing to do/)

      const credential = { env: { ...env, GIT_TERMINAL_PROMPT: '0' }, cwd: home }
      const input = 'protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/demo\n'
      // No configuration, so the helper says why it cannot answer: it was asked, and with a path.
      expect((await run('git', ['credential', 'fill'], { ...credential, input })).stderr).toContain('config.toml does not exist')
      await run('git', ['credential', 'approve'], { ...credential, input: `${input}username=a\npassword=b\n` })
      expect(existsSync(path.join(home, 'asked'))).toBe(false)

      await setup(['--undo'])
      expect(text()).toBe(`[user]\n\tname = Jane\n${later}`)
    })
  }

  for (const [title, later, warning] of [
    ['a helper', '[credential]\n\thelper = store\n', /credential helper store in .*elsewhere comes later/],
    ['a reset', '[credential]\n\thelper =\n', /an empty credential\.helper in .*elsewhere comes later and takes awsfed away/],
    ['useHttpPath', '[credential]\n\tuseHttpPath = false\n', /credential\.useHttpPath=false in .*elsewhere comes later/],
  ] as const) {
    test(`${title} in a file that is included last is warned of`, async () => {
      const { setup, home, git, file, text } = newHome()
      await setup()
      writeFileSync(path.join(home, 'elsewhere'), later)
      writeFileSync(file, `${text()}[include]\n\tpath = elsewhere\n`)
      expect((await git('config', '--get-all', 'include.path')).stdout).toBe('elsewhere\n')
      const outcome = await setup()
      expect(outcome).toMatchObject({ code: 0 })
      expect(outcome.stderr).toMatch(warning)
      expect(outcome.stderr.match(/warning: /g)).toHaveLength(1)
    })
  }

  test('helpers for other hosts are left where they are', async () => {
    const { setup, file, text } = newHome()
    await setup()
    const now = `${text()}[credential "https://github.com"]\n\thelper =\n\thelper = store\n`
    writeFileSync(file, now)
    expect(await setup()).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^nothing to do/) })
    expect(text()).toBe(now)
  })
})

describe('setup git --undo', () => {
  const url = 'https://git-codecommit.*.amazonaws.com'
  for (const gitconfig of [
    '',
    '[user]\n\tname = Jane\n',
    '[user]\n\tname = Jane',
    '[user]\r\n\tname = "Jane"\r\n',
    '# only a comment',
    `[credential "${url}"]\n\tuseHttpPath = true\n`,
    `[credential "${url}"]\n\thelper =\n\thelper = !aws codecommit credential-helper $@\n\tuseHttpPath = true\n\tusername = x # note\n`,
    '[credential]\n\thelper = store\n[include]\n\tpath = elsewhere\n',
  ]) {
    test(`${JSON.stringify(gitconfig)} comes back byte for byte`, async () => {
      const { setup, text } = newHome(gitconfig)
      expect((await setup()).code).toBe(0)
      expect(text()).not.toBe(gitconfig)
      expect(await setup(['--undo'])).toMatchObject({ code: 0, stderr: '' })
      expect(text()).toBe(gitconfig)
      expect((await setup(['--undo'])).stdout).toMatch(/^nothing to undo/)
    })
  }

  test('bytes that are no UTF-8 stay, and come back', async () => {
    const { file, setup } = newHome()
    const before = Buffer.from('[user]\n\tname = J\xfcrgen # \xff\n', 'latin1')
    writeFileSync(file, before)
    expect(await setup()).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(file).subarray(0, before.length)).toEqual(before)
    expect(await setup(['--undo'])).toMatchObject({ code: 0, stderr: '' })
    expect(readFileSync(file)).toEqual(before)
  })

  test('a file that was not there is not there again', async () => {
    const { setup, file } = newHome()
    await setup()
    await setup(['--undo'])
    expect(existsSync(file)).toBe(false)
  })

  test('what others wrote meanwhile stays', async () => {
    const { setup, git, text } = newHome('[user]\n\tname = Jane')
    await setup()
    await git('config', '--global', 'user.email', 'jane@example.com')
    await git('config', '--global', `credential.${url}.username`, 'dev')
    await git('config', '--global', 'core.editor', 'vi')
    await setup(['--undo'])
    expect(text()).toBe(
      `[user]\n\tname = Jane\n\temail = jane@example.com\n[credential "${url}"]\n\tusername = dev\n[core]\n\teditor = vi\n`,
    )
  })

  test('without the record it takes back all the same', async () => {
    const { setup, home, text } = newHome('[user]\n\tname = Jane\n')
    await setup()
    rmSync(path.join(home, 'awsfed'), { recursive: true })
    await setup(['--undo'])
    expect(text()).toBe('[user]\n\tname = Jane\n')
  })
})
