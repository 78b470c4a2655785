import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Cookie, Jar } from '../../../src/login/cookies.ts'
import { startPortal } from '../capture/servers.ts'
import { type Seen, type Sites, session, startInternet } from './internet.ts'

let internet: Awaited<ReturnType<typeof startInternet>>
beforeAll(async () => {
  internet = await startInternet()
})
afterAll(() => internet.stop())

const acs = 'https://signin.aws.amazon.com/saml'
const saml = Buffer.from('<Response><Audience>urn:amazon:webservices</Audience></Response>').toString('base64')

/** The page that posts the assertion, as most portals have it. */
const posting = (to = acs, more = '') =>
  `<html><body onload="document.forms[0].submit()"><form method="post" action="${to}">
<input type="hidden" name="SAMLResponse" value="${saml}"/><input type="hidden" name="RelayState" value="rs &amp; é+="/>${more}
<noscript><button>Continue</button></noscript></form></body></html>`

/** A page that submits a form of hidden fields to `to`. */
const passing = (to: string, fields: Readonly<Record<string, string>> = { SAMLRequest: 'r' }, method = 'post') =>
  `<body onload="document.forms[0].submit()"><form method="${method}" action="${to}">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('')}</form>`

const redirect = (location: string, status = 302, headers = {}) => ({ status, headers: { location, ...headers } })
const idp = 'https://idp.example.com'

/** Sites at which a login by plain requests gets its assertion, and what it asks for on its way. */
const ways: readonly [title: string, sites: Sites, requests: readonly string[]][] = [
  ['the form at once', { [`${idp}/`]: posting() }, [`GET ${idp}/`]],
  [
    'an assertion form with extra fields, one of them to be seen',
    { [`${idp}/`]: posting(acs, '<input name="x" value="y">') },
    [`GET ${idp}/`],
  ],
  ['a regional ACS', { [`${idp}/`]: posting('https://eu-west-1.signin.aws.amazon.com/saml') }, [`GET ${idp}/`]],
  [
    'a logout form beside it',
    {
      [`${idp}/`]: `<form method="post" action="/logout"><input type="hidden" name="t" value="1"><button>Log out</button></form>${posting()}`,
    },
    [`GET ${idp}/`],
  ],
  [
    'redirects of all kinds, relative ones too',
    {
      [`${idp}/`]: redirect('/a', 301),
      [`${idp}/a`]: redirect('b?x=1', 302),
      [`${idp}/b`]: redirect('//login.example.com/c', 303),
      'https://login.example.com/c': redirect(`${idp}/d`, 307),
      [`${idp}/d`]: redirect('./e#fragment', 308),
      [`${idp}/e`]: posting(),
    },
    [`GET ${idp}/`, `GET ${idp}/a`, `GET ${idp}/b?x=1`, 'GET https://login.example.com/c', `GET ${idp}/d`, `GET ${idp}/e`],
  ],
  [
    'a federation: a request is posted on, a response comes back',
    {
      [`${idp}/`]: passing('https://hub.example.org/sso', { SAMLRequest: 'r' }),
      'https://hub.example.org/sso': passing(`${idp}/acs`, { SAMLResponse: Buffer.from('<Response/>').toString('base64') }),
      [`${idp}/acs`]: posting(),
    },
    [`GET ${idp}/`, 'POST https://hub.example.org/sso', `POST ${idp}/acs`],
  ],
  [
    'a post that is redirected to AWS with 307',
    { [`${idp}/`]: passing('/relay', { SAMLResponse: saml }), [`${idp}/relay`]: redirect(acs, 307) },
    [`GET ${idp}/`, `POST ${idp}/relay`],
  ],
  [
    'a refresh of the page',
    { [`${idp}/`]: '<meta http-equiv="Refresh" content="0; URL=\'go?a=1&amp;b\'">', [`${idp}/go`]: posting() },
    [`GET ${idp}/`, `GET ${idp}/go?a=1&b`],
  ],
  [
    'a refresh by header',
    { [`${idp}/`]: { headers: { refresh: '1;url=/go' }, body: 'wait' }, [`${idp}/go`]: posting() },
    [`GET ${idp}/`, `GET ${idp}/go`],
  ],
  [
    'a base address and a form of GET, whose fields are the query',
    {
      [`${idp}/`]: `<base href="/deep/er/">${passing('../go?gone=1', { a: '1 &amp; 2', b: 'é' }, 'get')}`,
      [`${idp}/deep/go`]: posting(),
    },
    [`GET ${idp}/`, `GET ${idp}/deep/go?a=1+%26+2&b=%C3%A9`],
  ],
  [
    'a form without an address goes to its own page',
    { [`${idp}/`]: ({ method }: Seen) => (method === 'POST' ? posting() : passing('', { step: '2' })) },
    [`GET ${idp}/`, `POST ${idp}/`],
  ],
  ['gzip', { [`${idp}/`]: { headers: { 'content-encoding': 'gzip' }, body: gzipSync(posting()) } }, [`GET ${idp}/`]],
  ['brotli', { [`${idp}/`]: { headers: { 'content-encoding': 'br' }, body: brotliCompressSync(posting()) } }, [`GET ${idp}/`]],
]

