import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guessShell, type Shell, settingLines, unsettingLines } from '../../src/base/shellLines.ts'
import { run } from '../support/programs.ts'
import { minute, newHome, sessionOf } from './home.ts'

const hostile = [
  "it's",
  '$(touch pwned) `touch pwned` $HOME',
  'a"b\\c\\',
  '; touch pwned #',
  '%PATH% !x! ^& | < >',
  'line\nfeed',
  "\\'",
  '~ * ? [a]',
  '-n',
  ' blanks  at both ends ',
  'ä ü 日本 😀',
  '',
]

// bash reads ~/.bashrc when its input is a socket, as Node's pipes are.
const bare = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LC_ALL: 'C.UTF-8' }

/** The shells of this machine, with how each prints $X raw. */
const present = (
  [
    ['bash', 'bash'],
    ['zsh', 'zsh'],
    ['sh', 'sh'],
    ['sh', 'dash'],
    ['fish', 'fish'],
  ] as const satisfies readonly (readonly [Shell, string])[]
).filter(([, program]) => spawnSync(program, ['-c', 'true']).status === 0)

describe('settingLines', () => {
  for (const [shell, program] of present) {
    for (const value of hostile) {
      test(`${program} reads ${JSON.stringify(value)} as it is`, async () => {
        const script = `${settingLines(shell, [['X', value]]).join('\n')}\nprintenv X`
        const outcome = await run(program, ['-c', script], { env: bare })
        expect(outcome).toEqual({ code: 0, stdout: `${value}\n`, stderr: '' })
      })
    }
    test(`${program} forgets`, async () => {
      const script = [...settingLines(shell, [['X', 'y']]), ...unsettingLines(shell, ['X', 'Y']), 'printenv X'].join('\n')
      const outcome = await run(program, ['-c', script], { env: bare })
      expect(outcome).toEqual({ code: 1, stdout: '', stderr: '' })
    })
  }
  test('bash reads any text as it is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => !/[\0\ud800-\udfff]/.test(value))
    fc.assert(
      fc.property(text, (value) => {
        const script = `${settingLines('bash', [['X', value]]).join('\n')}\nprintf %s "$X"`
        expect(spawnSync('bash', ['-c', script], { env: bare }).stdout.toString()).toBe(value)
      }),
      { numRuns: 50 },
    )
  })
  for (const [shell, value, line] of [
    ['fish', "a'b\\c", "set -gx X 'a\\'b\\\\c'"],
    ['powershell', "it's ‘so’ $x `n", "$env:X = 'it''s ‘‘so’’ $x `n'"],
    ['cmd', 'a&b|c^d', 'set "X=a&b|c^d"'],
  ] as const) {
    test(`${shell}: ${value}`, () => expect(settingLines(shell, [['X', value]])).toEqual([line]))
  }
  for (const value of ['a"b', 'a%b', 'a!b', 'a\nb']) {
    test(`cmd refuses ${JSON.stringify(value)}`, () =>
      expect(() => settingLines('cmd', [['X', value]])).toThrow(/cmd.exe cannot/))
  }
})

describe('guessShell', () => {
  for (const [shell, platform, guessed] of [
    ['/bin/bash', 'linux', 'bash'],
    ['/usr/bin/zsh', 'darwin', 'zsh'],
    ['/usr/local/bin/fish', 'linux', 'fish'],
    ['/bin/dash', 'linux', 'sh'],
    ['/usr/bin/pwsh', 'linux', 'powershell'],
    ['/bin/tcsh', 'linux', 'bash'],
    ['', 'linux', 'bash'],
    [undefined, 'win32', 'powershell'],
    ['C:\\Program Files\\Git\\usr\\bin\\bash.exe', 'win32', 'bash'],
  ] as const) {
    test(`${shell} on ${platform}: ${guessed}`, () => expect(guessShell({ SHELL: shell }, platform)).toBe(guessed))
  }
})

describe('awsfed env', () => {
  test('a shell that reads its lines has the credentials and the region', async () => {
    const session = sessionOf('dev', 60 * minute)
    const { awsfed } = newHome({ sessions: [session] })
    const { code, stdout, stderr } = await awsfed(['env', '--shell', 'sh'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const script = `${stdout}\nenv | grep ^AWS_ | sort`
    expect((await run('sh', ['-c', script], { env: bare })).stdout.trimEnd().split('\n')).toEqual([
      `AWS_ACCESS_KEY_ID=${session.accessKeyId}`,
      `AWS_CREDENTIAL_EXPIRATION=${session.expiration}`,
      'AWS_DEFAULT_REGION=us-east-1',
      'AWS_REGION=us-east-1',
      `AWS_SECRET_ACCESS_KEY=${session.secretAccessKey}`,
      `AWS_SESSION_TOKEN=${session.sessionToken}`,
    ])
    const away = await awsfed(['env', '--shell', 'sh', '--unset'])
    const gone = await run('sh', ['-c', `${stdout}\n${away.stdout}\nenv | grep ^AWS_`], { env: bare })
    expect(gone.stdout).toBe('')
  })
  test('the shell is taken from SHELL; a profile without a region sets none', async () => {
    const { awsfed } = newHome({ sessions: [sessionOf('prod', 60 * minute)] })
    const { stdout } = await awsfed(['env', '-p', 'prod'], { SHELL: '/usr/bin/fish' })
    expect(stdout).toMatch(/^set -gx AWS_ACCESS_KEY_ID 'ASIA/)
    expect(stdout).not.toContain('REGION')
  })
  test('AWS_PROFILE, which may win over its lines, is warned of', async () => {
    const { awsfed } = newHome({ sessions: [sessionOf('dev', 60 * minute)] })
    const { code, stdout, stderr } = await awsfed(['env', '--shell', 'sh'], { AWS_PROFILE: 'other' })
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'awsfed: warning: AWS_PROFILE is set to other, which some AWS SDKs heed before these: unset it\n',
    })
    expect(stdout).not.toContain('other')
  })
})
