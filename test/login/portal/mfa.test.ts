import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, html, onTo, startPortal } from './portalServer.ts'
import { signedIn } from './signing.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

const passwordForm = html(
  'Sign in',
  '<form method="post" action="/login"><label>User name <input name="user"></label><label>Password <input type="password" name="pass"></label><button>Sign in</button></form>',
)
const codeForm = (title: string, extra = '') =>
  html(
    'Verify',
    `<h1>${title}</h1><form method="post" action="/code"><label>Code <input name="code" inputmode="numeric"></label><button>Verify</button></form>${extra}`,
  )
const pushPage = (extra = '') =>
  html('Push', `<h1>Check your phone</h1><p>We sent a push notification to your device.</p>${extra}`)
const otherWay = '<p><a href="/methods">Verify with something else</a></p>'
const methods = html(
  'Choose',
  '<h1>Verify it is you</h1><ul><li><a href="/push">Push notification</a></li><li><a href="/totp">Enter a code from the authenticator app</a></li><li><a href="/sms">Text message</a></li><li><a href="/key">Security key</a></li></ul>',
)

/** A portal that asks for a password and then shows `first`; every factor of its list has a page. */
const portalWith = (first: string, more: Record<string, Answer> = {}) =>
  startPortal({
    'GET /': passwordForm,
    'POST /login': first,
    'GET /methods': methods,
    'GET /push': pushPage('<script>setTimeout(() => { location = "/done" }, 700)</script>'),
    'GET /totp': codeForm('Enter the code from your authenticator app'),
    'GET /sms': codeForm('We sent a text message to your phone'),
    'POST /code': onTo('/done'),
    ...more,
  })

describe('the factor that is wanted, where the portal begins with another', () => {
  it.each([
    ['totp', 'a push', pushPage(otherWay), 'code: Code'],
    ['totp', 'a text message', codeForm('We sent a text message to your phone', otherWay), 'code: Code'],
    ['sms', 'an authenticator', codeForm('Enter the code from your authenticator app', otherWay), 'code: Code'],
    ['push', 'a code', codeForm('Enter the code from your authenticator app', otherWay), undefined],
    ['totp', 'a security key', html('Key', `<h1>Use your security key</h1><p>Touch it now.</p>${otherWay}`), 'code: Code'],
  ] as const)('mfa = "%s" where it begins with %s', async (mfa, _title, first, code) => {
    const seen: string[] = []
    const note =
      (path: string, page: string): Answer =>
      () => {
        seen.push(path)
        return page
      }
    const portal = await portalWith(first, {
      'GET /totp': note('totp', codeForm('Enter the code from your authenticator app', otherWay)),
      'GET /sms': note('sms', codeForm('We sent a text message to your phone', otherWay)),
      'GET /push': note('push', pushPage(`${otherWay}<script>setTimeout(() => { location = "/done" }, 700)</script>`)),
    })
    const outcome = await signedIn(driver, portal, { portal: { mfa } })
    expect(outcome.error).toBeUndefined()
    expect(seen).toEqual([mfa])
    expect(outcome.asked.slice(2)).toEqual(code === undefined ? [] : [code])
  })

  it('a link to the factor itself is shorter than the list', async () => {
    const portal = await portalWith(pushPage('<a href="/totp">Use a verification code instead</a>'))
    const outcome = await signedIn(driver, portal, { portal: { mfa: 'totp' } })
    expect(outcome).toMatchObject({ error: undefined, asked: ['name', 'password of jane@example.com', 'code: Code'] })
  })

  it('a menu that is closed is opened', async () => {
    const portal = await portalWith(
      pushPage(
        `<button type="button" aria-haspopup="listbox" id="m">Push notification</button><ul id="l" role="listbox" hidden><li role="option" onclick="location='/push'">Push notification</li><li role="option" onclick="location='/totp'">Authenticator app code</li></ul><script>m.onclick = () => { l.hidden = false }</script>`,
      ),
    )
    const outcome = await signedIn(driver, portal, { portal: { mfa: 'totp' } })
    expect(outcome).toMatchObject({ error: undefined, asked: ['name', 'password of jane@example.com', 'code: Code'] })
  })
})

