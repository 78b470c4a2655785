import { describe, expect, test } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import type { Machine } from '../../../src/login/browser/candidates.ts'
import { findBrowser, isProgram } from '../../../src/login/browser/find.ts'
import { testPortal } from './portal.ts'

const machines: Record<'linux' | 'darwin' | 'win32', Machine> = {
  linux: { platform: 'linux', home: '/home/jane', env: { PATH: '/home/jane/bin:/usr/bin' } },
  darwin: { platform: 'darwin', home: '/Users/jane', env: { PATH: '/usr/bin:/bin' } },
  win32: {
    platform: 'win32',
    home: 'C:\\Users\\jane',
    env: {
      PATH: 'C:\\Windows;D:\\tools',
      ProgramFiles: 'C:\\Program Files',
      'ProgramFiles(x86)': 'C:\\Program Files (x86)',
      LOCALAPPDATA: 'C:\\Users\\jane\\AppData\\Local',
    },
  },
}

const find = (platform: keyof typeof machines, installed: readonly string[], portal: Partial<Portal> = {}) =>
  findBrowser(testPortal(portal), machines[platform], (file) => installed.includes(file))

const mac = (folder: string, name: string) => `${folder}/${name}.app/Contents/MacOS/${name}`
const chromeExe = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
const edgeExe = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'
const localExe = 'C:\\Users\\jane\\AppData\\Local\\Google\\Chrome\\Application\\chrome.exe'

describe('what is found where', () => {
  test.each<[keyof typeof machines, string[], string, string, string | undefined]>([
    ['linux', ['/usr/bin/chromium', '/usr/bin/chromedriver'], 'chromium', '/usr/bin/chromium', '/usr/bin/chromedriver'],
    ['linux', ['/opt/google/chrome/chrome'], 'chrome', '/opt/google/chrome/chrome', undefined],
    [
      'linux',
      ['/opt/google/chrome/chrome', '/usr/bin/chromedriver'],
      'chrome',
      '/opt/google/chrome/chrome',
      '/usr/bin/chromedriver',
    ],
    // Debian's driver is Chromium's: the pair that belongs together comes before the browser that stands first.
    [
      'linux',
      ['/opt/google/chrome/chrome', '/usr/bin/chromium', '/usr/bin/chromedriver'],
      'chromium',
      '/usr/bin/chromium',
      '/usr/bin/chromedriver',
    ],
    [
      'linux',
      ['/usr/bin/google-chrome', '/usr/bin/chromium', '/home/jane/bin/chromedriver'],
      'chrome',
      '/usr/bin/google-chrome',
      '/home/jane/bin/chromedriver',
    ],
    [
      'linux',
      ['/snap/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium.chromedriver'],
      'chromium',
      '/snap/bin/chromium',
      '/snap/bin/chromium.chromedriver',
    ],
    [
      'linux',
      ['/opt/microsoft/msedge/msedge', '/home/jane/bin/msedgedriver'],
      'edge',
      '/opt/microsoft/msedge/msedge',
      '/home/jane/bin/msedgedriver',
    ],
    [
      'linux',
      ['/home/jane/.local/share/flatpak/exports/bin/com.google.Chrome'],
      'chrome',
      '/home/jane/.local/share/flatpak/exports/bin/com.google.Chrome',
      undefined,
    ],
    [
      'darwin',
      [mac('/Applications', 'Google Chrome'), '/opt/homebrew/bin/chromedriver'],
      'chrome',
      mac('/Applications', 'Google Chrome'),
      '/opt/homebrew/bin/chromedriver',
    ],
    ['darwin', [mac('/Users/jane/Applications', 'Chromium')], 'chromium', mac('/Users/jane/Applications', 'Chromium'), undefined],
    [
      'darwin',
      [mac('/Applications', 'Microsoft Edge'), '/usr/local/bin/msedgedriver'],
      'edge',
      mac('/Applications', 'Microsoft Edge'),
      '/usr/local/bin/msedgedriver',
    ],
    ['win32', [chromeExe, 'D:\\tools\\chromedriver.exe'], 'chrome', chromeExe, 'D:\\tools\\chromedriver.exe'],
    [
      'win32',
      [localExe, localExe.replace('chrome.exe', 'chromedriver.exe')],
      'chrome',
      localExe,
      localExe.replace('chrome.exe', 'chromedriver.exe'),
    ],
    ['win32', [chromeExe, edgeExe, 'D:\\tools\\msedgedriver.exe'], 'edge', edgeExe, 'D:\\tools\\msedgedriver.exe'],
    ['win32', [edgeExe], 'edge', edgeExe, undefined],
  ])('%s with %j: %s', (platform, installed, browser, binary, driver) => {
    expect(find(platform, installed)).toMatchObject({ browser, binary, driver })
  })
})

