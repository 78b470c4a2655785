import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { gitAllowsAsking } from '../../src/login/gitAsking.ts'
import { scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { testWorld } from '../support/world.ts'

for (const [value, allowed] of [
  [undefined, true],
  ['true', true],
  ['auto', true],
  ['always', true],
  ['false', false],
  ['never', false],
  ['0', false],
  ['no', false],
  ['Off', false],
] as const) {
  test(`credential.interactive = ${value} → ${allowed}`, async () => {
    const home = temporaryFolder()
    writeFileSync(path.join(home, '.gitconfig'), value === undefined ? '' : `[credential]\n\tinteractive = ${value}\n`)
    expect(await gitAllowsAsking(testWorld(home))).toBe(allowed)
  })
}

test('git -c credential.interactive=false, as git maintenance says it', async () => {
  const home = temporaryFolder()
  const env = scrubbedEnvironment(home, { GIT_CONFIG_PARAMETERS: "'credential.interactive'='false'" })
  expect(await gitAllowsAsking(testWorld(home, { env }))).toBe(false)
})

test('no git → it may ask', async () => {
  const home = temporaryFolder()
  expect(await gitAllowsAsking(testWorld(home, { env: scrubbedEnvironment(home, { PATH: home }) }))).toBe(true)
})
