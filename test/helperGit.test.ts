import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { attributesOf, builtHelper, helperHome } from './support/helper.ts'
import { run } from './support/programs.ts'

const program = await builtHelper()
const quoted = `'${program.file.replaceAll("'", "'\\''")}'`

/** A git that asks only this helper, in the way in which `awsfed setup git` has it ask. */
function gitOf(home: ReturnType<typeof helperHome>, pattern = 'https://git-codecommit.*.amazonaws.com') {
  const node = `'${process.execPath.replaceAll("'", "'\\''")}'`
  const value = `!AWSFED_NODE=${node} ${quoted}`.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  writeFileSync(
    path.join(home.folder, '.gitconfig'),
    `[credential "${pattern}"]\n\thelper =\n\thelper = "${value}"\n\tuseHttpPath = true\n`,
  )
  return (args: readonly string[], input: string) =>
    run('git', args, {
      env: { ...home.env, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '' },
      input,
      cwd: home.folder,
    })
}

const url = 'url=https://git-codecommit.us-east-1.amazonaws.com/v1/repos/demo\n\n'

test('git fills in the user name and the password', async () => {
  const home = helperHome(program)
  const session = home.writeSession('dev', 480)
  const { code, stdout, stderr } = await gitOf(home)(['credential', 'fill'], url)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const answer = Object.fromEntries(attributesOf(stdout))
  expect(answer).toMatchObject({
    protocol: 'https',
    host: 'git-codecommit.us-east-1.amazonaws.com',
    path: 'v1/repos/demo',
    username: `${session.accessKeyId}%${session.sessionToken}`,
  })
  expect(answer.password).toMatch(/^\d{8}T\d{6}Z[0-9a-f]{64}$/)
})

test("the URL's user chooses the profile, and what git erases is that profile's session", async () => {
  const home = helperHome(program)
  home.writeSession('dev', 480)
  const session = home.writeSession('prod', 480)
  const git = gitOf(home)
  const { stdout } = await git(['credential', 'fill'], url.replace('https://', 'https://prod@'))
  expect(stdout).toContain(`username=${session.accessKeyId}%`)
  expect((await git(['credential', 'approve'], stdout)).code).toBe(0)
  expect((await git(['credential', 'reject'], stdout)).code).toBe(0)
  program.standIn(
    'login.js',
    `export const lineOf = String
export const gitAllowsAsking = async () => true
export const ensureSession = async (world, config, profile) => {
  throw Object.assign(new Error('a login for ' + profile.name), { name: 'AwsfedError', kind: 'failed', exitCode: 1 })
}`,
  )
  const again = await git(['credential', 'fill'], url.replace('https://', 'https://prod@'))
  expect(again.stderr).toContain('awsfed: a login for prod\n')
  expect((await git(['credential', 'fill'], url)).stdout).toContain('password=')
})

test('git asks nobody else when the helper cannot answer', async () => {
  const home = helperHome(program)
  mkdirSync(path.join(home.folder, 'empty'))
  home.writeConfiguration('')
  const { code, stdout, stderr } = await gitOf(home)(['credential', 'fill'], url)
  expect({ code, stdout }).toEqual({ code: 128, stdout: '' })
  expect(stderr).toMatch(/^awsfed: [^\n]* has no profile; [^\n]*\nfatal: credential helper .* told us to quit\n$/)
})

test('without useHttpPath the line names it', async () => {
  const home = helperHome(program)
  home.writeSession('dev', 480)
  const { stderr } = await gitOf(home)(['-c', 'credential.useHttpPath=false', 'credential', 'fill'], url)
  expect(stderr).toMatch(/^awsfed: [^\n]*useHttpPath[^\n]*awsfed setup git/)
})

test('other hosts are not its business', async () => {
  const home = helperHome(program)
  home.writeSession('dev', 480)
  const { stdout, stderr } = await gitOf(home, 'https://*.example.com')(
    ['credential', 'fill'],
    'url=https://git.example.com/x\n\n',
  )
  expect(stdout).not.toContain('password=')
  expect(stderr).not.toContain('awsfed:')
})
