import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/base/config.ts'
import { ensureSession, type Status } from '../../src/login/index.ts'
import { scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { testWorld } from '../support/world.ts'
import { firefoxTrusts } from './browser/firefox.ts'

vi.setConfig({ testTimeout: 90_000 })

async function subject(options: Parameters<typeof sandboxForTest>[0] = {}, more: Record<string, string> = {}) {
  const sandbox = await sandboxForTest(options)
  const home = temporaryFolder()
  const world = testWorld(home, { env: scrubbedEnvironment(home, { ...sandbox.environment, ...more }) })
  const text = readFileSync(world.paths.config, 'utf8').replace(/^browser_args = .*$/m, 'browser = "firefox"')
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

test.skipIf(!firefoxTrusts)('password and code, then cookies alone', async () => {
  const { ensure, seen, statuses } = await subject()
  const first = await ensure()
  expect(first).toMatchObject({ via: 'headless', arn: expect.stringMatching(/:assumed-role\/Dev\//) })
  expect(seen()).toEqual(['sign-in page', 'password accepted', 'assertion issued'])
  expect(statuses.map(({ kind }) => kind)).toEqual(['opening', 'signing-in', 'captured', 'assumed'])
  expect((await ensure({ force: true, cookiesOnly: true })).accessKeyId).not.toBe(first.accessKeyId)
  expect(seen().slice(3)).toEqual(['assertion issued'])
})
