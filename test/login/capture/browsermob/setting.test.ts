import { describe, expect, test } from 'vitest'
import { settingOf } from '../../../../src/login/capture/browsermob/setting.ts'
import { testPortal } from '../../browser/portal.ts'

const at = (url: string, browserArgs: string[] = []) =>
  settingOf(testPortal({ name: 'corp', browserArgs, browsermob: { url, command: undefined } }))

describe('a daemon on this machine:', () => {
  test.each([
    ['http://127.0.0.1:9900', 'http://127.0.0.1:9900'],
    ['http://localhost:9900/', 'http://localhost:9900'],
    ['http://[::1]:9900/proxy', 'http://[::1]:9900'],
  ])('%s', (url, origin) => expect(at(url)).toEqual({ portal: 'corp', url: origin, command: undefined }))
})

describe('a configuration that will not do:', () => {
  test.each([
    ['http://build.example.com:9900', [], /the daemon has to be on this machine/],
    ['http://127.0.0.1.example.com:9900', [], /the daemon has to be on this machine/],
    ['https://127.0.0.1:9900', [], /spoken to by plain http/],
    ['127.0.0.1:9900', [], /the daemon has to be on this machine/],
    ['http://127.0.0.1:9900', ['--no-proxy-server'], /past the BrowserMob daemon/],
    ['http://127.0.0.1:9900', ['--lang=de', 'proxy-pac-url=data:,x'], /browser_args has proxy-pac-url=data:,x/],
  ])('%s %j', (url, args, message) => {
    expect(() => at(url, args)).toThrow(
      expect.objectContaining({ kind: 'failed', hint: expect.stringMatching(/./), message: expect.stringMatching(message) }),
    )
  })

  test('none at all', () => {
    expect(() => settingOf(testPortal({ name: 'corp' }))).toThrow(/there is no \[portal\.corp\.browsermob\]/)
  })
})
