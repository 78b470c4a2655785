import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import { startFailure } from '../../../src/login/browser/failures.ts'
import type { FoundBrowser } from '../../../src/login/browser/find.ts'
import { fetchDriver } from '../../../src/login/browser/manager.ts'
import { openBrowser } from '../../../src/login/browser/open.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { pidsOf, testPortal, testWorld } from './support.ts'

/** A program of `text` in `folder`, run by Node. */
function program(folder: string, name: string, text: string): string {
  const file = path.join(folder, name)
  writeFileSync(file, `#!${process.execPath}\n${text}`, { mode: 0o755 })
  return file
}

/** A driver that answers the request for a session with this error, as chromedriver does. */
const refusing = (message: string) => `
  const body = JSON.stringify({ value: { error: 'session not created', message: ${JSON.stringify(message)}, stacktrace: '' } })
  const server = require('node:http').createServer((request, response) => response.writeHead(500).end(body))
  server.listen(0, '127.0.0.1', () => console.log('ChromeDriver was started successfully on port ' + server.address().port + '.'))
`

/** What chromedriver does when the port that it has got on IPv4 is somebody's on IPv6. */
const taken = "console.log('IPv6 port not available. Exiting...'); process.exit(1)"

const differ = `session not created: This version of ChromeDriver only supports Chrome version 150
Current browser version is 156.0.8078.79 with binary path /usr/bin/chromium`

