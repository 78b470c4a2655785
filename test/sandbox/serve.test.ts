import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { realWorld } from '../../src/base/world.ts'
import { type SandboxContext, serveSandbox } from '../../src/sandbox/index.ts'
import { run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'

/** A sandbox that is served, until the test ends it. */
function serve(PATH = process.env.PATH) {
  const controller = new AbortController()
  const world = realWorld(() => {})
  let text = ''
  let told = () => {}
  const greeted = new Promise<void>((resolve) => {
    told = resolve
  })
  const context: SandboxContext = {
    world: { ...world, env: { ...world.env, PATH } },
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

test.each([
  ['the lines', /^ {4}export .*$/gm],
  ['the one line', /^ {4}\. .*env\.sh'/gm],
])('%s that it prints for sh point a shell at it', async (_title, lines) => {
  const served = serve()
  await served.greeted
  const pointing = served.text().match(lines)?.join('\n')
  const env = scrubbedEnvironment(temporaryFolder(), { GIT_TERMINAL_PROMPT: '0' })
  const url = 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos/demo'
  const outcome = await run('sh', ['-c', `${pointing}\ntest -f "$AWSFED_HOME/config.toml" && git ls-remote ${url}`], { env })
  // It reached the sandbox, whose certificate it trusts, and was asked for credentials.
  expect(outcome.stderr).toContain('could not read Username')
  expect(served.text()).toMatch(/codecommit +401 GET info\/refs git-upload-pack us-east-1\/demo: no credentials/)
})

test('the files for other shells set the same', async () => {
  const served = serve()
  await served.greeted
  const [, folder = ''] = /\. '(.*)\/env\.sh'/.exec(served.text()) ?? []
  const settings = (file: string) => readFileSync(`${folder}/${file}`, 'utf8').match(/'.*'/g)
  expect(settings('env.fish')).toEqual(settings('env.sh'))
  expect(settings('env.ps1')).toEqual(settings('env.sh'))
})

test.each([
  ['on the PATH', 'awsfed', /^ {4}awsfed setup git$/m],
  ['not there', 'other', /^ {4}"[^"]+" "[^"]+\/awsfed\.js" setup git$/m],
])('awsfed %s: how to start it', async (_title, name, line) => {
  const folder = temporaryFolder()
  writeFileSync(path.join(folder, name), '', { mode: 0o755 })
  const served = serve(`${folder}${path.delimiter}${process.env.PATH}`)
  await served.greeted
  expect(served.text()).toMatch(line)
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