describe('what the configuration names wins:', () => {
  const all = [
    '/usr/bin/chromium',
    '/usr/bin/chromedriver',
    '/opt/google/chrome/chrome',
    '/opt/own/chrome',
    '/opt/own/chromedriver',
    '/opt/own/msedge',
    '/opt/own/msedgedriver',
    '/home/jane/bin/chromium-nightly',
    '/home/jane/drivers/d',
  ]
  test.each<[Partial<Portal>, string, string, string | undefined]>([
    [{ browser: 'chrome' }, 'chrome', '/opt/google/chrome/chrome', '/usr/bin/chromedriver'],
    [{ browserBinary: '/opt/own/chrome' }, 'chrome', '/opt/own/chrome', '/opt/own/chromedriver'],
    [{ browserBinary: '/opt/own/msedge' }, 'edge', '/opt/own/msedge', '/opt/own/msedgedriver'],
    [{ browser: 'edge', browserBinary: '/opt/own/chrome' }, 'edge', '/opt/own/chrome', '/opt/own/msedgedriver'],
    [{ browserBinary: 'chromium-nightly' }, 'chromium', '/home/jane/bin/chromium-nightly', '/usr/bin/chromedriver'],
    [
      { browserBinary: '/usr/bin/chromium', driverBinary: '~/drivers/d' },
      'chromium',
      '/usr/bin/chromium',
      '/home/jane/drivers/d',
    ],
    [{ browser: 'chromium', driverBinary: '/opt/own/chromedriver' }, 'chromium', '/usr/bin/chromium', '/opt/own/chromedriver'],
  ])('%j', (portal, browser, binary, driver) => {
    expect(find('linux', all, portal)).toMatchObject({ browser, binary, driver })
  })

  test('a driver alone tells whose it is', () => {
    expect(
      find('win32', [chromeExe, edgeExe, 'D:\\my\\msedgedriver.exe'], { driverBinary: 'D:\\my\\msedgedriver.exe' }),
    ).toMatchObject({ browser: 'edge', binary: edgeExe })
  })
})

describe('a confined browser has its profile where it may write:', () => {
  test.each([
    ['/snap/bin/chromium', '/home/jane/snap/chromium/common'],
    ['/var/lib/flatpak/exports/bin/org.chromium.Chromium', '/home/jane/.var/app/org.chromium.Chromium/data'],
    ['/usr/bin/chromium', undefined],
  ])('%s: %s', (binary, profiles) => {
    expect(find('linux', [binary]).profiles).toBe(profiles)
    expect(find('linux', [binary], { browserBinary: binary }).profiles).toBe(profiles)
  })
})

describe('what is missing is said:', () => {
  test.each<[keyof typeof machines, string[], Partial<Portal>, RegExp, RegExp]>([
    ['linux', [], {}, /no browser .*Google Chrome, Chromium, Microsoft Edge/, /apt install chromium chromium-driver/],
    ['darwin', [], {}, /no browser/, /brew install/],
    ['win32', [], {}, /no browser/, /winget install/],
    ['win32', [chromeExe], { browser: 'edge' }, /looked for Microsoft Edge$/, /winget install Microsoft.Edge/],
    [
      'linux',
      ['/usr/bin/chromium'],
      { browserBinary: '/opt/x' },
      /\[portal\.test\] browser_binary names \/opt\/x/,
      /portal\.test\.browser_binary/,
    ],
    ['linux', ['/usr/bin/chromium'], { driverBinary: 'mydriver' }, /driver_binary names mydriver/, /portal\.test\.driver_binary/],
  ])('%s with %j, %j', (platform, installed, portal, message, hint) => {
    expect(() => find(platform, installed, portal)).toThrow(
      expect.objectContaining({ kind: 'failed', message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    )
  })
})

test('a program is a file that may be run', () => {
  expect(isProgram(process.execPath)).toBe(true)
  expect(isProgram('/')).toBe(false)
  expect(isProgram('/etc/passwd')).toBe(false)
  expect(isProgram('/not/there')).toBe(false)
})
