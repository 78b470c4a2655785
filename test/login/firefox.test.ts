import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/base/config.ts'
import { ensureSession, type Status } from '../../src/login/index.ts'
import { canHaveDisplay, displayForTest } from '../support/display.ts'
import { scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { testWorld } from '../support/world.ts'
import { firefoxTrusts } from './browser/firefox.ts'
import { pidsOf } from './browser/support.ts'

vi.setConfig({ testTimeout: 90_000 })

/** A profile whose portal is opened in Firefox; `keys` are other values of its configuration. */
async function subject(
  options: Parameters<typeof sandboxForTest>[0] = {},
  keys: Record<string, string> = {},
  env: Record<string, string> = {},
) {
  const sandbox = await sandboxForTest(options)
  const home = temporaryFolder()
  const world = testWorld(home, { env: scrubbedEnvironment(home, { ...sandbox.environment, ...env }) })
  let text = readFileSync(world.paths.config, 'utf8').replace(/^browser_args = .*$/m, 'browser = "firefox"')
  for (const [key, value] of Object.entries(keys)) text = text.replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`)
  writeFileSync(world.paths.config, text)
  const config = loadConfig(world.paths.config)
  const statuses: Status[] = []
  const profile = config.profiles.get('dev')
  if (!profile) throw new Error('no profile')
  return {
    sandbox,
    statuses,
    world,
    ensure: (request = {}) =>
      ensureSession(world, config, profile, { asking: 'never', report: (status) => statuses.push(status), ...request }),
    seen: () => sandbox.events.filter(({ server }) => server === 'portal').map(({ what }) => what),
  }
}

describe.skipIf(!firefoxTrusts)('a sign-in in Firefox', () => {
  test('by password and code; then by its cookies, and AWS knows only of the roles', async () => {
    const { ensure, seen, statuses, sandbox, world } = await subject()
    const first = await ensure()
    expect(first).toMatchObject({ via: 'headless', arn: expect.stringMatching(/:assumed-role\/Dev\//) })
    expect(seen()).toEqual(['sign-in page', 'password accepted', 'assertion issued'])
    expect(statuses.map(({ kind }) => kind)).toEqual(['opening', 'signing-in', 'captured', 'assumed'])
    expect(pidsOf(world.paths.state)).toEqual([])

    expect((await ensure({ force: true, cookiesOnly: true })).accessKeyId).not.toBe(first.accessKeyId)
    expect(seen().slice(3)).toEqual(['assertion issued'])
    sandbox.endPortalSessions()
    await expect(ensure({ force: true, cookiesOnly: true })).rejects.toMatchObject({ kind: 'login-needed' })
  })

  test('by the approval of a push, with its number', async () => {
    const { ensure, statuses } = await subject({ factor: 'push', approveAfter: 1000 })
    expect((await ensure({ asking: 'auto' })).via).toBe('headless')
    expect(statuses).toContainEqual({ kind: 'approval', number: expect.stringMatching(/^\d+$/) })
  })

  test('that the portal refuses: its words, after one try', async () => {
    const { ensure, seen } = await subject({}, { password_command: '"echo wrong"' })
    await expect(ensure()).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('Incorrect user ID or password'),
    })
    expect(seen().filter((what) => what === 'password refused')).toHaveLength(1)
  })

  test('at a portal that Firefox does not trust: nothing is typed, and the hint says how to have it trusted', async () => {
    const { ensure, seen } = await subject({}, {}, { AWS_CA_BUNDLE: '' })
    await expect(ensure()).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^the certificate of the portal localhost:\d+ is not trusted \(nssBadCert\)$/),
      hint: expect.stringMatching(/AWS_CA_BUNDLE/),
    })
    expect(seen()).toEqual([])
  })

  test.skipIf(!canHaveDisplay)('in a window, and then by its cookies', async () => {
    const { ensure, seen } = await subject({}, {}, { DISPLAY: await displayForTest() })
    expect((await ensure({ asking: 'window', windowAtOnce: true })).via).toBe('window')
    expect(seen()).toEqual(['sign-in page', 'password accepted', 'assertion issued'])
    expect((await ensure({ asking: 'window', windowAtOnce: true, force: true })).via).toBe('window')
    expect(seen().slice(3)).toEqual(['assertion issued'])
  })
})