describe('the list of factors', () => {
  const select =
    '<h1>How do you want to sign in?</h1><form method="post" action="/choice"><select name="f"><option value="">Select…</option><option value="push">Push notification</option><option value="totp">Authenticator app</option></select><button>Continue</button></form>'
  const radios =
    '<h1>How do you want to sign in?</h1><form method="post" action="/choice"><label><input type="radio" name="f" value="push" checked>Push notification</label><label><input type="radio" name="f" value="totp">Authenticator app</label><button>Continue</button></form>'
  const icons =
    '<h1>How do you want to sign in?</h1><form method="post" action="/choice"><button name="f" value="push" aria-label="Push notification"><svg width="20" height="20"></svg></button><button name="f" value="totp" aria-label="Authenticator app"><svg width="20" height="20"></svg></button></form>'
  it.each([
    ['a select', select],
    ['radios', radios],
    ['icons with labels', icons],
  ])('%s: without mfa it is asked, in the portal’s words', async (_title, body) => {
    const portal = await startPortal({
      'GET /': html('Choose', body),
      'POST /choice': codeForm('Code'),
      'POST /code': onTo('/done'),
    })
    const outcome = await signedIn(driver, portal, {
      answers: { choose: async (_, options) => options.indexOf('Authenticator app') },
    })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual({ f: 'totp' })
  })

  it('a command that prints codes answers it, with nobody there', async () => {
    const portal = await startPortal({
      'GET /': html('Choose', radios),
      'POST /choice': codeForm('Code'),
      'POST /code': onTo('/done'),
    })
    const outcome = await signedIn(driver, portal, {
      portal: { otpCommand: 'oathtool' },
      answers: { choose: () => Promise.reject(new Error('nobody is there')), mayWaitForApproval: false },
    })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([{ f: 'totp' }, { code: '123456' }])
  })

  it('nothing but security keys: said', async () => {
    const portal = await startPortal({
      'GET /': html('Choose', '<h1>Choose</h1><button>Security key</button><button>Passkey</button><button>Smart card</button>'),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ message: expect.stringContaining('a passkey or a security key') })
  })
})

describe('push', () => {
  const turnedDown = (words: string, extra: string) =>
    portalWith(
      pushPage(
        `<div id="x"></div><script>setTimeout(() => { document.querySelector('h1').textContent = ${JSON.stringify(words)}; x.innerHTML = ${JSON.stringify(extra)} }, 600)</script>`,
      ),
    )
  it.each(['Push timed out', 'Your request was denied'])('%s, and the portal offers a code: on by the code', async (words) => {
    const portal = await turnedDown(words, '<a href="/totp">Enter a code</a>')
    const outcome = await signedIn(driver, portal)
    expect(outcome).toMatchObject({ error: undefined, asked: ['name', 'password of jane@example.com', 'code: Code'] })
    expect(outcome.lines).toContain(`the portal says: ${words}`)
  })
  it('no answer, and a list: the push is not chosen again, whatever mfa says', async () => {
    const portal = await turnedDown('We did not receive a response: the request timed out', otherWay)
    const outcome = await signedIn(driver, portal, {
      portal: { mfa: 'push' },
      answers: { choose: async (_, options) => options.findIndex((option) => option.includes('authenticator')) },
    })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.at(-1)?.path).toBe('/code')
  })
  it('turned down, and nothing else offered: refused', async () => {
    const portal = await turnedDown('Sign-in denied', '<button>Try again</button>')
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('Sign-in denied') })
  })

  it('a number is told while the page loads, draws itself anew and counts down', async () => {
    let approved = false
    const portal = await startPortal({
      'GET /': html(
        'Approve',
        `<img src="/never" width="1" height="1"><main id="m"></main><script>
let left = 600
const draw = () => { m.innerHTML = '<h1>Approve the sign-in</h1><p>Enter this number in your authenticator app</p><div style="font-size:40px">83</div><p>' + (left -= 1) + ' s left</p><button>Resend</button>' }
draw(); setInterval(draw, 40)
setInterval(() => fetch('/approved').then((r) => r.text()).then((t) => { if (t === 'yes') location = '/done' }), 200)</script>`,
      ),
      'GET /never': (_, response) => void response.flushHeaders(),
      'GET /approved': () => (approved ? 'yes' : 'no'),
    })
    // Approved only when the person has been told: else this never ends.
    const outcome = await signedIn(driver, portal, {
      onLine: (line) => {
        approved ||= line.includes('83')
      },
    })
    expect(outcome.error).toBeUndefined()
    expect(outcome.lines).toEqual(['waiting for approval (number 83): choose it on your device'])
  })
})

describe('several codes in a row', () => {
  const next = (name: string, words: string) =>
    html(
      'Token',
      `<p>${words}</p><form method="post" action="/${name}"><label>${words} <input name="${name}"></label><button>Log in</button></form>`,
    )
  const portalOfCodes = () =>
    startPortal({
      'GET /': passwordForm,
      'POST /login': next('passcode', 'Passcode'),
      'POST /passcode': next('tokencode', 'Wait until the tokencode changes and enter the new one'),
      'POST /tokencode': onTo('/done'),
    })
  it('a person is asked for each', async () => {
    const portal = await portalOfCodes()
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(outcome.asked.slice(2)).toEqual(['code: Passcode', 'code: Wait until the tokencode changes and enter the new one'])
  })
  it('a command is asked until it prints another one', async () => {
    const portal = await portalOfCodes()
    const codes = ['111111', '111111', '222222']
    const outcome = await signedIn(driver, portal, {
      portal: { otpCommand: 'oathtool' },
      answers: { otp: async () => codes.shift() ?? 'none left' },
    })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.slice(1)).toEqual([
      { path: '/passcode', fields: { passcode: '111111' } },
      { path: '/tokencode', fields: { tokencode: '222222' } },
    ])
  })
})