describe('gets the assertion by', () => {
  test.each(ways)('%s', async (_, sites, requests) => {
    const { outcome, requests: made } = await internet.login(sites)
    expect(outcome).toMatchObject({ kind: 'caught', captured: { samlResponse: saml } })
    expect(made).toEqual(requests)
  })
})

test('an ACS that only the configuration knows', async () => {
  const mcas = 'https://signin.aws.amazon.com.mcas.ms/saml?McasTsid=1'
  const { outcome } = await internet.login({ [`${idp}/`]: posting(mcas) }, {}, { acsHosts: ['signin.aws.amazon.com.mcas.ms'] })
  expect(outcome).toMatchObject({ kind: 'caught', captured: { acs: mcas } })
})

/** Sites at which it stops, why, and how often it has asked by then. */
const stops: readonly [title: string, sites: Sites, why: RegExp, requests: number][] = [
  [
    'a login form',
    { [`${idp}/`]: '<form method="post"><input name="user"><input type="password" name="pw"></form>' },
    /field to fill in: user \(text\), at https:\/\/idp\.example\.com\/$/,
    1,
  ],
  [
    'a login form that a script submits (single sign-on of the desktop)',
    { [`${idp}/`]: '<body onload="document.forms[0].submit()"><form method="post"><input type="password" name="pw"></form>' },
    /field to fill in/,
    1,
  ],
  [
    'terms that a person has to agree to',
    { [`${idp}/`]: '<form method="post"><input type="hidden" name="t" value="1"><button name="agree">I agree</button></form>' },
    /form that a person or a script sends/,
    1,
  ],
  [
    'a consent whose buttons are scripts',
    {
      [`${idp}/`]:
        '<form method="post"><input type="hidden" name="t"></form><a onclick="document.forms[0].submit()">Yes</a><script>function yes() { document.forms[0].submit() }</script>',
    },
    /form that a person or a script sends/,
    1,
  ],
  [
    'a message of a federation that a person has to send on',
    {
      [`${idp}/`]:
        '<form method="post" action="/x"><input type="hidden" name="SAMLRequest" value="r"><input type="submit"></form>',
    },
    /form that a person or a script sends/,
    1,
  ],
  [
    'a logout form that a link submits',
    {
      [`${idp}/`]:
        '<form id="logout" method="post" action="/logout" style="display:none"><input type="hidden" name="t"></form><a onclick="document.getElementById(\'logout\').submit()">Log out</a>',
    },
    /form that a person or a script sends/,
    1,
  ],
  [
    'two forms, either of which may be meant',
    {
      [`${idp}/`]:
        '<form method="post" action="/a"><input type="hidden" name="SAMLRequest"></form><form method="post" action="/b"><input type="hidden" name="SAMLRequest"></form>',
    },
    /form that a person or a script sends/,
    1,
  ],
  ['a form that only who has no scripts sees', { [`${idp}/`]: `<noscript>${passing('/no')}</noscript>` }, /leads nowhere/, 1],
  [
    'a refresh that only who has no scripts sees',
    { [`${idp}/`]: '<noscript><meta http-equiv="refresh" content="0;url=/no"></noscript><script src="app.js"></script>' },
    /goes on by a script/,
    1,
  ],
  [
    'an application of scripts',
    { [`${idp}/`]: '<div id="root"></div><script src="/app.js"></script>' },
    /goes on by a script/,
    1,
  ],
  ['frames', { [`${idp}/`]: '<iframe src="/inner"></iframe>' }, /has frames/, 1],
  [
    'a page that reloads itself, as those that wait',
    { [`${idp}/`]: '<meta http-equiv="refresh" content="5">Please wait' },
    /leads nowhere/,
    1,
  ],
  [
    'a refresh at the end of the session',
    { [`${idp}/`]: '<meta http-equiv="refresh" content="900;url=/logout">' },
    /leads nowhere/,
    1,
  ],
  [
    'HTTP authentication',
    { [`${idp}/`]: { status: 401, headers: { 'www-authenticate': 'Negotiate' } } },
    /HTTP authentication \(Negotiate\)/,
    1,
  ],
  ['an error', { [`${idp}/`]: { status: 500, body: posting() } }, /HTTP status 500/, 1],
  [
    'a download',
    { [`${idp}/`]: { headers: { 'content-type': 'application/pdf' }, body: '%PDF' } },
    /no page \(application\/pdf\)/,
    1,
  ],
  ['endless redirects', { [`${idp}/`]: redirect('/') }, /not there after 30 requests/, 30],
  [
    'forms that go round in a circle',
    { [`${idp}/`]: passing('/b'), [`${idp}/b`]: passing('/') },
    /not there after 30 requests/,
    30,
  ],
  ['a page of 10 megabytes', { [`${idp}/`]: 'x'.repeat(10 * 1024 * 1024) }, /larger than a megabyte/, 1],
  [
    'a page that unpacks to 10 megabytes',
    { [`${idp}/`]: { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(10 * 1024 * 1024)) } },
    /larger than/,
    1,
  ],
  [
    'an encoding that nobody asked for',
    { [`${idp}/`]: { headers: { 'content-encoding': 'zstd' }, body: 'x' } },
    /encoded as zstd/,
    1,
  ],
  ['a page nested a hundred thousand times', { [`${idp}/`]: '<div>'.repeat(100_000) }, /very many tags/, 1],
  ['a redirect away from encryption', { [`${idp}/`]: redirect('http://idp.example.com/') }, /without encryption/, 1],
  ['a form away from encryption', { [`${idp}/`]: passing('http://idp.example.com/') }, /without encryption/, 1],
  ['a form to AWS over plain http', { [`${idp}/`]: posting('http://signin.aws.amazon.com/saml') }, /without encryption/, 1],
  ['another scheme', { [`${idp}/`]: redirect('javascript:alert(1)') }, /javascript: is not of the web/, 1],
  ['an address with a user', { [`${idp}/`]: redirect('https://jane:pw@idp.example.com/') }, /names a user/, 1],
  ['AWS without an assertion', { [`${idp}/`]: redirect('https://signin.aws.amazon.com/console') }, /is AWS/, 1],
  [
    'a look-alike of the ACS',
    { [`${idp}/`]: posting('https://signin.aws.amazon.com.example.net/saml') },
    /would go to signin\.aws\.amazon\.com\.example\.net.*acs_hosts/,
    1,
  ],
  [
    'a redirect of the assertion to another site',
    { [`${idp}/`]: passing('/r', { SAMLResponse: saml }), [`${idp}/r`]: redirect('https://other.example.net/', 307) },
    /would go to other\.example\.net/,
    2,
  ],
  [
    'a form as multipart',
    { [`${idp}/`]: '<body onload="document.forms[0].submit()"><form method="post" enctype="multipart/form-data"></form>' },
    /multipart/,
    1,
  ],
]

