import { describe, expect, test } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import type { Machine } from '../../../src/login/browser/candidates.ts'
import { findFirefox } from '../../../src/login/browser/firefox/find.ts'
import { testPortal } from './portal.ts'

const machines: Record<'linux' | 'darwin' | 'win32', Machine> = {
  linux: { platform: 'linux', home: '/home/jane', env: { PATH: '/home/jane/bin:/usr/bin' } },
  darwin: { platform: 'darwin', home: '/Users/jane', env: { PATH: '/usr/bin:/bin' } },
  win32: {
    platform: 'win32',
    home: 'C:\\Users\\jane',
    env: { ProgramFiles: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\jane\\AppData\\Local' },
  },
}

const find = (platform: keyof typeof machines, installed: readonly string[], portal: Partial<Portal> = {}) =>
  findFirefox(testPortal(portal), machines[platform], (file) => installed.includes(file))

const flatpak = '/home/jane/.local/share/flatpak/exports/bin/org.mozilla.firefox'

describe('which Firefox is found where', () => {
  test.each<[keyof typeof machines, string[], string, string?]>([
    ['linux', ['/usr/bin/firefox', '/usr/lib/firefox/firefox'], '/usr/lib/firefox/firefox'],
    ['linux', ['/usr/bin/firefox', '/usr/lib64/firefox/firefox'], '/usr/lib64/firefox/firefox'],
    ['linux', ['/usr/bin/firefox-esr', '/usr/lib/firefox-esr/firefox-esr'], '/usr/lib/firefox-esr/firefox-esr'],
    ['linux', ['/usr/bin/firefox', '/snap/bin/firefox'], '/snap/bin/firefox', '/home/jane/snap/firefox/common'],
    ['linux', [flatpak], flatpak, '/home/jane/.var/app/org.mozilla.firefox/data'],
    [
      'darwin',
      ['/Users/jane/Applications/Firefox.app/Contents/MacOS/firefox'],
      '/Users/jane/Applications/Firefox.app/Contents/MacOS/firefox',
    ],
    ['win32', ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'], 'C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
    [
      'win32',
      ['C:\\Users\\jane\\AppData\\Local\\Mozilla Firefox\\firefox.exe'],
      'C:\\Users\\jane\\AppData\\Local\\Mozilla Firefox\\firefox.exe',
    ],
  ])('%s with %j: %s', (platform, installed, binary, profiles) => {
    expect(find(platform, installed)).toEqual({ binary, profiles })
    expect(find(platform, installed, { browserBinary: binary })).toEqual({ binary, profiles })
  })

  test('what the configuration names wins', () => {
    const installed = ['/usr/lib/firefox/firefox', '/home/jane/bin/firefox-nightly']
    expect(find('linux', installed, { browserBinary: 'firefox-nightly' })).toEqual({
      binary: '/home/jane/bin/firefox-nightly',
      profiles: undefined,
    })
  })
})

describe('what is missing is said:', () => {
  test.each<[keyof typeof machines, Partial<Portal>, RegExp, RegExp]>([
    ['linux', {}, /looked for Firefox$/, /apt install firefox-esr/],
    ['darwin', {}, /looked for Firefox$/, /brew install --cask firefox/],
    ['win32', {}, /looked for Firefox$/, /winget install Mozilla.Firefox/],
    ['linux', { browserBinary: '/opt/firefox' }, /browser_binary names \/opt\/firefox/, /portal\.test\.browser_binary/],
  ])('%s, %j', (platform, portal, message, hint) =>
    expect(() => find(platform, [], portal)).toThrow(
      expect.objectContaining({ kind: 'failed', message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    ),
  )
})