describe('codes on their way', () => {
  it('how the code is to come is chosen and sent, then it is asked for', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Verify',
        '<h1>Verify your identity</h1><form method="post" action="/send"><label><input type="radio" name="to" value="sms"> Text message to •••42</label><label><input type="radio" name="to" value="email"> E-mail to j•••@example.com</label><button>Send code</button></form>',
      ),
      'POST /send': codeForm('We sent a code to your e-mail'),
      'POST /code': onTo('/done'),
    })
    expect((await signedIn(driver, portal, { portal: { mfa: 'email' } })).error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([{ to: 'email' }, { code: '123456' }])
  })

  it('a frame of another site that opens its field when the factor is pressed', async () => {
    const frame = await startPortal({
      'GET /': html(
        'Two factors',
        `<h1>Choose an authentication method</h1><form method="post" action="/code"><button type="button">Send Me a Push</button><button type="button">Call Me</button><button type="button" id="b">Enter a Passcode</button><p id="p" hidden><input name="passcode" placeholder="Passcode"><button>Log In</button></p></form><script>b.onclick = () => { p.hidden = false; document.querySelectorAll('form > button').forEach((x) => x.remove()) }</script>`,
      ),
      'POST /code': '<script>top.location = document.referrer.replace("localhost", "127.0.0.1")</script>',
    })
    const portal = await startPortal({
      'GET /': html('Portal', `<iframe src="${frame.url.replace('127.0.0.1', 'localhost')}" width="600" height="400"></iframe>`),
    })
    const captured = new Promise<void>((resolve) => {
      const poll = setInterval(() => {
        if (frame.posts.length === 0) return
        clearInterval(poll)
        resolve()
      }, 50)
    })
    const outcome = await signedIn(driver, { url: portal.url, captured }, { portal: { mfa: 'totp' } })
    expect(outcome.error).toBeUndefined()
    expect(frame.posts).toEqual([{ path: '/code', fields: { passcode: '123456' } }])
  })

  it('the page draws itself anew at each step, under one address', async () => {
    const portal = await startPortal({
      'GET /': html(
        'App',
        `<div id="root"></div><script>
const post = (path, fields) => fetch(path, { method: 'POST', body: new URLSearchParams(fields) })
const draw = (html, next) => { root.innerHTML = html; root.querySelector('form').onsubmit = async (e) => { e.preventDefault(); root.querySelector('button').disabled = true; await post('/step', Object.fromEntries(new FormData(e.target))); next() } }
const one = () => draw('<form><label>User name <input name="u"></label><button>Next</button></form>', () => setTimeout(two, 400))
const two = () => draw('<p>jane</p><form><label>Password <input name="p" type="password"></label><button>Verify</button></form>', three)
const three = () => { root.innerHTML = '<h2>Verify it is you</h2><ul><li><a href="#" id="t">Enter a code (Okta Verify)</a></li><li><a href="#">Get a push notification</a></li></ul>'; t.onclick = four }
const four = () => draw('<form><label>Enter code from the app <input name="c"></label><button>Verify</button></form>', () => { location = '/done' })
one()</script>`,
      ),
      'POST /step': 'ok',
    })
    const outcome = await signedIn(driver, portal, { portal: { otpCommand: 'oathtool' } })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([{ u: 'jane@example.com' }, { p: 'correct horse' }, { c: '123456' }])
  })

  it('the code is sent first, then asked for', async () => {
    const portal = await startPortal({
      'GET /': html(
        'SMS',
        `<h1>SMS authentication</h1><button type="button" id="s">Send code</button><form method="post" action="/code" id="f" hidden><p>A code was sent to +1 XXX-42</p><label>Enter code <input name="code"></label><button>Verify</button></form><script>s.onclick = () => { s.remove(); f.hidden = false }</script>`,
      ),
      'POST /code': onTo('/done'),
    })
    expect(await signedIn(driver, portal)).toMatchObject({ error: undefined, asked: ['code: Enter code'] })
  })
  it.each([
    [
      'boxes of which the next is enabled by the one before',
      '<input class="x" type="tel" maxlength="1" style="width:30px"><input class="x" type="tel" maxlength="1" disabled style="width:30px"><input class="x" type="tel" maxlength="1" disabled style="width:30px"><input class="x" type="tel" maxlength="1" disabled style="width:30px"><input class="x" type="tel" maxlength="1" disabled style="width:30px"><input class="x" type="tel" maxlength="1" disabled style="width:30px">',
    ],
    ['boxes of type number', '<input class="x" type="number" style="width:40px">'.repeat(6)],
  ])('%s', async (_title, boxes) => {
    const portal = await startPortal({
      'GET /': passwordForm,
      'POST /login': html(
        'Code',
        `<h1>Enter the code</h1><form method="post" action="/code" id="f"><input type="hidden" name="code" id="v">${boxes}<button id="b" disabled>Verify</button></form>
<script>const x = [...document.querySelectorAll('.x')]; x.forEach((e, i) => e.addEventListener('input', () => { v.value = x.map((o) => o.value).join(''); if (x[i + 1]) { x[i + 1].disabled = false; x[i + 1].focus() } b.disabled = v.value.length < 6 }))</script>`,
      ),
      'POST /code': onTo('/done'),
    })
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.slice(1)).toEqual([{ path: '/code', fields: { code: '123456' } }])
  })
})
