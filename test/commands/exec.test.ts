import { describe, expect, test } from 'vitest'
import { programs, run } from '../support/programs.ts'
import { minute, newHome, sessionOf } from './home.ts'

const session = sessionOf('dev', 60 * minute)

function home() {
  return newHome({ sessions: [session] })
}

describe('exec', () => {
  test('the command has the credentials, and no others', async () => {
    const outcome = await home().awsfed(['exec', '--', process.execPath, '-p', 'JSON.stringify(process.env)'], {
      AWS_PROFILE: 'other',
      AWS_DEFAULT_PROFILE: 'other',
      AWS_SECURITY_TOKEN: 'other',
      AWS_SESSION_TOKEN: 'other',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://other',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/other',
      AWS_CA_BUNDLE: '/kept',
    })
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    const aws = Object.entries(JSON.parse(outcome.stdout)).filter(([name]) => /^AWS(FED_PROFILE|_)/.test(name))
    expect(Object.fromEntries(aws)).toEqual({
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
      AWS_CREDENTIAL_EXPIRATION: session.expiration,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CA_BUNDLE: '/kept',
      AWSFED_PROFILE: 'dev',
    })
  })

  for (const args of [
    ['exec', '-p', 'dev', '--', 'printf', '%s|', '-p', '--help', '--', 'a b', '$x', ''],
    ['exec', 'printf', '%s|', '-p', '--help', '--', 'a b', '$x', ''],
  ]) {
    test(`the arguments arrive as they are: ${args.slice(0, 4).join(' ')}`, async () => {
      expect(await home().awsfed(args)).toEqual({ code: 0, stdout: '-p|--help|--|a b|$x||', stderr: '' })
    })
  }

  for (const code of [0, 1, 3, 42, 255]) {
    test(`exit code ${code} is passed through`, async () => {
      expect(await home().awsfed(['exec', '--', 'sh', '-c', `exit ${code}`])).toMatchObject({ code, stderr: '' })
    })
  }

  test('a command that a signal ended: 128 + its number', async () => {
    expect((await home().awsfed(['exec', '--', 'sh', '-c', 'kill -KILL $$'])).code).toBe(137)
  })

  test('a command that is not there', async () => {
    const outcome = await home().awsfed(['exec', '--', 'no-such-command-of-anyone'])
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toContain('cannot run no-such-command-of-anyone: there is no such program on the PATH')
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`${signal} is handed on, again and again, and the command ends as it likes`, async () => {
      const { env } = home()
      const script = `trap 'trap "echo two; exit 7" ${signal.slice(3)}; echo one' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`
      const outcome = await run(process.execPath, [programs.awsfed, 'exec', '--', 'sh', '-c', script], {
        env,
        onStart: (child) => void child.stdout?.on('data', (data) => /ready|one/.test(String(data)) && child.kill(signal)),
      })
      expect(outcome).toEqual({ code: 7, stdout: 'ready\none\ntwo\n', stderr: '' })
    })
  }

  test('what the command reads is what awsfed was given', async () => {
    const { env } = home()
    const outcome = await run(process.execPath, [programs.awsfed, 'exec', '--', 'cat'], { env, input: 'a'.repeat(300_000) })
    expect(outcome.stdout).toHaveLength(300_000)
  })
})
