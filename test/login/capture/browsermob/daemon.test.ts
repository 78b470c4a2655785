import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { daemonOf, isOpenToOthers } from '../../../../src/login/capture/browsermob/daemon.ts'
import { sweep } from '../../../../src/login/capture/browsermob/sweep.ts'
import { temporaryFolder } from '../../../support/programs.ts'
import { testWorld } from '../../browser/support.ts'
import { daemonsAt, freePort, listeningAt, startDaemon } from './daemon.ts'
import { browsermobProgram, canRunBrowsermob } from './release.ts'

const id = 'fedcba9876543210'

/** A daemon by `command` at a port of its own (`PORT` in the command), and what is told and left of it. */
async function started(
  command: string | undefined,
  more: { env?: Record<string, string>; port?: number; patience?: number } = {},
) {
  const port = more.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const world = testWorld(temporaryFolder(), more.env)
  let leader: number | undefined
  const tell = (pid: number) => {
    leader = pid
  }
  const setting = { portal: 'corp', url, command: command?.replaceAll('PORT', String(port)) }
  const { signal } = new AbortController()
  const end = () => sweep({ url, id, proxies: [], daemon: leader }, process.platform)
  onTestFinished(end)
  const daemon = daemonOf(world, setting, { id, started: tell, signal, patience: more.patience ?? 30_000 })
  return { port, url, world, daemon, end }
}

async function listenOn(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as net.AddressInfo).port
}

describe('no daemon, and none to start:', () => {
  test('nothing answers', async () => {
    const { daemon, url, port } = await started(undefined)
    await expect(daemon).rejects.toMatchObject({
      kind: 'failed',
      message: `no BrowserMob daemon answers at ${url}`,
      hint: expect.stringContaining(`\`browsermob-proxy -port ${port} -address 127.0.0.1 -ttl 3600\``),
    })
  })

  test.each([
    ['a web server', () => http.createServer((_, response) => response.end('<h1>It works</h1>'))],
    ['one that says no', () => http.createServer((_, response) => response.writeHead(404).end('{"proxyList":[]}'))],
    ['one that speaks something else', () => net.createServer((socket) => socket.end('220 ready\r\n'))],
    ['one that hangs up', () => net.createServer((socket) => socket.destroy())],
  ])('another service answers: %s; the command is not run', async (_, server) => {
    const { daemon, world } = await started('echo run', { port: await listenOn(server()) })
    await expect(daemon).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^what answers at http:.* is no BrowserMob daemon$/),
      hint: expect.stringContaining('[portal.corp.browsermob]'),
    })
    expect(world.traced.join()).not.toContain('run')
  })
})

describe('what listens for others too is noticed:', () => {
  test.each([
    ['127.0.0.1', false],
    ['0.0.0.0', true],
    ['::', true],
  ])('%s', async (address, open) => {
    const server = net.createServer()
    server.listen(0, address)
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    expect(await isOpenToOthers((server.address() as net.AddressInfo).port)).toBe(open)
  })
})

describe('a command that starts none:', () => {
  test.each<[string, string, string | RegExp, string | RegExp]>([
    [
      'that is not there',
      '/opt/bmp/bin/browsermob-proxy -port PORT',
      /command of portal\.corp\.browsermob\.command is not found/,
      /whole path/,
    ],
    [
      'that fails',
      'echo no licence >&2; exit 3',
      'portal.corp.browsermob.command failed (exit code 3): no licence',
      /AWSFED_DEBUG=1/,
    ],
    ['that is killed', 'kill -9 $$', 'portal.corp.browsermob.command was ended by SIGKILL', /AWSFED_DEBUG=1/],
    ['whose script finds no Java', "/bin/sh -c 'exec java -version'", 'there is no Java', /apt install default-jre-headless/],
    ['that is Java, which is not there', 'java -version', 'there is no Java', /apt install default-jre-headless/],
    [
      'whose JAVA_HOME is wrong',
      'echo "Error: JAVA_HOME is not defined correctly." >&2; exit 1',
      'there is no Java',
      /JAVA_HOME/,
    ],
    ['whose Java is too old', 'echo "java.lang.UnsupportedClassVersionError: x" >&2; exit 1', 'too old', /install Java 8/],
    ['whose port is taken', 'echo "java.net.BindException: Address already in use" >&2; exit 1', 'its port is taken', /-port/],
  ])('%s', async (_, command, message, hint) => {
    // A PATH in which there is no Java.
    const { daemon } = await started(command, { env: { PATH: '/nonexistent' } })
    await expect(daemon).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(message instanceof RegExp ? message : escaped(message)),
      hint: expect.stringMatching(hint),
    })
  })

  test('that never listens: it is ended, with all that it has started', async () => {
    const { daemon, end, url } = await started('sleep 1234 & sleep 1234', { patience: 500 })
    await expect(daemon).rejects.toMatchObject({
      message: `the BrowserMob daemon was started, but after 0.5 seconds nothing answers at ${url}`,
    })
    await end()
    expect(marked()).toEqual([])
  })
})

const escaped = (text: string) => new RegExp(text.replace(/[.()]/g, '\\$&'))

/** The processes that a test has started. */
function marked(): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(id)
    } catch {
      return false
    }
  })
}

describe.skipIf(!canRunBrowsermob)('a real daemon', { timeout: 60_000 }, () => {
  const java = { PATH: process.env.PATH ?? '' }

  test('is started with what it lacks, tells the trace what it prints, and is ended', async () => {
    const { daemon, port, world, end } = await started(`"${browsermobProgram()}"`, { env: java })
    await daemon
    expect(listeningAt(port)).toEqual(['::ffff:127.0.0.1'])
    expect(world.traced.join('\n')).toContain('browsermob: Running BrowserMob Proxy')
    await end()
    expect(daemonsAt(port)).toEqual([])
  })

  test('without the flags that a new Java wants: it says so', async () => {
    const { daemon } = await started(`env -u JDK_JAVA_OPTIONS "${browsermobProgram()}" -port PORT`, { env: java })
    await expect(daemon).rejects.toMatchObject({
      message: expect.stringContaining('this Java is too new for it without flags'),
      hint: expect.stringContaining('--add-opens java.base/java.lang=ALL-UNNAMED'),
    })
  })

  test('that leaves its session is found and ended too', async () => {
    const { daemon, port, end } = await started(`setsid "${browsermobProgram()}" -port PORT -address 127.0.0.1 & exit 0`, {
      env: java,
    })
    await daemon
    expect(daemonsAt(port)).toHaveLength(1)
    await end()
    expect(daemonsAt(port)).toEqual([])
  })

  test('whose ports are used up, or taken: each has its words', async () => {
    const usedUp = await startDaemon('', '-proxyPortRange', '28650-28651')
    onTestFinished(usedUp.stop)
    await usedUp.rest.newProxy({})
    await usedUp.rest.newProxy({})
    await expect(usedUp.rest.newProxy({})).rejects.toMatchObject({
      message: `the BrowserMob daemon at ${usedUp.url} makes no proxy: all of its ports are used up`,
      hint: expect.stringContaining(`curl -X DELETE ${usedUp.url}/proxy/PORT`),
    })
    const taken = await startDaemon('', '-proxyPortRange', '28650-28651')
    onTestFinished(taken.stop)
    await expect(taken.rest.newProxy({})).rejects.toMatchObject({
      message: `the BrowserMob daemon at ${taken.url} makes no proxy: other programs listen at its ports`,
      hint: expect.stringContaining('-proxyPortRange'),
    })
  })
})
