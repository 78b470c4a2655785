import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { restAt } from '../../../../src/login/capture/browsermob/rest.ts'
import { sandboxRoles } from '../../../../src/sandbox/cloud.ts'
import { pidsOf } from '../../browser/support.ts'
import { type Company, leftIn, startCompany, userOf } from './corp.ts'
import { daemonsAt, freePort, startDaemon } from './daemon.ts'
import { browsermobProgram, canRunBrowsermob } from './release.ts'

describe.skipIf(!canRunBrowsermob)('nothing is left of a login through BrowserMob', { timeout: 120_000 }, () => {
  let company: Company
  let daemon: Awaited<ReturnType<typeof startDaemon>>
  /** A proxy of another program, in the same daemon. */
  let foreign: number
  beforeAll(async () => {
    browsermobProgram()
    company = await startCompany({ factor: 'push' })
    daemon = await startDaemon(company.javaOptions)
    foreign = await daemon.rest.newProxy({})
  }, 300_000)
  afterAll(async () => {
    await daemon?.stop()
    await company?.stop()
  })

  const withOthers = () => {
    const user = userOf(company, { url: daemon.url, proxy: company.proxyUrl })
    const isClean = async () => {
      expect(await daemon.rest.ports()).toEqual([foreign])
      expect(pidsOf(user.state)).toEqual([])
      expect(leftIn(user.state)).toEqual([])
    }
    return { user, isClean }
  }
  const withOwn = async () => {
    const port = await freePort()
    const command = `JAVA_OPTS="${company.javaOptions}" "${browsermobProgram()}" -port ${port}`
    const url = `http://127.0.0.1:${port}`
    const user = userOf(company, { url, command, proxy: company.proxyUrl })
    const isClean = async () => {
      expect(daemonsAt(port)).toEqual([])
      expect(await restAt(url).answering()).toBe('nothing')
      expect(pidsOf(user.state)).toEqual([])
      expect(leftIn(user.state)).toEqual([])
    }
    return { user, port, url, isClean }
  }
  /** A login, and what kills it. */
  function begin(user: ReturnType<typeof userOf>, kill?: { at: RegExp; by: NodeJS.Signals }) {
    let pid = 0
    const login = user.awsfed(['login'], {
      env: kill ? { AWSFED_DEBUG: '1' } : {},
      onStart: (child) => {
        pid = child.pid ?? 0
        let seen = ''
        child.stderr?.on('data', (data) => {
          seen += data
          if (kill?.at.test(seen) && !child.killed) child.kill(kill.by)
        })
      },
    })
    return { login, kill: (signal: NodeJS.Signals) => process.kill(pid, signal) }
  }
  /** Where the parts of a login end by themselves, a moment later. */
  const settles = (isClean: () => Promise<void>) =>
    expect.poll(() => isClean().then(() => 'clean', String), { timeout: 20_000 }).toBe('clean')

  describe('that is ended, in a daemon of others:', () => {
    test.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const)('%s', async (signal, code) => {
      const { user, isClean } = withOthers()
      const { login, kill } = begin(user)
      await company.atPhone(login)
      kill(signal)
      expect(await login).toMatchObject({ code })
      await isClean()
    })

    test('SIGKILL', async () => {
      const { user, isClean } = withOthers()
      const { login, kill } = begin(user)
      await company.atPhone(login)
      kill('SIGKILL')
      await login
      await settles(isClean)
    })

    test('SIGKILL, of what stands by too: the next login removes it', async () => {
      const { user, isClean } = withOthers()
      const { login, kill } = begin(user)
      await company.atPhone(login)
      for (const pid of pidsOf(`${user.state}/browsermob/`)) process.kill(pid, 'SIGKILL')
      kill('SIGKILL')
      await login
      expect(await daemon.rest.ports()).toHaveLength(3)
      const next = begin(user)
      await company.atPhone(next.login)
      expect(await daemon.rest.ports()).toHaveLength(3)
      company.sandbox.portal.approve()
      expect(await next.login).toMatchObject({ code: 0 })
      await isClean()
    })
  })

  describe('that is ended, with the daemon that it has started:', () => {
    test.each([['SIGINT'], ['SIGTERM']] as const)('%s', async (signal) => {
      const { user, isClean } = await withOwn()
      const { login, kill } = begin(user)
      await company.atPhone(login)
      kill(signal)
      await login
      await isClean()
    })

    test.each([
      ['before the daemon is there', /browsermob: starting/],
      ['while Java starts', /browsermob: Running BrowserMob/],
      ['when the proxies are made', /browsermob: browser → /],
      ['while the browser starts', /browser: \//],
      ['at the phone', /waiting for approval/],
    ])('SIGKILL %s', async (_, at) => {
      const { user, isClean } = await withOwn()
      const { login } = begin(user, { at, by: 'SIGKILL' })
      expect(await login).toMatchObject({ code: 'SIGKILL' })
      await settles(isClean)
    })

    test('SIGKILL, of what stands by too: the next login removes it', async () => {
      const { user, port, isClean } = await withOwn()
      const { login, kill } = begin(user)
      await company.atPhone(login)
      const [orphan] = daemonsAt(port)
      for (const pid of pidsOf(`${user.state}/browsermob/`)) process.kill(pid, 'SIGKILL')
      kill('SIGKILL')
      await login
      expect(daemonsAt(port)).toEqual([orphan])
      const next = begin(user)
      await company.atPhone(next.login)
      expect(daemonsAt(port)).toEqual([expect.not.toSatisfy((pid) => pid === orphan)])
      company.sandbox.portal.approve()
      expect(await next.login).toMatchObject({ code: 0 })
      await isClean()
    })

    test('the daemon is killed: the login says so', async () => {
      const { user, port, url, isClean } = await withOwn()
      const { login } = begin(user)
      await company.atPhone(login)
      for (const pid of daemonsAt(port)) process.kill(pid, 'SIGKILL')
      const { code, stderr } = await login
      expect(code).toBe(1)
      expect(stderr).toContain(
        `the BrowserMob daemon at ${url}, or the proxy in it that the browser used, ended during the login`,
      )
      await isClean()
    })
  })

  test('whose proxies another program deletes: it says so', async () => {
    const { user, isClean } = withOthers()
    const { login } = begin(user)
    await company.atPhone(login)
    await daemon.rest.end((await daemon.rest.ports()).filter((port) => port !== foreign))
    const { code, stderr } = await login
    expect(code).toBe(1)
    expect(stderr).toMatch(/hint: see that nobody stops it or deletes its proxies/)
    await isClean()
  })

  test('whose browser is killed', async () => {
    const { user, isClean } = withOthers()
    const { login } = begin(user)
    await company.atPhone(login)
    for (const pid of pidsOf(`--user-data-dir=${user.state}`)) process.kill(pid, 'SIGKILL')
    expect(await login).toMatchObject({ code: 1 })
    await isClean()
  })

  test('whose portal is killed, and which a person then gives up', async () => {
    const other = await startCompany({ factor: 'push' })
    const its = await startDaemon(other.javaOptions)
    onTestFinished(async () => {
      await its.stop()
      await other.stop()
    })
    const user = userOf(other, { url: its.url, proxy: other.proxyUrl })
    const { login, kill } = begin(user)
    await other.atPhone(login)
    await other.sandbox.stop()
    kill('SIGINT')
    expect(await login).toMatchObject({ code: 130 })
    expect(await its.rest.ports()).toEqual([])
    expect(leftIn(user.state)).toEqual([])
  })

  test('that needs a person where nobody may be asked', async () => {
    const { user, isClean } = withOthers()
    const { code, stderr } = await user.awsfed(['login'], { env: { AWSFED_INTERACTIVE: 'never' } })
    expect({ code, stderr }).toMatchObject({ code: 3 })
    await isClean()
  })

  test('two portals at once whose daemon is the same to be: the second login waits for the first', async () => {
    const { user, port, isClean } = await withOwn()
    const config = path.join(user.env.AWSFED_HOME ?? '', 'config.toml')
    const text = readFileSync(config, 'utf8')
    const tables = text.split(/^(?=\[)/m).filter((each) => each.startsWith('[portal.corp'))
    const other = tables.join('').replaceAll('[portal.corp', '[portal.other')
    writeFileSync(config, `${text}\n${other}\n[profile.other]\nportal = "other"\nrole = "${sandboxRoles.dev.arn}"\n`)
    const first = begin(user)
    await company.atPhone(first.login)
    const second = user.awsfed(['login', '-p', 'other'], {
      onStart: (child) => {
        let seen = ''
        child.stderr?.on('data', (data) => {
          seen += data
          // The first one goes on only now.
          if (/waiting for the BrowserMob daemon/.test(seen)) company.sandbox.portal.approve()
        })
      },
    })
    expect(await first.login).toMatchObject({ code: 0 })
    await company.atPhone(second)
    expect(daemonsAt(port)).toHaveLength(1)
    company.sandbox.portal.approve()
    const { code, stderr } = await second
    expect({ code, stderr }).toMatchObject({ code: 0 })
    await isClean()
  })
})