describe('stops at', () => {
  test.each(stops)('%s', async (_, sites, why, requests) => {
    const { outcome, requests: made } = await internet.login(sites)
    expect(outcome).toMatchObject({ kind: 'stopped', why: expect.stringMatching(why) })
    expect(made).toHaveLength(requests)
    expect(internet.tunnels.filter((target) => /amazon/.test(target))).toEqual([])
  })
})

test('a connection that is refused, a certificate that is not trusted: the browser is to say what it makes of it', async () => {
  expect((await internet.login({}, {}, { url: 'https://unknown.example.com/' })).outcome.kind).toBe('stopped')
  expect((await internet.login({}, {}, { url: 'https://127.0.0.1:9/', proxy: undefined })).outcome).toMatchObject({
    why: expect.stringContaining('ECONNREFUSED'),
  })
})

test('a portal over plain http, as the configuration warns of; secure cookies do not go there', async () => {
  const cookies: (string | undefined)[] = []
  const server = await startPortal(({ headers }, response) => {
    cookies.push(headers.cookie)
    response.writeHead(200, { 'content-type': 'text/html' }).end(posting())
  })
  onTestFinished(() => server.stop())
  const host = { ...session, domain: '127.0.0.1' }
  const jar = {
    cookies: [
      { ...host, domain: '127.0.0.2' },
      { ...host, secure: false },
    ],
  }
  // Loopback is reached without the proxy.
  expect((await internet.login({}, jar, { url: server.url })).outcome).toMatchObject({ kind: 'caught' })
  expect(cookies).toEqual(['session=jane'])
  expect((await internet.login({}, jar, { url: 'http://idp.example.com/' })).outcome).toMatchObject({
    why: expect.stringContaining('left to the browser'),
  })
})

