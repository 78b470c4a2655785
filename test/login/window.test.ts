import { readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { loadConfig } from '../../src/base/config.ts'
import type { Environment } from '../../src/base/paths.ts'
import type { World } from '../../src/base/world.ts'
import { answersFor } from '../../src/login/answering.ts'
import { calm } from '../../src/login/calm.ts'
import { readJar } from '../../src/login/cookies.ts'
import { ensureSession, type LoginRequest, type Status } from '../../src/login/index.ts'
import { withAssertion } from '../../src/login/portalLogin.ts'
import { waysFor } from '../../src/login/ways.ts'
import { canHaveDisplay, displayForTest } from '../support/display.ts'
import { scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'
import { testWorld } from '../support/world.ts'
import { testPortal } from './browser/portal.ts'
import { pidsOf } from './browser/support.ts'
import { startPortal } from './capture/servers.ts'
import { type Person, personAt } from './person.ts'

// Two browsers one after the other, and pages that are watched for a while before they are given up.
vi.setConfig({ testTimeout: 90_000 })

const saml = Buffer.from('<Response/>').toString('base64')
const posting = `<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" name="SAMLResponse" value="${saml}"></form><script>document.forms[0].submit()</script>`

type Pages = Readonly<Record<string, string | ((request: IncomingMessage, response: ServerResponse) => string | undefined)>>

/** A login at a portal of these pages, as far as the assertion; with a display, unless `env` says otherwise. */
async function login(pages: Pages, request: Partial<LoginRequest> = {}, env: Environment = {}) {
  const seen: string[] = []
  const server = await startPortal((incoming, response) => {
    const address = incoming.url?.split('?')[0] ?? ''
    if (address !== '/favicon.ico') seen.push(`${incoming.method} ${address} ${incoming.headers.cookie ?? ''}`.trim())
    const page = pages[address]
    const text = typeof page === 'function' ? page(incoming, response) : page
    if (text === undefined) response.writeHead(404)
    else if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(text)
  })
  onTestFinished(() => server.stop())
  const home = temporaryFolder()
  const trace: string[] = []
  const display = env.DISPLAY ?? (await displayForTest())
  const world = testWorld(home, {
    env: scrubbedEnvironment(home, { DISPLAY: display, ...env }),
    trace: (line) => void trace.push(line),
  })
  const portal = testPortal({ url: `${server.url}/`, username: 'jane', passwordCommand: 'echo passw0rd; echo run >> runs' })
  const statuses: Status[] = []
  const asked: LoginRequest = { asking: 'auto', report: (status) => statuses.push(status), ...request }
  const answers = answersFor(world, portal, { request: asked, calm: calm(asked.report), command: 'awsfed login -p dev' })
  const over = new AbortController()
  const given = {
    ways: waysFor(asked),
    answers,
    report: asked.report,
    signal: over.signal,
    windowCommand: 'awsfed login -p dev --window',
    withoutCookies: false,
  }
  const ended = withAssertion(world, portal, given, async ({ samlResponse }, way) => ({ samlResponse, way }))
  ended.catch(() => {})
  onTestFinished(() => over.abort())
  return { url: server.url, seen, world, portal, statuses, trace, over, ended, kinds: () => statuses.map(({ kind }) => kind) }
}

/** Until the login has opened its window. */
const windowOf = async (world: World, statuses: readonly Status[]): Promise<Person> => {
  await expect.poll(() => statuses.some(({ kind }) => kind === 'window'), { timeout: 60_000 }).toBe(true)
  return personAt(world)
}

const browsersOf = (world: World) => pidsOf(`${world.paths.state}/browsers`)

/** A page that wants what only a person can do, at an address of its own, after the portal has set a cookie. */
const keyPages: Pages = {
  '/': (_, response) => {
    response.writeHead(302, { location: '/key?flow=1', 'set-cookie': 'flow=1; Path=/' })
    return ''
  },
  '/key': ({ headers }) =>
    headers.cookie?.includes('flow=1')
      ? '<h1>Terms of use</h1><p>Please read and accept the terms of use.</p><form action="/done"><button>I agree</button></form>'
      : undefined,
  '/done': posting,
}

test.skipIf(!canHaveDisplay)(
  'what only a person can do opens a window, where the headless browser has stopped, with its cookies',
  async () => {
    const { world, statuses, ended, url, seen, portal, trace, kinds } = await login(keyPages)
    const person = await windowOf(world, statuses)
    expect(await person.sees('document.querySelector("button")')).toBe(`${url}/key?flow=1`)
    await person.does('document.querySelector("button").click()')
    expect(await ended).toEqual({ samlResponse: saml, way: 'window' })
    expect(kinds()).toEqual(['window', 'captured'])
    expect(statuses[0]).toMatchObject({ why: expect.stringContaining('terms') })
    expect(seen).toEqual(['GET /', 'GET /key flow=1', 'GET /key flow=1', 'GET /done flow=1'])
    expect(trace.filter((line) => line.startsWith('login: '))).toEqual([
      'login: on to headless: no cookies of this portal are kept',
      expect.stringMatching(/^login: on to window: the portal wants terms/),
      'login: the assertion is there, by window',
    ])
    expect(readJar(world.paths, portal.name).cookies).toMatchObject([{ name: 'flow' }])
    expect(browsersOf(world)).toEqual([])
  },
)

test.skipIf(!canHaveDisplay)('a page that cannot be opened again: the window begins anew', async () => {
  const { world, statuses, ended, url } = await login({
    '/': '<form method="post" action="/step"><input name="user" autocomplete="username"><button>Next</button></form>',
    '/step': ({ method }) =>
      method === 'POST' ? '<h1>Terms of use</h1><p>Accept the terms of use.</p><button>I agree</button>' : undefined,
  })
  const person = await windowOf(world, statuses)
  // What is filled in there is the user name only, and sent: the person comes to the same page.
  expect(await person.sees('document.body.innerText.includes("Terms of use")')).toBe(`${url}/step`)
  await person.closesWindow()
  await expect(ended).rejects.toMatchObject({ kind: 'cancelled' })
  expect(browsersOf(world)).toEqual([])
})

test.skipIf(!canHaveDisplay)('no window where none is allowed, and none after the portal’s no', async () => {
  const terminal = await login(keyPages, { asking: 'terminal' })
  await expect(terminal.ended).rejects.toMatchObject({ kind: 'refused', hint: expect.stringContaining('awsfed login --window') })
  expect(terminal.kinds()).toEqual([])

  const refusing = await login({
    '/': ({ method }) =>
      `${method === 'POST' ? '<p role="alert">Incorrect user ID or password.</p>' : ''}<form method="post"><input name="user" autocomplete="username"><input type="password" name="pw"><button>Sign in</button></form>`,
  })
  await expect(refusing.ended).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('Incorrect user ID') })
  expect(refusing.kinds()).not.toContain('window')
  expect(refusing.seen.filter((line) => line.startsWith('POST'))).toHaveLength(1)
})

