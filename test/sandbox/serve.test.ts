import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { realWorld } from '../../src/base/world.ts'
import { type SandboxContext, serveSandbox } from '../../src/sandbox/index.ts'
import { run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'

/** A sandbox that is served, until the test ends it. */
function serve() {
  const controller = new AbortController()
  let text = ''
  let told = () => {}
  const greeted = new Promise<void>((resolve) => {
    told = resolve
  })
  const context: SandboxContext = {
    world: realWorld(() => {}),
    stdout: {
      write: (more) => {
        text += more
        if (more.includes('Ctrl-C ends it')) told()
      },
    },
    signal: controller.signal,
    helperProgram: '/nowhere/git-credential-awsfed',
  }
  const ended = serveSandbox(context)
  onTestFinished(async () => {
    controller.abort()
    await ended
  })
  return { greeted, ended, end: () => controller.abort(), text: () => text }
}

test('what it prints for sh points a shell at it', async () => {
  const served = serve()
  await served.greeted
  const exports = served
    .text()
    .match(/^ {4}export .*$/gm)
    ?.join('\n')
  const env = scrubbedEnvironment(temporaryFolder(), { GIT_TERMINAL_PROMPT: '0' })
  const url = 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos/demo'
  const outcome = await run('sh', ['-c', `${exports}\ntest -f "$AWSFED_HOME/config.toml" && git ls-remote ${url}`], { env })
  // It reached the sandbox, whose certificate it trusts, and was asked for credentials.
  expect(outcome.stderr).toContain('could not read Username')
  expect(served.text()).toMatch(/codecommit +401 GET info\/refs git-upload-pack us-east-1\/demo: no credentials/)
})

test('the signal ends it: exit code 0, nothing is left', async () => {
  const served = serve()
  await served.greeted
  const folder = /removes (\S+)\. /.exec(served.text())?.[1] ?? ''
  expect(existsSync(folder)).toBe(true)
  served.end()
  expect(await served.ended).toBe(0)
  expect(existsSync(folder)).toBe(false)
})