describe('a browser that does not open says why:', () => {
  test.each<[string, (folder: string) => Partial<Portal>, RegExp, RegExp]>([
    [
      'driver and browser differ',
      (folder) => ({ driverBinary: program(folder, 'chromedriver', refusing(differ)) }),
      /driver and browser differ: .*chromedriver is for version 150, Chromium .*chromium is 156/,
      /apt install chromium chromium-driver/,
    ],
    [
      'the driver knows no such browser',
      (folder) => ({ driverBinary: program(folder, 'chromedriver', refusing('unknown error: no chrome binary at /x')) }),
      /finds no browser at/,
      /browser_binary/,
    ],
    [
      'a message that nobody has seen',
      (folder) => ({ driverBinary: program(folder, 'chromedriver', refusing('the moon\u001b[31m is full\nat 0x1')) }),
      /could not be started: .*the moon\ufffd\[31m is full$/,
      /AWSFED_DEBUG=1/,
    ],
    [
      'the driver ends',
      (folder) => ({ driverBinary: program(folder, 'chromedriver', 'process.exit(7)') }),
      /chromedriver ended with 7/,
      /chromedriver --version/,
    ],
    [
      'each port that the driver takes is taken',
      (folder) => ({ driverBinary: program(folder, 'chromedriver', taken) }),
      /chromedriver finds no free port/,
      /chromedriver --version/,
    ],
    [
      'the driver’s port is taken, and the next one not',
      (folder) => ({
        driverBinary: program(
          folder,
          'chromedriver',
          `const fs = require('node:fs'); if (!fs.existsSync(__filename + '.2')) { fs.writeFileSync(__filename + '.2', ''); ${taken} }
           ${refusing('unknown error: no chrome binary at /x')}`,
        ),
      }),
      /finds no browser at/,
      /browser_binary/,
    ],
    [
      'the driver is no program',
      (folder) => {
        const driverBinary = path.join(folder, 'chromedriver')
        writeFileSync(driverBinary, '#!/not/there', { mode: 0o755 })
        return { driverBinary }
      },
      /cannot start the browser's driver/,
      /driver_binary/,
    ],
    [
      'the browser ends',
      (folder) => ({ browser: 'chromium', browserBinary: program(folder, 'chromium', 'process.exit(1)') }),
      /Chromium ended as soon as it was started/,
      /--dump-dom/,
    ],
  ])('%s', async (_, portal, message, hint) => {
    const home = temporaryFolder()
    const opening = openBrowser(testWorld(home), testPortal(portal(home)), {
      headless: true,
      signal: new AbortController().signal,
    })
    await expect(opening).rejects.toThrow(
      expect.objectContaining({ kind: 'failed', message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    )
    expect(pidsOf(home)).toEqual([])
  })

  test('a window without a display', async () => {
    const home = temporaryFolder()
    const opening = openBrowser(testWorld(home), testPortal(), { headless: false, signal: new AbortController().signal })
    await expect(opening).rejects.toThrow(
      expect.objectContaining({ kind: 'failed', message: expect.stringMatching(/no display/) }),
    )
    expect(pidsOf(home)).toEqual([])
  })
})

describe('words of drivers:', () => {
  const found = { browser: 'edge', binary: '/opt/msedge', driver: '/opt/msedgedriver', profiles: undefined } as const
  const messageOf = (text: string, platform: NodeJS.Platform = 'linux') =>
    startFailure(new Error(text), { portal: testPortal(), found, headless: true, world: { env: {}, platform } }).message
  test.each([
    [
      'session not created: This version of Microsoft Edge WebDriver only supports Microsoft Edge version 120\nCurrent browser version is 121.0.1',
      'driver and browser differ: /opt/msedgedriver is for version 120, Microsoft Edge /opt/msedge is 121',
    ],
    [
      'session not created: Chrome instance exited. Examine ChromeDriver verbose log',
      'Microsoft Edge ended as soon as it was started (/opt/msedge)',
    ],
    ['unknown error: Chrome failed to start: crashed.', 'Microsoft Edge ended as soon as it was started (/opt/msedge)'],
    ['unknown error: no msedge binary at C:\\x', '/opt/msedgedriver finds no browser at /opt/msedge'],
    ['unknown error: cannot find Chrome binary', '/opt/msedgedriver finds no browser at /opt/msedge'],
  ])('%j', (text, message) => expect(messageOf(text)).toBe(message))
})

describe('selenium-manager, where a browser has no driver:', () => {
  const found: FoundBrowser = { browser: 'chrome', binary: '/opt/google/chrome/chrome', driver: undefined, profiles: undefined }
  const ask = (text: string, signal = new AbortController().signal) => {
    const home = temporaryFolder()
    const world = testWorld(home, { SE_MANAGER_PATH: program(home, 'manager', text) })
    return { world, driver: fetchDriver(world, found, 'http://jane:secret@proxy:3128', signal) }
  }

  test('its answer is the driver; it is told of before, and gets the proxy’s password not in its arguments', async () => {
    const { world, driver } = ask(`
      const result = { code: 0, message: process.argv.slice(2).join(' '), driver_path: process.env.SE_PROXY + ' ' + process.argv.slice(2) }
      console.log(JSON.stringify({ logs: [], result }))
    `)
    expect(await driver).toBe(
      'http://jane:secret@proxy:3128 --browser,chrome,--browser-path,/opt/google/chrome/chrome,--output,json,--language-binding,javascript',
    )
    expect(world.said).toEqual([expect.stringMatching(/no driver for Google Chrome is installed: asking selenium-manager/)])
  })

  test.each([
    [
      'it knows none',
      'console.log(JSON.stringify({ result: { code: 65, message: "offline\\n", driver_path: "" } })); process.exit(65)',
      /offline/,
    ],
    ['it cannot be understood', 'console.log("hello")', /could not be understood/],
    ['it says nothing', '', /could not be understood/],
  ])('%s', async (_, text, message) => {
    await expect(ask(text).driver).rejects.toThrow(
      expect.objectContaining({
        kind: 'failed',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/chromium-driver/),
      }),
    )
  })

  test('it is ended with the login', async () => {
    const over = new AbortController()
    const { driver, world } = ask('setInterval(() => {}, 1000)', over.signal)
    over.abort()
    await expect(driver).rejects.toMatchObject({ kind: 'cancelled' })
    expect(pidsOf(world.home)).toEqual([])
  })
})
