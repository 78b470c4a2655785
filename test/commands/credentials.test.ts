import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { minute, newHome, sessionOf } from './home.ts'

describe('credentials', () => {
  for (const [title, left] of [
    ['fresh', 60 * minute],
    // The portal is not there, so the silent renewal fails.
    ['fewer than 15 minutes: what is valid is still served', 14 * minute],
    ['lapsed for git, but still valid', 1 * minute],
  ] as const) {
    test(title, async () => {
      const session = sessionOf('dev', left)
      const outcome = await newHome({ sessions: [session] }).awsfed(['credentials', '-p', 'dev'])
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(outcome.stdout)).toEqual({
        Version: 1,
        AccessKeyId: session.accessKeyId,
        SecretAccessKey: session.secretAccessKey,
        SessionToken: session.sessionToken,
        Expiration: session.expiration,
        AccountId: '123456789012',
      })
    })
  }
  test('a renewal that fails by a fault of awsfed: what is valid is still served', async () => {
    const session = sessionOf('dev', 14 * minute)
    const { awsfed, home } = newHome({ sessions: [session] })
    const fault = path.join(home, 'fault.cjs')
    // Asked for on the way to the lock of the login.
    writeFileSync(fault, "require('node:os').hostname = () => { throw new TypeError('stray') }")
    const outcome = await awsfed(['credentials'], { NODE_OPTIONS: `--require ${fault}`, AWSFED_DEBUG: '1' })
    expect(outcome.code).toBe(0)
    expect(outcome.stderr).toContain('renewal: stray; what is left is still valid')
    expect(JSON.parse(outcome.stdout).AccessKeyId).toBe(session.accessKeyId)
  })
  for (const [title, sessions] of [
    ['no session', []],
    ['an expired session', [sessionOf('dev', -minute)]],
  ] as const) {
    test(`${title}, and nobody may be asked: exit code, and nothing on stdout`, async () => {
      const outcome = await newHome({ sessions }).awsfed(['credentials', '-p', 'dev'])
      expect([1, 3]).toContain(outcome.code)
      expect(outcome.stdout).toBe('')
      expect(outcome.stderr).toMatch(/^awsfed: /m)
    })
  }
  test('a session that was made just now is served, though duration = "15m" never has 15 minutes left', async () => {
    const session = sessionOf('dev', 14 * minute, { issued: new Date(Date.now() - minute).toISOString() })
    const { awsfed } = newHome({ sessions: [session] })
    const outcome = await awsfed(['credentials'], { AWSFED_DEBUG: '1' })
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
  })
})
