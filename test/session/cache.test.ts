import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { forgetSession, readSession, refuseSession, type Session, writeSession } from '../../src/session/cache.ts'
import { freshness, timeLeft } from '../../src/session/freshness.ts'
import { role, testProfile, testWorld } from './support.ts'

const session: Session = {
  profile: 'dev',
  accessKeyId: 'ASIAEXAMPLE123456789',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  issued: '2026-03-02T09:00:00.000Z',
  expiration: '2026-03-02T10:00:00.000Z',
  arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane',
  account: '123456789012',
  role: role('Dev'),
  origin: 'corp',
  via: 'headless',
}

describe('the cache', () => {
  test('one file a profile, for its owner only', () => {
    const { paths } = testWorld()
    writeSession(paths, session)
    writeSession(paths, { ...session, profile: 'Ops/2' })
    const folder = path.join(paths.cache, 'sessions')
    const files = readdirSync(folder)
    expect(files).toHaveLength(2)
    expect(files.map((file) => statSync(path.join(folder, file)).mode & 0o777)).toEqual([0o600, 0o600])
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readSession(paths, testProfile())).toEqual(session)
    expect(readSession(paths, testProfile({ name: 'Ops/2' }))?.profile).toBe('Ops/2')
    expect(readSession(paths, testProfile({ name: 'other' }))).toBeUndefined()
  })

  test.each<[what: string, profile: Parameters<typeof testProfile>[0]]>([
    ['another portal', { portal: 'other' }],
    ['a source in the place of the portal', { portal: undefined, source: 'root' }],
    ['another role', { role: role('Ops') }],
  ])('a configuration that now names %s has no session', (_, profile) => {
    const { paths } = testWorld()
    writeSession(paths, session)
    expect(readSession(paths, testProfile(profile))).toBeUndefined()
  })

  test('a refused session is none, the next one is; forgetting forgets both', () => {
    const { paths } = testWorld()
    expect(forgetSession(paths, 'dev')).toBe(false)
    writeSession(paths, session)
    refuseSession(paths, 'dev', session.accessKeyId)
    expect(readSession(paths, testProfile())).toBeUndefined()
    const next = { ...session, accessKeyId: 'ASIANEXT123456789012' }
    writeSession(paths, next)
    expect(readSession(paths, testProfile())).toEqual(next)
    expect(forgetSession(paths, 'dev')).toBe(true)
    expect(readdirSync(path.join(paths.cache, 'sessions'))).toEqual([])
  })

  test.each<[what: string, damage: (text: string) => string]>([
    ['nothing', () => ''],
    ['half a file', (text) => text.slice(0, 100)],
    ['JSON that is no session', () => 'null'],
    ['a list', () => '[]'],
    ['a field that is missing', (text) => text.replace('"sessionToken"', '"token"')],
    ['a field that is no text', (text) => text.replace('"token"', '17')],
    ['a line feed in the token', (text) => text.replace('"token"', '"to\\nken"')],
    ['no date', (text) => text.replace('2026-03-02T10:00:00.000Z', 'soon')],
    ["another profile's", (text) => text.replace('"dev"', '"ops"')],
  ])('%s is as good as no session', (_, damage) => {
    const { paths } = testWorld()
    writeSession(paths, session)
    const file = path.join(paths.cache, 'sessions', 'dev.json')
    writeFileSync(file, damage(readFileSync(file, 'utf8')))
    expect(readSession(paths, testProfile())).toBeUndefined()
  })
})

test.each<[now: string, left: number, expected: string]>([
  ['2026-03-02T09:00:00.000Z', 3_600_000, 'fresh'],
  ['2026-03-02T09:40:00.000Z', 1_200_000, 'fresh'],
  ['2026-03-02T09:40:00.001Z', 1_199_999, 'stale'],
  ['2026-03-02T09:55:00.000Z', 300_000, 'stale'],
  ['2026-03-02T09:55:00.001Z', 299_999, 'lapsed'],
  ['2026-03-02T10:00:01.000Z', -1000, 'lapsed'],
])('at %s %i ms are left: %s', (now, left, expected) => {
  expect(timeLeft(session, new Date(now))).toBe(left)
  expect(freshness(session, new Date(now))).toBe(expected)
})
