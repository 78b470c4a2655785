import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AwsfedError } from '../../../src/base/errors.ts'
import { openBrowser } from '../../../src/login/browser/open.ts'
import { reapBrowsers } from '../../../src/login/browser/runs.ts'
import { socketFolder } from '../../../src/login/browser/socketFolder.ts'
import { captureByDevtools } from '../../../src/login/capture/devtools.ts'
import { canHaveDisplay, displayForTest } from '../../support/display.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { startScript } from './script.ts'
import { pidsOf, testBrowser, testPortal, testWorld, until } from './support.ts'

const recordsOf = (home: string) => path.join(home, 'awsfed/state/browsers')

test('a browser that is opened and closed leaves no process, no folder, no record', async () => {
  const { browser, world } = await testBrowser()
  expect(statSync(browser.userDataDir).mode & 0o777).toBe(0o700)
  expect(pidsOf(browser.userDataDir).length).toBeGreaterThan(3)
  await browser.close()
  expect(pidsOf(browser.userDataDir)).toEqual([])
  expect(readdirSync(recordsOf(world.home))).toEqual([])
  await browser.close()
})

test('without a window it says of itself what it says with one', async () => {
  const { browser } = await testBrowser()
  const agent = await browser.driver.executeScript('return navigator.userAgent')
  const version = (await browser.driver.getCapabilities()).getBrowserVersion()?.split('.')[0]
  expect(agent).toBe(
    `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  )
})

test('two browsers at once do not hurt each other', async () => {
  const world = testWorld(temporaryFolder())
  const [one, other] = await Promise.all([testBrowser({}, world), testBrowser({}, world)])
  expect(one.browser.userDataDir).not.toBe(other.browser.userDataDir)
  await one.browser.close()
  expect(await other.browser.driver.executeScript('return 6 * 7')).toBe(42)
  await reapBrowsers(world)
  expect(await other.browser.driver.executeScript('return 6 * 7')).toBe(42)
})

test('an aborted login closes its browser', async () => {
  const { browser, over } = await testBrowser()
  over.abort()
  await until(() => pidsOf(browser.userDataDir).length === 0)
  await browser.close()
  expect(existsSync(browser.userDataDir)).toBe(false)
})

test('a login that is aborted while its browser starts leaves nothing', async () => {
  const world = testWorld(temporaryFolder())
  const over = new AbortController()
  const opening = openBrowser(world, testPortal(), { headless: true, signal: over.signal })
  const records = recordsOf(world.home)
  await until(() => existsSync(records) && pidsOf(records).length > 2)
  over.abort(new AwsfedError('cancelled', 'interrupted'))
  await expect(opening).rejects.toMatchObject({ kind: 'cancelled', message: 'interrupted' })
  expect(pidsOf(records)).toEqual([])
  expect(readdirSync(records)).toEqual([])
})

test('a driver that hangs is ended all the same', async () => {
  const { browser, world } = await testBrowser()
  for (const pid of pidsOf('--log-path=').filter((pid) => pidsOf(browser.userDataDir).includes(pid))) process.kill(pid, 'SIGSTOP')
  await browser.close()
  expect(pidsOf(browser.userDataDir)).toEqual([])
  expect(readdirSync(recordsOf(world.home))).toEqual([])
})

test('a browser that dies is told at once, and closed', async () => {
  const { browser, world, portal } = await testBrowser()
  const capture = await captureByDevtools(world, browser, portal)
  const pid = (await browser.driver.getCapabilities()).get('goog:processID') as number
  process.kill(pid, 'SIGKILL')
  expect(await capture.gone).toMatchObject({ kind: 'failed', message: 'the browser ended before the portal had signed in' })
  await until(() => pidsOf(browser.userDataDir).length === 0)
  await capture.close()
})

test('a browser whose only page closes itself is told as ended', async () => {
  const { browser, world, portal } = await testBrowser()
  const capture = await captureByDevtools(world, browser, portal)
  await browser.driver.executeScript('window.close()')
  expect(await capture.gone).toMatchObject({ kind: 'failed' })
  await capture.close()
})

test.skipIf(!canHaveDisplay)('a window that the user closes cancels the login', async () => {
  const world = testWorld(temporaryFolder(), { DISPLAY: await displayForTest() })
  const portal = testPortal()
  const browser = await openBrowser(world, portal, { headless: false, signal: new AbortController().signal })
  onTestFinished(() => browser.close())
  const capture = await captureByDevtools(world, browser, portal)
  expect(await browser.driver.executeScript('return navigator.userAgent')).not.toContain('Headless')
  await browser.driver.close()
  expect(await capture.gone).toMatchObject({ kind: 'cancelled' })
  await capture.close()
  await browser.close()
  expect(pidsOf(browser.userDataDir)).toEqual([])
})

const parent = `
  import { realWorld } from './src/base/world.ts'
  import { openBrowser } from './src/login/browser/open.ts'
  import { testPortal } from './test/login/browser/portal.ts'
  const browser = await openBrowser(realWorld(), testPortal(), { headless: true, signal: new AbortController().signal })
  process.stdout.write(browser.userDataDir)
`

test('a program that does nothing else opens and closes a browser, and ends', async () => {
  const home = temporaryFolder()
  const { closed, folder } = await startScript(home, `${parent}\nawait browser.close()`)
  expect(await closed).toBe(0)
  expect(pidsOf(folder)).toEqual([])
  expect(readdirSync(recordsOf(home))).toEqual([])
})

test('a killed login takes its browser with it, and whoever waits for the end of its output need not wait for the browser', async () => {
  const home = temporaryFolder()
  const { child, folder, closed } = await startScript(home, `${parent}\nsetInterval(() => {}, 1000)`)
  expect(pidsOf(folder).length).toBeGreaterThan(3)
  child.kill('SIGKILL')
  await closed
  await until(() => pidsOf(folder).length === 0)
  expect(existsSync(folder)).toBe(false)
  expect(readdirSync(recordsOf(home))).toEqual([])
})

test('a killed login whose guardian was killed too is reaped by the next one', async () => {
  const home = temporaryFolder()
  const { child, folder, closed } = await startScript(home, `${parent}\nsetInterval(() => {}, 1000)`)
  // Another process may name the folder, and is none of the browser's.
  const bystander = spawn('/bin/sh', ['-c', 'sleep 60; :', folder], { stdio: 'ignore' })
  onTestFinished(() => void bystander.kill('SIGKILL'))
  for (const pid of pidsOf('awsfed-guardian').filter((pid) => pidsOf(folder).includes(pid))) process.kill(pid, 'SIGKILL')
  child.kill('SIGKILL')
  await closed
  expect(pidsOf(folder).length).toBeGreaterThan(4)
  await reapBrowsers(testWorld(home))
  expect(pidsOf(folder)).toEqual([bystander.pid])
  expect(existsSync(folder)).toBe(false)
  expect(readdirSync(recordsOf(home))).toEqual([])
})

test('what is no record of a run is let alone', async () => {
  const world = testWorld(temporaryFolder())
  const records = recordsOf(world.home)
  const victim = path.join(world.home, 'victim')
  mkdirSync(records, { recursive: true })
  mkdirSync(victim)
  const dead = { pid: 2 ** 22 + 1, started: '1', machine: '' }
  writeFileSync(path.join(records, 'a.json'), '{')
  writeFileSync(path.join(records, 'b.json'), JSON.stringify({ ...dead, folder: victim }))
  writeFileSync(path.join(records, 'c.json'), JSON.stringify({ ...dead, machine: 'another', folder: path.join(records, 'c') }))
  mkdirSync(path.join(records, 'c'))
  await reapBrowsers(world)
  expect(readdirSync(records)).toEqual(['a.json', 'b.json', 'c', 'c.json'])
  expect(existsSync(victim)).toBe(true)
})

describe('TMPDIR, where Chromium makes the socket of its lock', () => {
  const long = (folder: string) => {
    const deep = path.join(folder, 'd'.repeat(120))
    mkdirSync(deep)
    return deep
  }
  test.each<[title: string, tmpdir: (folder: string) => string]>([
    ['too long a name for a socket', long],
    ['does not exist', (folder) => path.join(folder, 'gone')],
  ])('%s: the browser opens, and leaves nothing', async (_, tmpdir) => {
    const folder = temporaryFolder()
    const world = testWorld(temporaryFolder())
    const TMPDIR = tmpdir(folder)
    const { browser } = await testBrowser({}, { ...world, env: { ...world.env, TMPDIR } })
    const socket = readlinkSync(path.join(browser.userDataDir, 'SingletonSocket'))
    await browser.close()
    expect(existsSync(path.dirname(socket))).toBe(false)
    expect(existsSync(TMPDIR) ? readdirSync(TMPDIR) : []).toEqual([])
  })
})

describe('socketFolder', () => {
  test.each<[env: Record<string, string>, platform: NodeJS.Platform, expected: string | undefined]>([
    [{}, 'linux', undefined],
    [{ TMPDIR: '/tmp' }, 'linux', undefined],
    [{ TMPDIR: '/nowhere/at/all' }, 'linux', '/tmp'],
    [{ TMPDIR: '/etc/passwd' }, 'linux', '/tmp'],
    [{ TMPDIR: '/nowhere/at/all' }, 'win32', undefined],
  ])('%j on %s: %s', (env, platform, expected) => {
    expect(socketFolder(env, platform)).toBe(expected)
  })
})
