import { afterEach, describe, expect, it } from 'vitest'
import { lineOf, type Status } from '../../src/login/status.ts'

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const arn = 'arn:aws:sts::123456789012:assumed-role/Dev/jane'

describe('lineOf', () => {
  it.each<[Status, string]>([
    [{ kind: 'opening', url: 'https://adfs.example.com:8443/adfs/ls?secret=1' }, 'opening the portal adfs.example.com:8443'],
    [{ kind: 'signing-in', user: 'jane\u001b[2J' }, 'signing in as jane\ufffd[2J'],
    [{ kind: 'approval', number: '42' }, 'waiting for approval (number 42): choose it on your device'],
  ])('%j', (status, line) => {
    expect(lineOf(status)).toBe(line)
  })

  it.each([
    ['UTC', '2030-01-01 15:30'],
    ['Asia/Tokyo', '2030-01-02 00:30'],
    ['America/Los_Angeles', '2030-01-01 07:30'],
  ])('the day of another day is that of this machine: %s', (TZ, when) => {
    process.env.TZ = TZ
    expect(lineOf({ kind: 'assumed', arn, expiration: '2030-01-01T15:30:00Z' })).toBe(`role Dev assumed until ${when}`)
  })
})