test('no display: the error says so, and what to run where there is one', async () => {
  const { ended, world } = await login(keyPages, {}, { DISPLAY: '' })
  await expect(ended).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/^the portal wants terms .*; and no window can be opened: there is no display/),
    hint: 'run `awsfed login -p dev --window` where there is a desktop, or through `ssh -X`',
  })
  expect(browsersOf(world)).toEqual([])
  const at = await login(keyPages, { asking: 'window', windowAtOnce: true }, { DISPLAY: '' })
  await expect(at.ended).rejects.toMatchObject({ kind: 'failed', message: expect.stringContaining('cannot open a window') })
  expect(at.seen).toEqual([])
})

const passwordPages: Pages = {
  '/': '<form method="post" action="/in"><input name="user" autocomplete="username"><input type="password" name="pw"><button>Sign in</button></form>',
  '/in': posting,
}

test.skipIf(!canHaveDisplay)(
  'asking in a window: cookies are tried without one, the password command is run in it only',
  async () => {
    const { ended, kinds, world, seen, trace } = await login(passwordPages, { asking: 'window' })
    expect(await ended).toEqual({ samlResponse: saml, way: 'window' })
    expect(kinds()).toEqual(['window', 'signing-in', 'captured'])
    expect(seen).toEqual(['GET /', 'GET /', 'POST /in'])
    expect(readFileSync(`${world.home}/runs`, 'utf8')).toBe('run\n')
    expect(trace.find((line) => line.startsWith('login: on to window'))).toMatch(
      /a password, and without a window only cookies are tried/,
    )
  },
)

