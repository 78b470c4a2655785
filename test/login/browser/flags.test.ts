import { describe, expect, test } from 'vitest'
import { browserFlags, type FlagsOf } from '../../../src/login/browser/flags.ts'
import { proxyFlags, proxyOf } from '../../../src/login/browser/proxy.ts'
import { testPortal } from './portal.ts'

const flagsOf = (more: Partial<FlagsOf> = {}) =>
  browserFlags({
    portal: testPortal(),
    browser: 'chrome',
    version: '156.0.8078.79',
    headless: true,
    folder: '/state/run',
    world: { env: {}, platform: 'linux' },
    root: false,
    ...more,
  })
const on = (platform: NodeJS.Platform) => ({ env: {}, platform })

test('no host of AWS’s sign-in resolves, nor one of acs_hosts', () => {
  const rules = flagsOf({ portal: testPortal({ acsHosts: ['signin.aws.amazon.com.mcas.ms'] }) }).find((flag) =>
    flag.startsWith('--host-resolver-rules='),
  )
  for (const host of [
    'signin.aws.amazon.com',
    '*.signin.aws.amazon.com',
    'signin.amazonaws.cn',
    'signin.aws.amazon.com.mcas.ms',
  ]) {
    expect(rules).toMatch(new RegExp(`[=,] ?MAP ${host.replaceAll('.', '\\.').replace('*', '\\*')} ~NOTFOUND(,|$)`))
  }
})

describe('Chromium’s sandbox is off only where it would not start with it:', () => {
  test.each([
    ['linux', true, true],
    ['linux', false, false],
    ['darwin', true, false],
    ['win32', false, false],
  ] as const)('%s, root %s: %s', (platform, root, off) => {
    expect(flagsOf({ world: on(platform), root }).includes('--no-sandbox')).toBe(off)
  })
})

describe('what it says of itself:', () => {
  const agentOf = (more: Partial<FlagsOf>) => flagsOf(more).find((flag) => flag.startsWith('--user-agent='))
  test.each<[string, Partial<FlagsOf>, string | undefined]>([
    ['in a window', { headless: false }, undefined],
    ['with a driver that does not tell its version', { version: undefined }, undefined],
    [
      'Edge on Windows',
      { browser: 'edge', world: on('win32') },
      'Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0',
    ],
    [
      'Chrome on macOS',
      { world: on('darwin') },
      'Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    ],
  ])('%s', (_, more, agent) => {
    expect(agentOf(more)).toBe(agent === undefined ? undefined : `--user-agent=Mozilla/5.0 (${agent}`)
  })
})

test('browser_args come last; their features are joined to ours', () => {
  const flags = flagsOf({
    portal: testPortal({ browserArgs: ['--window-size=10,10', '--disable-features=Own', 'enable-features=Other'] }),
  })
  expect(flags.lastIndexOf('--window-size=10,10')).toBeGreaterThan(flags.indexOf('--window-size=1280,900'))
  const features = flags.filter((flag) => flag.includes('disable-features='))
  expect(features).toEqual([expect.stringMatching(/^--disable-features=.*PasswordLeakDetection.*,Own$/)])
  expect(flags).toContain('--enable-features=Other')
})

describe('the proxy:', () => {
  test.each<[string | undefined, Record<string, string>, string[]]>([
    [undefined, {}, []],
    ['http://proxy.example.com:3128', {}, ['--proxy-server=http://proxy.example.com:3128']],
    ['proxy.example.com:3128', {}, ['--proxy-server=http://proxy.example.com:3128']],
    ['http://jane:secret@proxy.example.com:3128', {}, ['--proxy-server=http://proxy.example.com:3128']],
    ['socks5://proxy.example.com:1080', {}, ['--proxy-server=socks5://proxy.example.com:1080']],
    [undefined, { HTTPS_PROXY: 'http://env.example.com:8080' }, ['--proxy-server=http://env.example.com:8080']],
    ['http://own.example.com', { HTTPS_PROXY: 'http://env.example.com:8080' }, ['--proxy-server=http://own.example.com']],
    [
      undefined,
      { https_proxy: 'http://env.example.com:8080', no_proxy: 'localhost, .corp.example.com,*' },
      [
        '--proxy-server=http://env.example.com:8080',
        '--proxy-bypass-list=localhost;*.localhost;corp.example.com;*.corp.example.com;*',
      ],
    ],
    ['http://[', {}, []],
  ])('%s with %j: %j', (configured, env, flags) => expect(proxyFlags(configured, env)).toEqual(flags))

  test('its user and password are decoded, and kept apart', () => {
    expect(proxyOf('http://jane:p%40ss%2Fword@proxy:1', {})).toEqual({
      server: 'http://proxy:1',
      credentials: { username: 'jane', password: 'p@ss/word' },
    })
  })
})
