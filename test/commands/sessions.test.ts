import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeJar } from '../../src/login/cookies.ts'
import { programs, run } from '../support/programs.ts'
import { config, minute, newHome, sessionOf } from './home.ts'

const secrets = [sessionOf('dev', 0).secretAccessKey, sessionOf('dev', 0).sessionToken]

describe('status', () => {
  for (const [state, left] of [
    ['fresh', 60 * minute],
    ['stale', 10 * minute],
    ['lapsed', 2 * minute],
    ['lapsed', -2 * minute],
  ] as const) {
    test(`${left / minute} minutes left: ${state}`, async () => {
      const session = sessionOf('dev', left)
      const { awsfed } = newHome({ sessions: [session] })
      const { code, stdout, stderr } = await awsfed(['status', '--json'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(JSON.parse(stdout)).toEqual([
        { profile: 'dev', state, arn: session.arn, account: session.account, expiration: session.expiration },
        { profile: 'prod', state: 'none' },
      ])
      const human = await awsfed(['status'])
      expect(human.stdout).toMatch(new RegExp(`^dev \\(default\\) +${state} +(until|ended) .*${session.arn}$`, 'm'))
      expect(human.stdout).toContain(`log in with: awsfed login -p ${state === 'lapsed' ? 'dev' : 'prod'}`)
    })
  }
  test('-p shows one', async () => {
    const { stdout } = await newHome().awsfed(['status', '--json', '-p', 'prod'])
    expect(JSON.parse(stdout)).toEqual([{ profile: 'prod', state: 'none' }])
  })
  test('never a key', async () => {
    const { awsfed } = newHome({ sessions: [sessionOf('dev', 60 * minute)] })
    for (const args of [['status'], ['status', '--json']]) {
      const { stdout, stderr } = await awsfed(args, { AWSFED_DEBUG: '1' })
      for (const secret of secrets) expect(stdout + stderr).not.toContain(secret)
    }
  })
  test('a long document arrives whole, however slowly it is read', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `[profile.p${index}]\nportal = "corp"\n`).join('')
    const { env } = newHome({ config: `${config}${many}` })
    // The pipe holds 64 KiB; nobody reads before awsfed has ended its work.
    const script = '"$0" "$1" status --json | { sleep 1; cat; }'
    const { stdout } = await run('sh', ['-c', script, process.execPath, programs.awsfed], { env })
    expect(stdout.length).toBeGreaterThan(100_000)
    expect(JSON.parse(stdout)).toHaveLength(3002)
  })
  test('no colours in a pipe', async () => {
    expect((await newHome().awsfed(['status'])).stdout).not.toContain('\u001b')
  })
})

describe('login', () => {
  test('a fresh session: says so and does nothing', async () => {
    const { awsfed } = newHome({ sessions: [sessionOf('dev', 60 * minute)] })
    const outcome = await awsfed(['login'])
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(outcome.stdout).toMatch(
      /^still logged in: dev is arn:aws:sts::123456789012:assumed-role\/Dev\/jane until .* \(59 min\)\n$/,
    )
  })
  test('--json: one document without keys', async () => {
    const session = sessionOf('dev', 60 * minute)
    const outcome = await newHome({ sessions: [session] }).awsfed(['login', '--json'])
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    const { profile, arn, account, expiration, via } = session
    expect(JSON.parse(outcome.stdout)).toEqual({ profile, arn, account, expiration, via })
  })
  for (const args of [['--force'], []]) {
    test(`login ${args.join(' ')} that fails: nothing on stdout`, async () => {
      const sessions = args.length > 0 ? [sessionOf('dev', 60 * minute)] : []
      const outcome = await newHome({ sessions }).awsfed(['login', '--json', ...args])
      expect(outcome.code).not.toBe(0)
      expect(outcome.stdout).toBe('')
      expect(outcome.stderr).toMatch(/^awsfed: .*\n {2}hint: /m)
    })
  }
  test('--background prints nothing, its exit code tells', async () => {
    for (const home of [newHome(), newHome({ config: `colour = "red"\n${config}` }), newHome({ config: 'no TOML' })]) {
      const outcome = await home.awsfed(['login', '--background', '--profile', 'dev'])
      expect(outcome).toMatchObject({ stdout: '', stderr: '' })
      expect(outcome.code).not.toBe(0)
    }
  })
})

describe('logout', () => {
  const both = [sessionOf('dev', 60 * minute), sessionOf('prod', 60 * minute)]
  const sessions = (home: string) => {
    const folder = path.join(home, 'awsfed', 'cache', 'sessions')
    return existsSync(folder) ? readdirSync(folder).sort() : []
  }
  for (const [args, said, left] of [
    [[], 'forgot the session of dev\n', ['prod.json']],
    [['-p', 'prod'], 'forgot the session of prod\n', ['dev.json']],
    [['--all'], 'forgot the session of dev\nforgot the session of prod\n', []],
  ] as const) {
    test(`logout ${args.join(' ')}`, async () => {
      const { awsfed, home } = newHome({ sessions: both })
      expect(await awsfed(['logout', ...args])).toEqual({ code: 0, stdout: said, stderr: '' })
      expect(sessions(home)).toEqual(left)
      expect((await awsfed(['logout', ...args])).stdout).toMatch(/^nothing to forget/)
    })
  }
  test('logout --all forgets profiles that are configured no more', async () => {
    const { awsfed, home } = newHome({ sessions: [sessionOf('dev', minute, { profile: 'Old One' })] })
    expect((await awsfed(['logout', '--all'])).stdout).toBe('forgot the session of Old One\n')
    expect(sessions(home)).toEqual([])
  })
  for (const [what, broken] of [
    ['removed', undefined],
    ['broken', 'portal = ['],
  ] as const) {
    test(`logout --all --portal with a configuration that is ${what}`, async () => {
      const { awsfed, home, paths } = newHome({ sessions: both })
      const emptyJar = { cookies: [], userAgent: undefined }
      writeJar(paths, 'corp', emptyJar)
      writeJar(paths, 'Old One', emptyJar)
      if (broken === undefined) rmSync(paths.config)
      else writeFileSync(paths.config, broken)
      const outcome = await awsfed(['logout', '--all', '--portal'])
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
      expect(outcome.stdout.split('\n').slice(0, 3)).toEqual([
        'forgot the session of dev',
        'forgot the session of prod',
        'forgot the cookies of corp',
      ])
      expect(outcome.stdout).toMatch(/^forgot the cookies of old-one/m)
      expect(sessions(home)).toEqual([])
      expect(existsSync(path.join(paths.state, 'cookies'))).toBe(false)
    })
  }
  test('write_to is told of', async () => {
    const own = config.replace('region = "us-east-1"', 'write_to = "default"')
    const { stdout } = await newHome({ config: own, sessions: both }).awsfed(['logout'])
    expect(stdout).toContain('credentials file [default]')
  })
})