test.skipIf(!canHaveDisplay)('HTTP authentication is the person’s, in the browser’s own box', async () => {
  const { ended, world, statuses, over } = await login({
    '/': ({ headers }, response) => {
      if (headers.authorization) return posting
      response.writeHead(401, { 'www-authenticate': 'Basic realm="corp"' })
      return 'Unauthorized'
    },
  })
  await windowOf(world, statuses)
  expect(statuses).toMatchObject([{ kind: 'window', why: expect.stringContaining('HTTP authentication') }])
  over.abort()
  await expect(ended).rejects.toMatchObject({ kind: 'cancelled' })
})

test.skipIf(!canHaveDisplay)('no window for an outage of the portal: there is nothing to be done in it', async () => {
  const { ended, kinds } = await login({
    '/': (_, response) => {
      response.writeHead(503, { 'content-type': 'text/html' })
      return '<h1>Service unavailable</h1>'
    },
  })
  await expect(ended).rejects.toMatchObject({ kind: 'failed', message: expect.stringContaining('HTTP status 503') })
  expect(kinds()).toEqual([])
})

test.skipIf(!canHaveDisplay)(
  'a page that nobody understands: a window, and the password is the person’s from there on',
  async () => {
    const { ended, world, statuses, seen } = await login({
      '/': passwordPages['/'] ?? '',
      '/in': ({ method }) => (method === 'POST' ? '<h1>Zzyzx qux</h1><p>Frob the widget</p><canvas></canvas>' : undefined),
    })
    const person = await windowOf(world, statuses)
    expect(statuses.at(-1)).toMatchObject({ why: expect.stringContaining('"Zzyzx qux"') })
    // The page cannot be opened again; at the first one the name is filled in, and the password, which may have been wrong, not.
    await person.sees('document.querySelector("[name=user]")?.value === "jane"')
    await person.does('document.querySelector("[name=pw]").value = "by hand"; document.forms[0].submit()')
    await person.sees('document.body.innerText.includes("Zzyzx")')
    expect(seen.filter((line) => line.startsWith('POST'))).toHaveLength(2)
    await person.closesWindow()
    await expect(ended).rejects.toMatchObject({ kind: 'cancelled' })
  },
)

test.skipIf(!canHaveDisplay)('a window at once: nothing before it', async () => {
  const { ended, kinds, seen, statuses } = await login(passwordPages, { asking: 'window', windowAtOnce: true })
  expect(await ended).toEqual({ samlResponse: saml, way: 'window' })
  expect(kinds()).toEqual(['window', 'signing-in', 'captured'])
  expect(statuses[0]).toEqual({ kind: 'window' })
  expect(seen).toEqual(['GET /', 'POST /in'])
})

test.skipIf(!canHaveDisplay)('a signal closes the window', async () => {
  const { ended, statuses, world, over } = await login(keyPages)
  const person = await windowOf(world, statuses)
  await person.sees('document.querySelector("button")')
  over.abort()
  await expect(ended).rejects.toMatchObject({ kind: 'cancelled' })
  expect(browsersOf(world)).toEqual([])
})

test.skipIf(!canHaveDisplay)('an expired password is changed by the person in the window; the session says so', async () => {
  const sandbox = await sandboxForTest({ factor: 'none' })
  sandbox.portal.expirePassword()
  const home = temporaryFolder()
  const world = testWorld(home, { env: scrubbedEnvironment(home, { ...sandbox.environment, DISPLAY: await displayForTest() }) })
  writeFileSync(world.paths.config, readFileSync(world.paths.config, 'utf8'))
  const config = loadConfig(world.paths.config)
  const profile = config.profiles.get('dev')
  if (!profile) throw new Error('no profile')
  const statuses: Status[] = []
  const ended = ensureSession(world, config, profile, { asking: 'auto', report: (status) => statuses.push(status) })
  ended.catch(() => {})
  const person = await windowOf(world, statuses)
  await person.sees('document.querySelector("#newPasswordInput")')
  const fill = (id: string, value: string) => `document.getElementById(${JSON.stringify(id)}).value = ${JSON.stringify(value)};`
  await person.does(
    `${fill('oldPasswordInput', sandbox.password)}${fill('newPasswordInput', 'fresh-pass-word')}${fill('confirmNewPasswordInput', 'fresh-pass-word')}document.querySelector('form').submit()`,
  )
  // The portal then asks for the new one.
  await person.sees('document.querySelector("#passwordInput")')
  await person.does(`${fill('passwordInput', 'fresh-pass-word')}document.querySelector('form').submit()`)
  expect(await ended).toMatchObject({ via: 'window' })
  expect(sandbox.events.filter(({ what }) => what === 'password refused')).toEqual([])
})
