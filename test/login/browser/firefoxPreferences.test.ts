import { createContext, runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { type Preferences, preferencesOf, userJs } from '../../../src/login/browser/firefox/preferences.ts'
import { testPortal } from './portal.ts'

const preferencesFor = (proxy: string | undefined, env: Record<string, string> = {}) =>
  preferencesOf(testPortal({ proxy, acsHosts: ['acs.example.com'] }), { env, headless: true, folder: '/run' })

/** What the proxy script of `preferences` says of a host, as Firefox asks it. */
function wayTo(host: string, preferences: Preferences): string {
  const [, base64 = ''] =
    /^data:application\/x-ns-proxy-autoconfig;base64,(.*)$/.exec(String(preferences['network.proxy.autoconfig_url'])) ?? []
  const context = createContext({})
  runInContext(Buffer.from(base64, 'base64').toString(), context)
  return runInContext(`FindProxyForURL(${JSON.stringify(`https://${host}/`)}, ${JSON.stringify(host)})`, context)
}

test('without a proxy the system’s settings hold', () => {
  expect(preferencesFor(undefined)).toMatchObject({ 'network.proxy.type': 5 })
  expect(preferencesFor(undefined)).not.toHaveProperty('network.proxy.autoconfig_url')
})

test('AWS’s sign-in and what stands for it is at this machine', () => {
  const hosts = String(preferencesFor(undefined)['network.dns.localDomains']).split(',')
  expect(hosts).toEqual(expect.arrayContaining(['signin.aws.amazon.com', 'eu-west-1.signin.aws.amazon.com', 'acs.example.com']))
})

describe('the way to', () => {
  const nowhere = 'PROXY 127.0.0.1:9'
  test.each<[string, string | undefined, Record<string, string>, string]>([
    ['portal.example.com', 'http://proxy.example.com:3128', {}, 'PROXY proxy.example.com:3128'],
    ['portal.example.com', 'proxy.example.com', {}, 'PROXY proxy.example.com:80'],
    ['portal.example.com', 'https://proxy.example.com', {}, 'HTTPS proxy.example.com:443'],
    ['portal.example.com', 'socks5://proxy.example.com', {}, 'SOCKS5 proxy.example.com:1080'],
    ['portal.example.com', 'http://[fd00::1]:3128', {}, 'PROXY [fd00::1]:3128'],
    ['portal.example.com', 'http://jane:secret@proxy.example.com:3128', {}, 'PROXY proxy.example.com:3128'],
    ['portal.example.com', undefined, { HTTPS_PROXY: 'http://env.example.com:8080' }, 'PROXY env.example.com:8080'],
    ['portal.example.com', 'http://proxy:1', { NO_PROXY: 'example.com' }, 'DIRECT'],
    ['PORTAL.example.com', 'http://proxy:1', { NO_PROXY: '.Example.com' }, 'DIRECT'],
    ['portal.example.com', 'http://proxy:1', { no_proxy: 'localhost, *' }, 'DIRECT'],
    ['notexample.com', 'http://proxy:1', { NO_PROXY: 'example.com' }, 'PROXY proxy:1'],
    ['signin.aws.amazon.com', 'http://proxy:1', {}, nowhere],
    ['new-region-9.signin.aws.amazon.com', 'http://proxy:1', {}, nowhere],
    ['SignIn.AWS.amazon.com', 'http://proxy:1', { NO_PROXY: '*' }, nowhere],
    ['signin.amazonaws.cn', 'http://proxy:1', { NO_PROXY: 'amazonaws.cn' }, nowhere],
    ['acs.example.com', 'http://proxy:1', {}, nowhere],
    ['sts.amazonaws.com', 'http://proxy:1', {}, 'PROXY proxy:1'],
    ['console.aws.amazon.com', 'http://proxy:1', {}, 'PROXY proxy:1'],
    ['x.acs.example.com', 'http://proxy:1', {}, 'PROXY proxy:1'],
  ])('%s with %s, %j: %s', (host, proxy, env, way) => expect(wayTo(host, preferencesFor(proxy, env))).toBe(way))
})

test('no preference holds the proxy’s password', () => {
  expect(userJs(preferencesFor('http://jane:secret@proxy:1'))).not.toMatch(/secret|jane/)
})

test('names and values are written as Firefox reads them', () => {
  expect(userJs({ a: 'x"y\\', b: 1, c: false })).toBe(
    'user_pref("a", "x\\"y\\\\");\nuser_pref("b", 1);\nuser_pref("c", false);\n',
  )
})
