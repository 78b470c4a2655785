import { describe, expect, test } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import { captureOf } from '../../../src/login/capture/choice.ts'
import { testPortal } from '../browser/portal.ts'

const machine = { platform: 'linux', home: '/home/jane', env: {} } as const
const captureFor = (portal: Partial<Portal>, installed: readonly string[]) =>
  captureOf(testPortal(portal), machine, (file) => installed.includes(file))

const chromium = '/usr/bin/chromium'
const firefox = '/usr/lib/firefox/firefox'

describe('how the assertion is caught', () => {
  test.each<[Partial<Portal>, string[], string]>([
    [{}, [chromium, firefox], 'devtools'],
    [{}, [chromium], 'devtools'],
    [{}, [firefox], 'bidi'],
    [{}, [], 'devtools'],
    [{ browser: 'firefox' }, [chromium], 'bidi'],
    [{ browser: 'edge' }, [firefox], 'devtools'],
    [{ browserBinary: '/opt/own/firefox-nightly' }, [], 'bidi'],
    [{ browserBinary: 'C:\\Program Files\\Mozilla Firefox\\firefox.exe' }, [], 'bidi'],
    [{ browserBinary: '/home/jane/firefox/own-chrome' }, [firefox], 'devtools'],
    [{ driverBinary: '/opt/chromedriver' }, [firefox], 'devtools'],
    [{ capture: 'bidi' }, [chromium], 'bidi'],
    [{ capture: 'bidi', browser: 'firefox' }, [], 'bidi'],
    [{ capture: 'devtools' }, [firefox], 'devtools'],
    [{ capture: 'browsermob', browser: 'chrome' }, [], 'browsermob'],
  ])('%j, installed %j: %s', (portal, installed, capture) => expect(captureFor(portal, installed)).toBe(capture))
})

describe('what does not go together is said:', () => {
  test.each<[Partial<Portal>, RegExp, RegExp]>([
    [
      { capture: 'devtools', browser: 'firefox' },
      /"devtools" does not work with browser = "firefox"/,
      /"bidi".* chromium, chrome or edge/,
    ],
    [
      { capture: 'browsermob', browser: 'firefox' },
      /"browsermob" does not work with browser = "firefox"/,
      /chromium, chrome or edge/,
    ],
    [{ capture: 'bidi', browser: 'chromium' }, /"bidi" does not work with browser = "chromium"/, /"devtools".* firefox/],
    [{ capture: 'bidi', browserBinary: '/opt/chrome' }, /"bidi" does not work with browser_binary = "\/opt\/chrome"/, /firefox/],
  ])('%j', (portal, message, hint) =>
    expect(() => captureFor(portal, [chromium, firefox])).toThrow(
      expect.objectContaining({ kind: 'failed', message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    ),
  )
})
