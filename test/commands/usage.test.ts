import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { programs, run } from '../support/programs.ts'
import { newHome } from './home.ts'

describe('help goes to stdout, exit 0', () => {
  for (const args of [[], ['--help'], ['-h'], ['help']]) {
    test(`awsfed ${args.join(' ')}`, async () => {
      const outcome = await newHome().awsfed(args)
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
      for (const name of ['login', 'logout', 'status', 'roles', 'credentials', 'env', 'exec', 'setup git', 'sandbox']) {
        expect(outcome.stdout).toContain(`  awsfed ${name} `)
      }
      expect(outcome.stdout).not.toContain('\u001b')
    })
  }
  for (const args of [
    ['login', '--help'],
    ['setup', '-h'],
    ['setup', 'git', '--help'],
    ['exec', '-h'],
    ['status', '--json', '-h'],
    ['help', 'login'],
    ['help', 'setup', 'git'],
  ]) {
    test(`awsfed ${args.join(' ')}`, async () => {
      const outcome = await newHome().awsfed(args)
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
      expect(outcome.stdout).toMatch(/^[A-Z].*\.\n\nUsage: awsfed \w+/)
      expect(outcome.stdout).not.toContain('#0')
      expect(outcome.stdout).not.toContain('--background')
      expect(outcome.stdout).not.toMatch(/ $/m)
    })
  }
  for (const args of [['--version'], ['-v'], ['version']]) {
    test(`awsfed ${args.join(' ')}`, async () => {
      const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
      expect(await newHome().awsfed(args)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    })
  }
})

describe('usage errors go to stderr, exit 2', () => {
  for (const [line, ...parts] of [
    ['logn', 'there is no command logn', 'did you mean `awsfed login`? usage: awsfed login [options]'],
    ['statsu --json', 'did you mean `awsfed status`?'],
    ['frobnicate', 'there is no command frobnicate', 'awsfed --help'],
    ['help frobnicate', 'there is no command frobnicate', 'awsfed --help'],
    ['--frobnicate', 'no option --frobnicate', 'awsfed --help'],
    ['portal', 'portal needs one of: check, record', 'awsfed --help'],
    ['portal chek', 'there is no command portal chek', 'did you mean `awsfed portal check`?'],
    ['login --frobnicate', 'unsupported option name ("--frobnicate")', 'usage: awsfed login [options]'],
    ['login dev', 'extraneous positional argument ("dev")', 'usage: awsfed login [options]'],
    ['login -p', 'not enough arguments to option -p', 'usage: awsfed login [options]'],
    ['exec -p dev', 'not enough positional arguments', 'usage: awsfed exec [options] -- COMMAND'],
    ['setup gti', 'extraneous positional argument ("gti")', 'usage: awsfed setup git [options]'],
    ['env --shell tcsh', 'tcsh', 'bash'],
    ['status -p nobody', '--profile names nobody', '--profile dev'],
    ['roles -p nobody --json', '--profile names nobody', '--profile dev'],
    ['logout --all -p dev', 'contradict'],
    ['sandbox --demo --factor push', '--demo takes no other option'],
  ] as const) {
    test(`awsfed ${line}`, async () => {
      const outcome = await newHome().awsfed(line.split(' '))
      expect(outcome).toMatchObject({ code: 2, stdout: '' })
      expect(outcome.stderr).toMatch(/^awsfed: /)
      for (const part of parts) expect(outcome.stderr).toContain(part)
      expect(outcome.stderr).not.toContain('    at ')
    })
  }
})

describe('failures', () => {
  // /dev/full takes nothing, as a full disk does.
  test.runIf(existsSync('/dev/full'))('a stdout that takes nothing: exit 1 with a hint; a stderr: nothing', async () => {
    const { env } = newHome()
    const sh = (script: string) => run('sh', ['-c', script, process.execPath, programs.awsfed], { env })
    const outcome = await sh('"$0" "$1" status > /dev/full')
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(/^awsfed: the output cannot be written: ENOSPC.*\n {2}hint: .*\n$/)
    expect((await sh('"$0" "$1" nonsense 2> /dev/full')).code).toBe(2)
  })
  test('no configuration: exit 1 with a hint', async () => {
    const { awsfed, home } = newHome()
    const outcome = await awsfed(['status'], { AWSFED_HOME: `${home}/nowhere` })
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toMatch(/^awsfed: no configuration: .*\n {2}hint: .*\n$/)
  })
  test('the stack shows only under AWSFED_DEBUG=1', async () => {
    const { awsfed } = newHome({ config: 'this is no TOML' })
    expect((await awsfed(['status'])).stderr).not.toContain('    at ')
    expect((await awsfed(['status'], { AWSFED_DEBUG: '1' })).stderr).toContain('    at ')
  })
  test('warnings of the configuration: once, on stderr', async () => {
    const { awsfed } = newHome({ config: '[portal.corp]\nurl = "http://portal.example.com"\ncolour = "red"\n' })
    const outcome = await awsfed(['status', '--json'])
    expect(outcome).toMatchObject({ code: 0, stdout: '[]\n' })
    expect(outcome.stderr.match(/warning: /g)).toHaveLength(2)
    expect(outcome.stderr).toContain('portal.corp.colour is no setting of awsfed')
    expect(outcome.stderr).toContain('plain http')
  })
})
