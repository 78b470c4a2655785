import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Portal, parseConfig } from '../../src/base/config.ts'
import { AwsfedError, type FailureKind } from '../../src/base/errors.ts'
import { answersFor } from '../../src/login/answering.ts'
import { calm } from '../../src/login/calm.ts'
import type { LoginRequest } from '../../src/login/request.ts'
import { chooseRole } from '../../src/login/roleChooser.ts'
import type { Role } from '../../src/session/roles.ts'
import { temporaryFolder } from '../support/programs.ts'
import { testWorld } from '../support/world.ts'

const configText = (lines: string) =>
  `[portal.corp]\nurl = "https://portal.example.com/"\n${lines}\n[profile.dev]\nportal = "corp"\n`

function answering(lines: string, request: Partial<LoginRequest> = {}, twin = {}) {
  const config = parseConfig(configText(lines), 'config.toml')
  const portal = config.portals.get('corp') as Portal
  const world = testWorld(temporaryFolder(), twin)
  const full: LoginRequest = { asking: 'never', report: () => {}, ...request }
  const answers = answersFor(world, portal, { request: full, calm: calm(full.report), command: 'awsfed login -p dev' })
  return { world, answers, profile: config.profiles.get('dev') }
}

const commands = `username = "jane"\npassword_command = "echo passw0rd; echo run >> runs"\notp_command = "echo 123456; echo run >> runs"`

test('the configuration answers, though nobody may be asked', async () => {
  const { answers } = answering(commands)
  expect(await answers.username()).toBe('jane')
  expect(await answers.password('jane')).toBe('passw0rd')
  expect(await answers.otp('Enter the code')).toBe('123456')
  expect(answers.prompted).toBe(false)
})

test('the password is asked for once in a login, a code each time: it is good once', async () => {
  const { answers, world } = answering(commands)
  const runs = () => readFileSync(`${world.home}/runs`, 'utf8').split('\n').length - 1
  await answers.password('jane')
  await answers.password('jane')
  expect(runs()).toBe(1)
  await answers.otp(undefined)
  await answers.otp(undefined)
  expect(runs()).toBe(3)
})

test('what a command answers is concealed', async () => {
  const { answers, world } = answering(commands)
  await answers.password('jane')
  await answers.otp(undefined)
  expect(world.redactor.redact('passw0rd and 123456')).toBe('[redacted] and [redacted]')
})

for (const [title, request, why] of [
  ['asking never', { asking: 'never' }, 'nobody may be asked'],
  ['a background renewal', { asking: 'never', cookiesOnly: true }, 'this renewal may use cookies only'],
] as const) {
  for (const [name, what] of [
    ['username', 'a user name'],
    ['password', 'a password'],
    ['otp', 'a one-time code'],
  ] as const) {
    test(`${title}, ${name} not configured → login-needed`, async () => {
      const { answers } = answering('', request)
      await expect(answers[name](undefined as never)).rejects.toMatchObject({
        kind: 'login-needed',
        message: `a login is needed: the portal asks for ${what}, and ${why}`,
        hint: 'run `awsfed login -p dev` in a terminal',
      })
    })
  }
}

for (const name of ['username', 'password', 'otp'] as const) {
  test(`in a window, ${name} not configured → left to the window, not asked on the terminal`, async () => {
    const { answers } = answering('', { asking: 'auto' })
    answers.begin('window', undefined)
    await expect(answers[name](undefined as never)).rejects.toMatchObject({
      kind: 'login-needed',
      message: expect.stringContaining('that is answered in the window'),
    })
  })
}

test('without a window, where one is to be used for what cookies do not do: no command, no prompt', async () => {
  const { answers } = answering(commands, { asking: 'window' })
  answers.begin('cookies', undefined)
  await expect(answers.password('jane')).rejects.toMatchObject({ kind: 'login-needed' })
  answers.begin('window', undefined)
  expect(await answers.password('jane')).toBe('passw0rd')
})

const stoppedBy = (kind: FailureKind) => new AwsfedError(kind, 'the portal shows a page that awsfed does not understand')

test('a password that the portal may have refused is not given again in the window; one that it took is', async () => {
  const { answers } = answering(commands, { asking: 'auto' })
  await answers.password('jane')
  answers.begin('window', stoppedBy('failed'))
  await expect(answers.password('jane')).rejects.toMatchObject({ kind: 'login-needed' })
  answers.begin('window', stoppedBy('login-needed'))
  expect(await answers.password('jane')).toBe('passw0rd')
})

test('a background renewal runs no command: nobody is there for what a password manager may ask', async () => {
  const { answers } = answering(commands, { cookiesOnly: true })
  expect(await answers.username()).toBe('jane')
  await expect(answers.password('jane')).rejects.toMatchObject({ kind: 'login-needed' })
  await expect(answers.otp(undefined)).rejects.toMatchObject({ kind: 'login-needed' })
})

for (const [asking, cookiesOnly, may] of [
  ['never', false, false],
  ['auto', true, false],
  ['auto', false, true],
  ['terminal', false, true],
  ['window', false, true],
] as const) {
  test(`asking ${asking}, cookies only ${cookiesOnly}: may wait for approval ${may}`, () => {
    expect(answering('', { asking, cookiesOnly }).answers.mayWaitForApproval).toBe(may)
  })
}

test('a failing command is the answer’s failure, not a prompt', async () => {
  const { answers } = answering('password_command = "exit 1"', { asking: 'auto' })
  await expect(answers.password('jane')).rejects.toMatchObject({
    kind: 'failed',
    message: 'portal.corp.password_command failed (exit code 1)',
  })
})

test('several roles and nobody to ask: the hint lists them and says what to write', async () => {
  const { answers, profile } = answering('')
  const role = (account: string, name: string): Role => ({
    role: `arn:aws:iam::${account}:role/${name}`,
    provider: `arn:aws:iam::${account}:saml-provider/corp`,
    account,
    name,
    partition: 'aws',
  })
  if (!profile) throw new Error('no profile')
  const failure = chooseRole(profile, [role('210987654321', 'Ops'), role('123456789012', 'Dev')], answers)
  await expect(failure).rejects.toMatchObject({
    kind: 'login-needed',
    hint: 'write role = "arn:aws:iam::123456789012:role/Dev" into [profile.dev], or another one of: arn:aws:iam::123456789012:role/Dev, arn:aws:iam::210987654321:role/Ops',
  })
})
