import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHost } from '../../src/codecommit/host.ts'

const ours = 'git-codecommit.us-east-1.amazonaws.com'

describe('ours', () => {
  test.each([
    [ours, { name: ours, region: 'us-east-1', fips: false, vpce: false }],
    [`${ours}:443`, { name: ours, region: 'us-east-1' }],
    ['GIT-CodeCommit.US-East-1.AMAZONAWS.com', { name: ours, region: 'us-east-1' }],
    ['git-codecommit-fips.us-gov-west-1.amazonaws.com', { region: 'us-gov-west-1', fips: true, vpce: false }],
    ['git-codecommit.cn-north-1.amazonaws.com.cn', { region: 'cn-north-1' }],
    ['git-codecommit.ap-southeast-3.amazonaws.com', { region: 'ap-southeast-3' }],
    ['vpce-0a1b2c3d-4e5f.git-codecommit.eu-west-1.vpce.amazonaws.com', { region: 'eu-west-1', vpce: true, fips: false }],
    ['vpce-0a1b-us-east-1a.git-codecommit-fips.us-east-1.vpce.amazonaws.com', { region: 'us-east-1', vpce: true, fips: true }],
    ['vpce-0a1b.git-codecommit.cn-northwest-1.vpce.amazonaws.com.cn', { region: 'cn-northwest-1', vpce: true }],
  ])('%s', (host, expected) => {
    expect(parseHost(host)).toMatchObject(expected)
  })
})

describe('not ours', () => {
  test.each([
    '',
    'github.com',
    'evilamazonaws.com',
    'notamazon.com',
    'amazonaws.com',
    `${ours}.evil.com`,
    `${ours}:443@evil.com`,
    `${ours}#.evil.com`,
    `${ours}?x`,
    `${ours}/x`,
    `${ours}\\x`,
    `${ours} `,
    ` ${ours}`,
    `${ours}.`,
    `${ours}:8443`,
    `${ours}:443:443`,
    `${ours}:`,
    `${ours}\n`,
    `${ours}\0`,
    '[::1]',
    `evil.com/.${ours}`,
    `user@${ours}`,
    `x${ours}`,
    `x.${ours}`,
    'git-codecommit..amazonaws.com',
    'git-codecommit.amazonaws.com',
    'git-codecommit.evil.amazonaws.com',
    'git-codecommit.us-east-1.evil.amazonaws.com',
    'git-codecommit.us-east-1.amazonaws.com.evil.cn',
    'git-codecommit.us-east-1.vpce.amazonaws.com',
    'vpce-1.git-codecommit.us-east-1.amazonaws.com',
    'vpce-1.evil.git-codecommit.us-east-1.vpce.amazonaws.com',
    'codecommit.us-east-1.amazonaws.com',
    'git-codecommit.us-east-1.amazonaws.co\u{1d5c6}',
    'git-codecommit.us-east-1.ama\u017fonaws.com',
    'g\u0131t-codecommit.us-east-1.amazonaws.com',
  ])('%j', (host) => {
    expect(parseHost(host)).toBeUndefined()
  })

  test('whatever is put before, into or after one of ours', () => {
    const junk = fc.string({ minLength: 1, unit: 'binary' })
    fc.assert(
      fc.property(junk, fc.nat({ max: ours.length }), (text, at) => {
        const host = ours.slice(0, at) + text + ours.slice(at)
        const parsed = parseHost(host)
        // What is still one is so by its own dots alone: a longer region, the port, another case.
        if (parsed) expect(host).toMatch(/^git-codecommit(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?(:443)?$/i)
      }),
      { numRuns: 5000 },
    )
  })
})
