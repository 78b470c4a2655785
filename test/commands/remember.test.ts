import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasKeyring, runWithKeyring, withKeyring } from '../support/keyring.ts'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { onTerminal } from '../support/terminal.ts'

/** `awsfed` of a person whose portal wants a password, in a desktop session with a keyring. */
async function atHome() {
  const sandbox = await sandboxForTest({ interactive: true, factor: 'none' })
  const home = temporaryFolder()
  const { AWSFED_KEYRING: _, ...environment } = sandbox.environment
  const env = scrubbedEnvironment(home, environment)
  const login = (...args: string[]) => [programs.awsfed, 'login', '--force', ...args]
  return {
    sandbox,
    env,
    /** Without anybody to ask. */
    silently: () => runWithKeyring(home, process.execPath, login('--json'), { ...env, AWSFED_INTERACTIVE: 'never' }),
    awsfed: (...args: string[]) => runWithKeyring(home, process.execPath, [programs.awsfed, ...args], env),
    /** On a terminal, by somebody who types `password`. */
    async remembering(password: string) {
      const terminal = onTerminal(...withKeyring(home, process.execPath, login('--remember')), { env })
      await terminal.shows('User name')
      terminal.type(`${sandbox.user}\r`)
      await terminal.shows('Password')
      terminal.type(`${password}\r`)
      return { code: await terminal.ended, output: terminal.output() }
    },
    passwordsTried: () => sandbox.events.filter(({ what }) => ['password refused', 'assertion issued'].includes(what)).length,
    keyrings: path.join(home, '.local/share/keyrings'),
  }
}

describe.skipIf(!hasKeyring)('login --remember', () => {
  test('a password that has proven right is asked for once; logout --portal forgets it', async () => {
    const { sandbox, remembering, silently, awsfed, keyrings } = await atHome()
    const first = await remembering(sandbox.password)
    expect(first.code, first.output).toBe(0)
    expect(existsSync(keyrings)).toBe(true)

    sandbox.endPortalSessions()
    const second = await silently()
    expect(second.code, second.stderr).toBe(0)
    expect(JSON.parse(second.stdout)).toMatchObject({ profile: 'dev', via: 'headless' })
    expect(second.stdout + second.stderr + first.output).not.toContain(sandbox.password)

    const out = await awsfed('logout', '--all', '--portal')
    expect(out.stdout).toContain('forgot the password of')
    const third = await silently()
    expect(third.code).toBe(3)
    expect(third.stderr).toContain('a login is needed')
  })

  test('one that the portal refuses is not kept', async () => {
    const { sandbox, remembering, silently, passwordsTried } = await atHome()
    const first = await remembering('not the password')
    expect(first.code).toBe(4)
    expect(passwordsTried()).toBe(1)
    expect((await silently()).code).toBe(3)
    expect(sandbox.events.filter(({ what }) => what.includes('assertion'))).toEqual([])
  })

  test('a kept one that is refused later is forgotten after one try', async () => {
    const { sandbox, remembering, silently, passwordsTried } = await atHome()
    expect((await remembering(sandbox.password)).code).toBe(0)
    sandbox.endPortalSessions()
    sandbox.portal.changePassword('another one')
    const refused = await silently()
    expect(refused.code).toBe(4)
    expect(refused.stderr).toContain('the password that was kept in the keyring is forgotten')
    expect(refused.stderr).toContain('awsfed login --remember')
    expect(passwordsTried()).toBe(2)
    expect((await silently()).code).toBe(3)
    expect(passwordsTried()).toBe(2)
  })

  test('where no keyring runs it says so before anything is asked', async () => {
    const { env, sandbox } = await atHome()
    const without = { ...env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }
    const outcome = await run(process.execPath, [programs.awsfed, 'login', '--remember'], { env: without })
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toMatch(/^awsfed: no keyring can be reached here: .*\n {2}hint: start one .*password_command\n$/)
    expect(sandbox.events).toEqual([])
  })
})

test('--remember where the configuration has a command is a usage error', async () => {
  const sandbox = await sandboxForTest()
  const env = scrubbedEnvironment(sandbox.home, sandbox.environment)
  const { code, stderr } = await run(process.execPath, [programs.awsfed, 'login', '--remember'], { env })
  expect(code).toBe(2)
  expect(stderr).toContain('password_command')
  expect(readFileSync(path.join(sandbox.home, 'config.toml'), 'utf8')).toContain('password_command')
})
