import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { realWorld } from '../../src/base/world.ts'
import { playDemo } from '../../src/sandbox/index.ts'
import { pidsOf } from '../login/browser/support.ts'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'

/** The folders of sandboxes that are in `folder`. */
const sandboxesIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('awsfed-sandbox-'))

/** The processes that work in `folder`. */
const workingIn = (folder: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
    } catch {
      return false // it ended meanwhile
    }
  })

describe('awsfed sandbox --demo', () => {
  test.each([
    ['with the AWS CLI where it is', process.env.PATH],
    ['without it', `${path.dirname(process.execPath)}:/usr/bin:/bin`],
  ])(
    '%s: every check holds, in under a minute, and nothing is left',
    async (_title, PATH) => {
      const home = temporaryFolder()
      const outcome = await run(process.execPath, [programs.awsfed, 'sandbox', '--demo'], {
        env: scrubbedEnvironment(home, { PATH, TMPDIR: home }),
        cwd: home,
      })
      expect(outcome.stdout).not.toContain('✗')
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
      expect(outcome.stdout).toContain('portal      1 sign-in with password and code, 2 by cookie, 0 refused')
      expect(outcome.stdout).toContain('STS         3 AssumeRoleWithSAML, 1 AssumeRole, 2 GetCallerIdentity, 0 refused')
      expect(outcome.stdout).toMatch(/12 passed, 0 failed, in \d+ s\n$/)
      // Secrets have their shapes: tokens, secret keys and signatures are longer than anything that may be shown.
      expect(outcome.stdout).not.toMatch(/[A-Za-z0-9+/]{64}|IQoJb3JpZ2lu|[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}\b/)
      expect(sandboxesIn(home)).toEqual([])
    },
    150_000,
  )

  test('SIGINT in the middle of the login → 130, nothing is left', async () => {
    const home = temporaryFolder()
    const outcome = await run(process.execPath, [programs.awsfed, 'sandbox', '--demo'], {
      env: scrubbedEnvironment(home, { TMPDIR: home }),
      cwd: home,
      onStart: (child) =>
        child.stdout?.on('data', (text: Buffer) => {
          if (text.includes('opening the portal')) child.kill('SIGINT')
        }),
    })
    expect(outcome.code).toBe(130)
    expect(sandboxesIn(home)).toEqual([])
  }, 60_000)
})

test('SIGKILL in the middle of the login → nothing is left: no folder, no browser, no git', async () => {
  const home = temporaryFolder()
  const outcome = await run(process.execPath, [programs.awsfed, 'sandbox', '--demo'], {
    env: scrubbedEnvironment(home, { TMPDIR: home }),
    cwd: home,
    onStart: (child) =>
      child.stdout?.on('data', (text: Buffer) => {
        if (text.includes('signing in as')) child.kill('SIGKILL')
      }),
  })
  expect(outcome.code).toBe('SIGKILL')
  await vi.waitFor(() => expect([sandboxesIn(home), pidsOf(home), workingIn(home)]).toEqual([[], [], []]), 30_000)
}, 60_000)

test('a step that fails its check → ✗, and exit code 1', async () => {
  const sandbox = await sandboxForTest()
  const broken = path.join(sandbox.folder, 'broken.js')
  writeFileSync(broken, 'process.exit(1)\n')
  let text = ''
  const out = (more: string) => {
    text += more
  }
  const code = await playDemo(
    realWorld(() => {}),
    { sandbox, programs: { awsfed: broken, helper: broken }, out },
  )
  expect(code).toBe(1)
  expect(text).toContain('✗ cloned, signed with what STS issued')
  expect(text).toContain('✗ STS knows the caller')
  expect(text).toMatch(/0 passed, \d+ failed/)
  expect(existsSync(sandbox.folder)).toBe(true)
})