test('a page that trickles is given up; a signal ends the login at once', async () => {
  const over = new AbortController()
  const trickling: Sites = {
    [`${idp}/`]: (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).write('<html>')
      over.abort()
      return undefined
    },
  }
  await expect(internet.login(trickling, {}, {}, over.signal)).rejects.toMatchObject({ kind: 'cancelled' })
})

test('without cookies, or without the name of their browser, nobody is asked', async () => {
  const sites = { [`${idp}/`]: posting() }
  expect(await internet.login(sites, { cookies: [] })).toMatchObject({
    outcome: { why: expect.stringContaining('no cookies') },
    requests: [],
  })
  expect(await internet.login(sites, { userAgent: undefined })).toMatchObject({
    outcome: { why: expect.stringContaining('which browser') },
    requests: [],
  })
})

describe('what is sent', () => {
  const headersAt = async (sites: Sites, jar: Partial<Jar> = {}) => {
    await internet.login(sites, jar)
    return internet.seen.map(({ url, headers }) => ({ url, ...headers }))
  }

  test('the name of the browser, the portal’s cookies, and where a form comes from', async () => {
    const [first, second] = await headersAt({ [`${idp}/`]: passing('/next'), [`${idp}/next`]: posting() })
    expect(first).toMatchObject({ 'user-agent': 'Browser/1', cookie: 'session=jane' })
    expect(first).not.toHaveProperty('referer')
    expect(first).not.toHaveProperty('origin')
    expect(second).toMatchObject({
      cookie: 'session=jane',
      origin: idp,
      referer: `${idp}/`,
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(internet.seen[1]?.body).toBe('SAMLRequest=r')
  })

  test('another site learns the origin at most, and nothing where the page forbids it', async () => {
    const at = (referrer: string) => ({
      [`${idp}/`]: { headers: { 'referrer-policy': referrer }, body: passing('https://hub.example.org/?secret=1') },
      'https://hub.example.org/': posting(),
    })
    expect((await headersAt(at('unsafe-url')))[1]).toMatchObject({ referer: `${idp}/`, origin: idp })
    expect((await headersAt(at('same-origin')))[1]).not.toHaveProperty('referer')
    expect((await headersAt(at('no-referrer')))[1]).toMatchObject({ origin: 'null' })
  })

  test('cookies stay on their host, their domain, their path and their kind of site', async () => {
    const cookie = (name: string, more: Partial<Cookie>): Cookie => ({ ...session, name, ...more })
    const cookies = [
      cookie('host', {}),
      cookie('domain', { domain: '.example.com' }),
      cookie('path', { path: '/deep' }),
      cookie('strict', { domain: 'hub.example.org', sameSite: 'Strict' }),
      cookie('lax', { domain: 'hub.example.org', sameSite: 'Lax' }),
      cookie('none', { domain: 'hub.example.org', sameSite: 'None' }),
      cookie('elsewhere', {
        domain: 'hub.example.org',
        partitionKey: { topLevelSite: 'https://example.com', hasCrossSiteAncestor: true },
      }),
      cookie('own', {
        domain: 'hub.example.org',
        partitionKey: { topLevelSite: 'https://example.org', hasCrossSiteAncestor: false },
      }),
    ]
    const seen = await headersAt(
      {
        [`${idp}/`]: '<meta http-equiv="refresh" content="0;url=https://login.example.com/">',
        'https://login.example.com/': '<meta http-equiv="refresh" content="0;url=https://hub.example.org/">',
        'https://hub.example.org/': passing('/again'),
        'https://hub.example.org/again': passing(`${idp}/deep`),
        [`${idp}/deep`]: passing('https://hub.example.org/post'),
        'https://hub.example.org/post': posting(),
      },
      { cookies },
    )
    expect(seen.map(({ url, cookie: sent }) => `${url} ${sent?.split('; ').map((pair) => pair.split('=')[0])}`)).toEqual([
      `${idp}/ host,domain`,
      'https://login.example.com/ domain',
      'https://hub.example.org/ lax,none,own',
      'https://hub.example.org/again strict,lax,none,own',
      `${idp}/deep path,host,domain`,
      'https://hub.example.org/post none,own',
    ])
  })
})

describe('the jar after it', () => {
  const jarAfter = async (cookies: readonly string[], before: readonly Cookie[] = [session]) => {
    const sites = { [`${idp}/`]: { headers: { 'set-cookie': [...cookies] }, body: posting() } }
    return (await internet.login(sites, { cookies: before })).outcome.jar
  }

  test('has what was set, and no more what was taken back', async () => {
    const { cookies, userAgent } = await jarAfter([
      'session=; Max-Age=0; Path=/',
      'fresh=1; Path=/; Secure; HttpOnly; SameSite=None',
      'wide=2; Domain=example.com; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT',
      'part=3; Path=/; Secure; Partitioned; SameSite=None',
    ])
    expect(userAgent).toBe('Browser/1')
    expect(cookies).toEqual([
      { name: 'fresh', value: '1', domain: 'idp.example.com', path: '/', secure: true, httpOnly: true, sameSite: 'None' },
      { name: 'wide', value: '2', domain: '.example.com', path: '/', secure: false, httpOnly: false, expires: 4102444800 },
      {
        name: 'part',
        value: '3',
        domain: 'idp.example.com',
        path: '/',
        secure: true,
        httpOnly: false,
        sameSite: 'None',
        partitionKey: { topLevelSite: 'https://example.com', hasCrossSiteAncestor: false },
      },
    ])
  })

  test('has nothing that a site may not set', async () => {
    const { cookies } = await jarAfter([
      'a=1; Domain=hub.example.org',
      'b=1; Domain=com',
      'c=1; Domain=signin.aws.amazon.com',
      '__Host-d=1; Domain=example.com; Secure; Path=/',
      '__Secure-e=1',
    ])
    expect(cookies).toEqual([session])
  })

  test('gives back what a browser alone knows of a cookie that nobody has touched', async () => {
    const odd: Cookie = {
      ...session,
      name: 'odd',
      priority: 'High',
      sourceScheme: 'Secure',
      sourcePort: 443,
      domain: '.example.com',
    }
    expect((await jarAfter([], [session, odd])).cookies).toEqual([session, odd])
  })
})

test('letters of another encoding are read; sent on they are only where they are plain', async () => {
  const latin = Buffer.from(
    `<meta charset="iso-8859-1"><title>é</title>${passing('/next', { SAMLRequest: 'r', name: 'é' })}`,
    'latin1',
  )
  const stopped = await internet.login({ [`${idp}/`]: { headers: { 'content-type': 'text/html' }, body: latin } })
  expect(stopped.outcome).toMatchObject({ why: expect.stringContaining('encoding of its own (windows-1252)') })
  const wide = Buffer.from(`\ufeff${posting()}`, 'utf16le')
  const read = await internet.login({ [`${idp}/`]: { headers: { 'content-type': 'text/html' }, body: wide } })
  expect(read.outcome).toMatchObject({ kind: 'caught', captured: { samlResponse: saml } })
})

test('the trace tells each step, without what may be secret in an address', async () => {
  const { trace } = await internet.login({ [`${idp}/`]: redirect('/next?token=secret'), [`${idp}/next`]: posting() })
  expect(trace).toEqual([`http: GET ${idp}/ (the portal): 302`, `http: GET ${idp}/next (redirect 302): 200`])
})
