import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canHaveDisplay, displayForTest } from '../../../support/display.ts'
import { testWorld } from '../../browser/support.ts'
import { personAt } from '../../person.ts'
import { type Company, leftIn, signIn, startCompany, userOf } from './corp.ts'
import { daemonsAt, freePort, listeningAt, startDaemon } from './daemon.ts'
import { browsermobProgram, canRunBrowsermob } from './release.ts'

/** The hosts that a HAR has requests to. */
function hostsOf(har: unknown): string[] {
  const { log } = har as { log: { entries: { request: { method: string; url: string } }[] } }
  const hosts = log.entries.map(
    ({ request }) => new URL(request.method === 'CONNECT' ? `https://${request.url}` : request.url).host,
  )
  return [...new Set(hosts)]
}

describe.skipIf(!canRunBrowsermob)('a whole login through a daemon', { timeout: 120_000 }, () => {
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

  test('that another program runs: two proxies on loopback, nothing for others, and only those are gone', async () => {
    const { sandbox, proxy, aws, portalHost } = company
    const user = userOf(company, { url: daemon.url, proxy: company.proxyUrl })
    const login = user.awsfed(['login', '--json'])
    await company.atPhone(login)
    const ours = (await daemon.rest.ports()).filter((port) => port !== foreign)
    expect(ours).toHaveLength(2)
    for (const port of ours) expect(listeningAt(port)).toEqual(['::ffff:127.0.0.1'])
    const hars = await Promise.all(ours.map((port) => daemon.rest.har(port).catch(() => undefined)))
    expect(hars.filter(Boolean).flatMap(hostsOf)).toEqual([portalHost])
    expect(JSON.stringify(hars)).toContain(encodeURIComponent(sandbox.password))
    sandbox.portal.approve()
    const { code, stdout, stderr } = await login
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('assertion received\n') })
    expect(JSON.parse(stdout)).toMatchObject({ profile: 'dev', via: 'headless' })
    // The company's proxy has led to the portal and to AWS, by its password, and to nobody else: not to Google either.
    expect([...new Set(proxy.tunnels)].sort()).toEqual([portalHost, `${signIn}:443`].sort())
    expect(proxy.refused).toEqual([])
    expect(aws.requests).toEqual([])
    expect(await daemon.rest.ports()).toEqual([foreign])
    expect(leftIn(user.state)).toEqual([])
  })

  test('that its command starts, and that has gone with it; a second login needs no password', async () => {
    const port = await freePort()
    const user = userOf(company, {
      url: `http://127.0.0.1:${port}`,
      command: `JAVA_OPTS="${company.javaOptions}" "${browsermobProgram()}" -port ${port}`,
      proxy: company.proxyUrl,
    })
    const login = user.awsfed(['login'], { env: { AWSFED_DEBUG: '1' } })
    await company.atPhone(login)
    expect(daemonsAt(port)).toHaveLength(1)
    expect(listeningAt(port)).toEqual(['::ffff:127.0.0.1'])
    company.sandbox.portal.approve()
    const first = await login
    expect(first.code, first.stderr).toBe(0)
    expect(first.stderr).toMatch(/trace .* browsermob: Running BrowserMob Proxy/)
    for (const secret of [company.sandbox.password, 'p@ss/word', 'p%40ss', 'changeit']) expect(first.stderr).not.toContain(secret)
    expect(daemonsAt(port)).toEqual([])
    expect(listeningAt(port)).toEqual([])
    expect(leftIn(user.state)).toEqual([])

    const events = company.sandbox.events.length
    const second = await user.awsfed(['login', '--force'])
    expect(second.code, second.stderr).toBe(0)
    const seen = company.sandbox.events.slice(events).map(({ what }) => what)
    expect(seen).toEqual(['assertion issued', 'AssumeRoleWithSAML'])
    expect(daemonsAt(port)).toEqual([])
    expect(company.aws.requests).toEqual([])
  })

  test.skipIf(!canHaveDisplay)('in a window, in which a person signs in', async () => {
    const { sandbox, proxy, aws, portalHost } = company
    const user = userOf(company, { url: daemon.url, proxy: company.proxyUrl })
    const env = { DISPLAY: await displayForTest(), AWSFED_INTERACTIVE: 'window' }
    proxy.tunnels.length = 0
    let opened = () => {}
    const open = new Promise<void>((resolve) => {
      opened = resolve
    })
    const login = user.awsfed(['login', '--window', '--json'], {
      env,
      onStart: (child) =>
        child.stderr?.on('data', (data) => {
          if (String(data).includes('window')) opened()
        }),
    })
    await Promise.race([open, login])
    const person = await personAt(testWorld(user.home, user.env))
    await person.sees('document.querySelector("#passwordInput")')
    await person.does(`document.querySelector("#userNameInput").value = ${JSON.stringify(sandbox.user)}`)
    await person.does(`document.querySelector("#passwordInput").value = ${JSON.stringify(sandbox.password)}`)
    const accepted = company.atPhone(login)
    await person.does('document.querySelector("#submitButton").click()')
    await accepted
    sandbox.portal.approve()
    const { code, stdout, stderr } = await login
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(JSON.parse(stdout)).toMatchObject({ via: 'window' })
    // Nor has a browser with a window spoken to anybody else.
    expect([...new Set(proxy.tunnels)].sort()).toEqual([portalHost, `${signIn}:443`].sort())
    expect(proxy.refused).toEqual([])
    expect(aws.requests).toEqual([])
    expect(await daemon.rest.ports()).toEqual([foreign])
    expect(leftIn(user.state)).toEqual([])
  })
})
