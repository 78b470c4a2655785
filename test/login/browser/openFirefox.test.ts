import { spawn } from 'node:child_process'
import { chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import { AwsfedError } from '../../../src/base/errors.ts'
import { type OpenFirefox, openFirefox } from '../../../src/login/browser/firefox/open.ts'
import { reapBrowsers } from '../../../src/login/browser/runs.ts'
import { captureByBidi } from '../../../src/login/capture/bidi.ts'
import { canHaveDisplay, displayForTest } from '../../support/display.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { firefox } from './firefox.ts'
import { startScript } from './script.ts'
import { pidsOf, testPortal, testWorld, until } from './support.ts'

vi.setConfig({ testTimeout: 90_000 })

const recordsOf = (home: string) => path.join(home, 'awsfed/state/browsers')

/** A headless Firefox that is closed at the end of the test. */
async function testFirefox(world = testWorld(temporaryFolder()), options: { headless?: boolean } = {}) {
  const over = new AbortController()
  const portal = testPortal()
  const browser = await openFirefox(world, portal, { headless: true, signal: over.signal, ...options })
  onTestFinished(() => browser.close())
  const [main = 0] = pidsOf(`--awsfed-run=${browser.profile}`)
  return { world, portal, browser, over, main }
}

/** The live processes of a Firefox whose first one is `main`, itself too: their names and command lines change, their session does not. */
const familyOf = (main: number) => pidsOf('').filter((pid) => sessionOf(pid) === main)

function sessionOf(pid: number): number | undefined {
  try {
    // After the name, which may hold anything: state, parent, group, session (proc(5)).
    const [state, , , session] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return state === 'Z' ? undefined : Number(session)
  } catch {
    return undefined // it ended meanwhile
  }
}

/** Closes the only window. */
async function closeWindow({ bidi }: OpenFirefox): Promise<void> {
  const { contexts } = await bidi.send('browsingContext.getTree')
  const [{ context } = { context: '' }] = contexts as { context: string }[]
  await bidi.send('script.evaluate', { expression: 'window.close()', target: { context }, awaitPromise: false })
}

describe.skipIf(!firefox)('Firefox', () => {
  test('that is opened and closed leaves no process, no folder, no record', async () => {
    const { browser, world, main } = await testFirefox()
    expect(statSync(browser.profile).mode & 0o777).toBe(0o700)
    await until(() => familyOf(main).length > 2)
    await browser.close()
    await until(() => familyOf(main).length === 0)
    expect(pidsOf(browser.profile)).toEqual([])
    expect(readdirSync(recordsOf(world.home))).toEqual([])
    await browser.close()
  })

  test('in two logins at once does not hurt the other', async () => {
    const world = testWorld(temporaryFolder())
    const [one, other] = await Promise.all([testFirefox(world), testFirefox(world)])
    await one.browser.close()
    await reapBrowsers(world)
    expect(await other.browser.bidi.send('session.status')).toMatchObject({ ready: false })
  })

  test('of an aborted login is closed', async () => {
    const { browser, over, main } = await testFirefox()
    over.abort()
    await until(() => pidsOf(browser.profile).length === 0 && familyOf(main).length === 0)
    await browser.close()
    expect(existsSync(browser.profile)).toBe(false)
  })

  test.each([
    ['it has begun', () => true],
    ['it speaks', (records: string) => readdirSync(records).some((name) => existsSync(`${records}/${name}/cert9.db`))],
  ])('that is aborted while it starts (%s) leaves nothing', async (_, begun) => {
    const world = testWorld(temporaryFolder())
    const over = new AbortController()
    const opening = openFirefox(world, testPortal(), { headless: true, signal: over.signal })
    const records = recordsOf(world.home)
    await until(() => pidsOf(`--awsfed-run=${records}`).length > 0 && begun(records))
    over.abort(new AwsfedError('cancelled', 'interrupted'))
    await expect(opening).rejects.toMatchObject({ kind: 'cancelled', message: 'interrupted' })
    expect(pidsOf(records)).toEqual([])
    expect(readdirSync(records)).toEqual([])
  })

  test('that hangs is ended all the same', async () => {
    const { browser, world, main } = await testFirefox()
    process.kill(main, 'SIGSTOP')
    await browser.close()
    expect(pidsOf(browser.profile)).toEqual([])
    expect(readdirSync(recordsOf(world.home))).toEqual([])
  })

  test('that dies is told at once, and closed', async () => {
    const { browser, world, portal, main } = await testFirefox()
    const capture = await captureByBidi(world, browser, portal)
    process.kill(main, 'SIGKILL')
    expect(await capture.gone).toMatchObject({ kind: 'failed', message: 'the browser ended before the portal had signed in' })
    await until(() => !existsSync(browser.profile))
    await capture.close()
  })

  test('whose only page closes itself is told as ended', async () => {
    const { browser, world, portal } = await testFirefox()
    const capture = await captureByBidi(world, browser, portal)
    await closeWindow(browser)
    expect(await capture.gone).toMatchObject({ kind: 'failed' })
    await capture.close()
  })

  test.skipIf(!canHaveDisplay)('whose window the user closes cancels the login', async () => {
    const world = testWorld(temporaryFolder(), { DISPLAY: await displayForTest() })
    const { browser, portal } = await testFirefox(world, { headless: false })
    const capture = await captureByBidi(world, browser, portal)
    await closeWindow(browser)
    expect(await capture.gone).toMatchObject({ kind: 'cancelled' })
    await capture.close()
    await browser.close()
    expect(pidsOf(browser.profile)).toEqual([])
  })

  test.skipIf(process.getuid?.() !== 0)('opens for root in the home of somebody else, as with sudo', async () => {
    const world = testWorld(temporaryFolder())
    chownSync(world.home, 65534, 65534)
    const { browser } = await testFirefox(world)
    expect(await browser.bidi.send('session.status')).toMatchObject({ ready: false })
  })
})

const parent = `
  import { realWorld } from './src/base/world.ts'
  import { type OpenFirefox, openFirefox } from './src/login/browser/firefox/open.ts'
  import { testPortal } from './test/login/browser/portal.ts'
  const browser = await openFirefox(realWorld(), testPortal(), { headless: true, signal: new AbortController().signal })
  process.stdout.write(browser.profile)
`

describe.skipIf(!firefox)('a program that opens Firefox', () => {
  test('and closes it ends, and does nothing else', async () => {
    const home = temporaryFolder()
    const { closed, folder } = await startScript(home, `${parent}\nawait browser.close()`)
    expect(await closed).toBe(0)
    expect(pidsOf(folder)).toEqual([])
    expect(readdirSync(recordsOf(home))).toEqual([])
  })

  test('and is killed takes it along, and whoever waits for the end of its output need not wait for it', async () => {
    const home = temporaryFolder()
    const { child, folder, closed } = await startScript(home, `${parent}\nsetInterval(() => {}, 1000)`)
    const [main = 0] = pidsOf(`--awsfed-run=${folder}`)
    child.kill('SIGKILL')
    await closed
    await until(() => pidsOf(folder).length === 0 && familyOf(main).length === 0)
    expect(existsSync(folder)).toBe(false)
    expect(readdirSync(recordsOf(home))).toEqual([])
  })

  test('and is killed with its guardian leaves it to the next one', async () => {
    const home = temporaryFolder()
    const { child, folder, closed } = await startScript(home, `${parent}\nsetInterval(() => {}, 1000)`)
    const [main = 0] = pidsOf(`--awsfed-run=${folder}`)
    // Another process may name the folder, and is none of the browser's.
    const bystander = spawn('/bin/sh', ['-c', 'sleep 60; :', folder], { stdio: 'ignore' })
    onTestFinished(() => void bystander.kill('SIGKILL'))
    for (const pid of pidsOf('awsfed-guardian').filter((pid) => pidsOf(folder).includes(pid))) process.kill(pid, 'SIGKILL')
    child.kill('SIGKILL')
    await closed
    expect(pidsOf(folder)).toContain(main)
    await reapBrowsers(testWorld(home))
    expect(pidsOf(folder)).toEqual([bystander.pid])
    await until(() => familyOf(main).length === 0)
    expect(existsSync(folder)).toBe(false)
    expect(readdirSync(recordsOf(home))).toEqual([])
  })
})

/** A program of `text` that is run by Node, in the place of Firefox. */
function standIn(folder: string, text: string): string {
  const file = path.join(folder, 'firefox')
  writeFileSync(file, `#!${process.execPath}\n${text}`, { mode: 0o755 })
  return file
}

/** A Firefox of this version, as far as the beginning of a session. */
const ofVersion = (version: string) => `
  const { WebSocketServer } = require(${JSON.stringify(path.resolve('node_modules/ws'))})
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/session' }, () =>
    console.error('WebDriver BiDi listening on ws://127.0.0.1:' + server.address().port))
  server.on('connection', (socket) => socket.on('message', (text) => socket.send(JSON.stringify({
    type: 'success', id: JSON.parse(text).id, result: { capabilities: { browserVersion: ${JSON.stringify(version)} } } }))))
`

describe('a Firefox that does not open says why:', () => {
  test.each<[string, (folder: string) => string, RegExp, RegExp]>([
    [
      'it is too old',
      (folder) => standIn(folder, ofVersion('140.7.0')),
      /Firefox 140\.7\.0 is too old .* 146 or later/,
      /apt install firefox-esr.*chromium, chrome or edge/,
    ],
    [
      'it is much too old',
      (folder) => standIn(folder, "console.error('DevTools listening on ws://127.0.0.1:1/x'); setInterval(() => {}, 1000)"),
      /too old .* 146 or later/,
      /apt install/,
    ],
    [
      'it ends',
      (folder) => standIn(folder, "console.error('*** You are running in headless mode.\\nNo space left'); process.exit(7)"),
      /Firefox ended with 7 \(.*firefox\): No space left$/,
      /browser_binary/,
    ],
    [
      'it is no program',
      (folder) => {
        const file = path.join(folder, 'firefox')
        writeFileSync(file, '#!/not/there', { mode: 0o755 })
        return file
      },
      /cannot start Firefox .*firefox: it is not there/,
      /browser_binary/,
    ],
    [
      'it does not speak',
      (folder) => standIn(folder, "console.error('WebDriver BiDi listening on ws://127.0.0.1:9'); setInterval(() => {}, 1000)"),
      /Firefox does not do what it is told/,
      /browser_binary/,
    ],
  ])('%s', async (_, program, message, hint) => {
    const home = temporaryFolder()
    const portal: Portal = testPortal({ browserBinary: program(home) })
    const opening = openFirefox(testWorld(home), portal, { headless: true, signal: new AbortController().signal })
    await expect(opening).rejects.toThrow(
      expect.objectContaining({ kind: 'failed', message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    )
    expect(pidsOf(home)).toEqual([])
    expect(readdirSync(recordsOf(home))).toEqual([])
  })

  test.skipIf(!firefox)('a window without a display', async () => {
    const home = temporaryFolder()
    const opening = openFirefox(testWorld(home), testPortal(), { headless: false, signal: new AbortController().signal })
    await expect(opening).rejects.toThrow(
      expect.objectContaining({
        kind: 'failed',
        message: expect.stringMatching(/Firefox cannot open a window: there is no display/),
      }),
    )
    expect(pidsOf(home)).toEqual([])
  })
})
