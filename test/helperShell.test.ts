import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtHelper, helperHome, request } from './support/helper.ts'
import { run, temporaryFolder } from './support/programs.ts'

const program = await builtHelper()

/** The shells of this machine that a /bin/sh may be. Busybox is called with its applet's name. */
const shells = [
  ['/bin/dash', []],
  ['/bin/bash', ['--posix']],
  ['/bin/busybox', ['sh']],
  ['/bin/ksh', []],
  ['/bin/zsh', ['--emulate', 'sh']],
].filter((shell): shell is [string, string[]] => existsSync(shell[0] as string))

/** A PATH with the tools that every system has, and no Node. */
function pathWithoutNode(): string {
  const folder = temporaryFolder()
  for (const tool of ['tr', 'readlink', 'sh', 'env']) symlinkSync(`/usr/bin/${tool}`, path.join(folder, tool))
  return folder
}

describe.each(shells)('%s', (shell, options) => {
  const sh = (args: readonly string[], input: string, env: Record<string, string>, file = program.file) =>
    run(shell, [...options, file, ...args], { env, input })

  test('get runs the Node of the PATH', async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const { code, stdout, stderr } = await sh(['get'], request, home.env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('password=')
  })

  test('get runs the pinned Node, whose path has blanks, and hands on its arguments', async () => {
    const home = helperHome(program)
    const session = home.writeSession('prod', 480)
    const folder = path.join(temporaryFolder(), "a node's home")
    mkdirSync(folder)
    symlinkSync(process.execPath, path.join(folder, 'node'))
    const env = { ...home.env, PATH: pathWithoutNode(), AWSFED_NODE: path.join(folder, 'node') }
    expect((await sh(['--profile', 'prod', 'get'], request, env)).stdout).toContain(session.accessKeyId)
  })

  test('get falls back to the Node of the PATH when the pinned one is gone', async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const { stdout, stderr } = await sh(['get'], request, { ...home.env, AWSFED_NODE: '/gone/node' })
    expect(stderr).toBe('')
    expect(stdout).toContain('password=')
  })

  test.each([[['store']], [['--profile', 'prod', 'store']], [['--profile=prod', 'store']], [['store', '--profile', 'get']]])(
    '%j starts no Node and reads what git writes',
    async (args) => {
      const folder = temporaryFolder()
      const started = path.join(folder, 'started')
      const node = path.join(folder, 'node')
      writeFileSync(node, `#!/bin/sh\n: > '${started}'\n`, { mode: 0o755 })
      const env = { PATH: `${folder}:${pathWithoutNode()}`, AWSFED_NODE: node }
      expect(await sh(args, `${request}username=a\npassword=b\n`, env)).toEqual({ code: 0, stdout: '', stderr: '' })
      expect(existsSync(started)).toBe(false)
      await sh(['--profile', 'store', 'get'], request, env)
      expect(existsSync(started), 'a profile that is called store is no operation').toBe(true)
    },
  )

  const ours = [
    'git-codecommit.us-east-1.amazonaws.com',
    'GIT-CODECOMMIT.US-EAST-1.AMAZONAWS.COM:443',
    'git-codecommit-fips.us-gov-west-1.amazonaws.com',
    'git-codecommit.cn-north-1.amazonaws.com.cn',
    'vpce-0a1b.git-codecommit.eu-west-1.vpce.amazonaws.com',
    'vpce-0a1b.git-codecommit-fips.eu-west-1.vpce.amazonaws.com',
  ]
  test.each(ours)('without any Node: one line and quit for %s', async (host) => {
    const env = { PATH: pathWithoutNode(), AWSFED_NODE: '/gone/node' }
    for (const end of ['\n', '\r\n']) {
      const { code, stdout, stderr } = await sh(['get'], ['protocol=https', `host=${host}`, 'path=v1/repos/x', ''].join(end), env)
      expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
      expect(stderr).toMatch(/^awsfed: Node\.js is missing: \/gone\/node is gone and [^\n]*`awsfed setup git`\n$/)
    }
  })

  test('without any tool on the PATH, by a link: one line and quit', async () => {
    const link = path.join(temporaryFolder(), 'git-credential-awsfed')
    symlinkSync(program.file, link)
    for (const PATH of ['/nonexistent', '']) {
      const { code, stdout, stderr } = await sh(['get'], request, { PATH }, link)
      expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
      expect(stderr).toMatch(/^awsfed: Node\.js is missing: [^\n]*\n$/)
    }
  })

  test.each([
    'github.com',
    'git-codecommit.us-east-1.amazonaws.com.evil.com',
    'git-codecommit.us-east-1.amazonaws.com:443@evil.com',
    'git-codecommit.us-east-1.amazonaws.com:8443',
    'git-codecommit.x.evil.amazonaws.com',
    'git-codecommit.us-east-1.vpce.amazonaws.com',
    'vpce-1.git-codecommit.us-east-1.amazonaws.com',
    'git-codecommit..amazonaws.com',
    'git-codecommit.us-east-1.amazonaws.com\\n',
    '*',
    '-n',
    '',
  ])('without any Node: silence for %j', async (host) => {
    const input = `protocol=https\nhost=${host}\npath=v1/repos/x\n`
    expect(await sh(['get'], input, { PATH: pathWithoutNode() })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test.each([['erase'], ['capability'], ['approve']])('without any Node: silence for %s', async (operation) => {
    expect(await sh([operation], request, { PATH: pathWithoutNode() })).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('a copy that is not built says so', async () => {
    const folder = temporaryFolder()
    mkdirSync(path.join(folder, 'bin'))
    const file = path.join(folder, 'bin', 'git-credential-awsfed')
    copyFileSync(program.file, file)
    const { code, stdout, stderr } = await sh(['get'], request, { PATH: process.env.PATH ?? '' }, file)
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'quit=1\n' })
    expect(stderr).toMatch(/^awsfed: [^\n]*dist\/helper\.cjs is missing: [^\n]*npm run build[^\n]*\n$/)
  })

  test('is found through links, relative and absolute, as npm puts them on the PATH', async () => {
    const home = helperHome(program)
    home.writeSession('dev', 480)
    const folder = path.join(temporaryFolder(), 'a prefix')
    mkdirSync(path.join(folder, 'lib'), { recursive: true })
    mkdirSync(path.join(folder, 'bin'))
    symlinkSync(program.folder, path.join(folder, 'lib', 'awsfed'))
    symlinkSync('../lib/awsfed/bin/git-credential-awsfed', path.join(folder, 'bin', 'relative'))
    symlinkSync(path.join(folder, 'bin', 'relative'), path.join(folder, 'git-credential-awsfed'))
    const { stdout, stderr } = await sh(['get'], request, home.env, path.join(folder, 'git-credential-awsfed'))
    expect(stderr).toBe('')
    expect(stdout).toContain('password=')
  })
})

test('the program is POSIX sh, and git can run it as it is', () => {
  const text = readFileSync(program.file, 'utf8')
  expect(text.startsWith('#!/bin/sh\n')).toBe(true)
  expect(text).not.toContain('\r')
  expect(text).not.toMatch(/\[\[|\blocal\b|\bfunction\b|<<<|\$'/)
})
