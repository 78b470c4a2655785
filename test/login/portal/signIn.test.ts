import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AwsfedError } from '../../../src/base/errors.ts'
import { html, onTo, startPortal } from './portalServer.ts'
import { signedIn } from './signing.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

const passwordForm = (extra = '', action = '/login') =>
  html(
    'Sign in',
    `${extra}<form method="post" action="${action}"><label>User name <input name="user"></label><label>Password <input type="password" name="pass"></label><button>Sign in</button></form>`,
  )
const codeForm = (extra = '') =>
  html(
    'Verify',
    `${extra}<form method="post" action="/code"><label for="c">Enter the 6-digit code</label><input id="c" name="code" inputmode="numeric"><button>Verify</button></form>`,
  )

describe('forms', () => {
  it('AD FS: name and password, then the code, asked for when its field shows', async () => {
    const adfs = (inner: string, action: string) =>
      html(
        'Sign In',
        `<form method="post" id="loginForm" action="${action}"><div id="error"><span id="errorText"></span></div>${inner}<span id="submitButton" role="button" tabindex="0" onclick="document.getElementById('loginForm').submit()">Sign in</span></form>`,
      )
    const portal = await startPortal({
      'GET /': adfs(
        '<input id="userNameInput" name="UserName" type="email"><input id="passwordInput" name="Password" type="password"><input type="checkbox" id="kmsiInput" name="Kmsi" value="true"><label for="kmsiInput">Keep me signed in</label>',
        '/login',
      ),
      'POST /login': adfs(
        '<label for="verificationCodeInput">Verification code</label><input id="verificationCodeInput" name="VerificationCode">',
        '/code',
      ),
      'POST /code': onTo('/done'),
    })
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(portal.posts).toEqual([
      { path: '/login', fields: { UserName: 'jane@example.com', Password: 'correct horse', Kmsi: 'true' } },
      { path: '/code', fields: { VerificationCode: '123456' } },
    ])
    expect(outcome.asked).toEqual(['name', 'password of jane@example.com', 'code: Verification code'])
    expect(outcome.lines).toEqual(['signing in as jane@example.com'])
  })

  it('identifier first in one document, with a button that React enables, then "stay signed in?"', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Sign in',
        `<h1 id="h">Sign in</h1><form id="f"><input id="i" type="email" name="login" aria-label="Email"><button id="b" disabled>Next</button></form>
<script>let step = 0; const i = document.getElementById('i'), b = document.getElementById('b'), f = document.getElementById('f')
i.addEventListener('input', () => { b.disabled = i.value === '' })
f.addEventListener('submit', (e) => { e.preventDefault(); b.disabled = true; b.textContent = 'Working…'; setTimeout(() => {
  if (step++ === 0) { f.innerHTML = '<p>jane@example.com</p><input id="p" type="password" name="passwd" aria-label="Password"><button>Sign in</button>' }
  else fetch('/login', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ p: document.getElementById('p').value }) }).then(() => { location = '/stay' })
}, 300) })</script>`,
      ),
      'POST /login': 'ok',
      'GET /stay': html(
        'Stay signed in?',
        '<h1>Stay signed in?</h1><form method="post" action="/stay"><button name="a" value="no">No</button><button name="a" value="yes">Yes</button></form>',
      ),
      'POST /stay': onTo('/done'),
    })
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(portal.posts).toEqual([
      { path: '/login', fields: { p: 'correct horse' } },
      { path: '/stay', fields: { a: 'yes' } },
    ])
  })

  it('six boxes for the code that go off with the last digit: one POST', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': html(
        'Verify',
        `<h1>Enter the code</h1><form id="f" method="post" action="/code"><input type="hidden" name="code" id="v">${'<input class="x" maxlength="1" inputmode="numeric" style="width:30px">'.repeat(6)}<button>Verify</button></form>
<script>const x = [...document.querySelectorAll('.x')]; x.forEach((b, i) => b.addEventListener('input', () => { if (x[i + 1]) x[i + 1].focus(); else { document.getElementById('v').value = x.map((b) => b.value).join(''); x.forEach((b) => { b.disabled = true }); document.getElementById('f').submit() } }))</script>`,
      ),
      'POST /code': onTo('/done'),
    })
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.slice(1)).toEqual([{ path: '/code', fields: { code: '123456' } }])
  })

  it('a form inside a frame of another site, inside a frame', async () => {
    const inner = await startPortal({
      'GET /': `${passwordForm()}`,
      'POST /login': '<script>top.location = new URLSearchParams(location.search).get("to") ?? document.referrer</script>',
    })
    const portal = await startPortal({
      'GET /': html('Portal', '<iframe src="/middle" width="600" height="400"></iframe>'),
      'GET /middle': html(
        'Middle',
        `<iframe src="${inner.url.replace('127.0.0.1', 'localhost')}" width="500" height="300"></iframe>`,
      ),
    })
    const over = inner.posts
    const captured = new Promise<void>((resolve) => {
      const poll = setInterval(() => {
        if (over.length > 0) {
          clearInterval(poll)
          resolve()
        }
      }, 50)
    })
    const outcome = await signedIn(driver, { url: portal.url, captured })
    expect(outcome.error).toBeUndefined()
    expect(over).toEqual([{ path: '/login', fields: { user: 'jane@example.com', pass: 'correct horse' } }])
  })

  it('a form in a popup that the portal opens', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Portal',
        "<h1>Welcome</h1><button onclick=\"window.open('/popup', 'p', 'width=500,height=400')\">Sign in</button>",
      ),
      'GET /popup': passwordForm(),
      // The popup closes itself, and the portal's own window goes on.
      'POST /login': '<script>opener.location = "/done"; close()</script>',
    })
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(portal.posts).toHaveLength(1)
  })

  it('a portal that lets the cookies in asks for nothing', async () => {
    const portal = await startPortal({ 'GET /': onTo('/done') })
    const outcome = await signedIn(driver, portal)
    expect(outcome).toMatchObject({ error: undefined, asked: [], lines: [] })
  })
})

describe('refusals', () => {
  it('a wrong password: one POST, the portal’s words', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': passwordForm(
        '<div class="error" role="alert">Incorrect user ID or password. Type the correct user ID and password, and try again.</div>',
      ),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({
      kind: 'refused',
      message:
        'the portal refused the sign-in: "Incorrect user ID or password. Type the correct user ID and password, and try again."',
    })
    expect(portal.posts).toHaveLength(1)
  })

  it('a wrong password, said in the same document', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Anmelden',
        `<form id="f"><input name="benutzer" placeholder="Benutzername"><input type="password" name="p" placeholder="Kennwort"><p id="m" aria-live="polite"></p><button>Anmelden</button></form>
<script>document.getElementById('f').addEventListener('submit', (e) => { e.preventDefault(); fetch('/login', { method: 'POST' }).then(() => { document.getElementById('m').textContent = 'Benutzername oder Kennwort falsch.' }) })</script>`,
        'de',
      ),
      'POST /login': 'no',
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({
      kind: 'refused',
      message: 'the portal refused the sign-in: "Benutzername oder Kennwort falsch."',
    })
    expect(portal.posts).toHaveLength(1)
  })

  it('a wrong password in a language that no table knows, in no alert: one POST, the new words', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': passwordForm('<p>Käyttäjätunnus tai salasana on väärä.</p>'),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({
      kind: 'refused',
      message: 'the portal refused the sign-in: "Käyttäjätunnus tai salasana on väärä."',
    })
    expect(portal.posts).toHaveLength(1)
  })

  it('the same form again without a word: sent at most twice, the password asked for once', async () => {
    const portal = await startPortal({ 'GET /': passwordForm(), 'POST /login': passwordForm() })
    const { error, asked } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('gave no reason') })
    expect(portal.posts).toHaveLength(2)
    expect(asked).toEqual(['name', 'password of jane@example.com'])
  })

  const wrong = '<p>Käyttäjätunnus tai salasana on väärä.</p>'
  const anew = (extra = '') => {
    const id = randomUUID().slice(0, 8)
    return html(
      'Sign in',
      `${extra}<form method="post" action="/login"><input name="u${id}" placeholder="User name"><input type="password" name="p${id}" placeholder="Password"><button>Sign in</button></form>`,
    )
  }
  const nameForm = html(
    'Sign in',
    '<form method="post" action="/name"><label>User name <input name="user"></label><button>Next</button></form>',
  )
  const onlyPassword = (field: string, extra = '') =>
    html('Sign in', `<form method="post" action="/login">${extra}<input type="password" ${field}><button>Sign in</button></form>`)

  describe.each<[title: string, pages: Record<string, () => string>, words: string]>([
    ['fields that are named anew each time', { 'GET /': () => anew(), 'POST /login': () => anew(wrong) }, 'salasana on väärä'],
    [
      'the name beside the password, after a page for each',
      {
        'GET /': () => nameForm,
        'POST /name': () => onlyPassword('name="pass" placeholder="Password"'),
        'POST /login': () => passwordForm('<div class="error">Wrong user name or password.</div>'),
      },
      'Wrong user name or password.',
    ],
    [
      'the password in a field of another name',
      { 'GET /': () => passwordForm(), 'POST /login': () => onlyPassword('name="again" placeholder="Password"', wrong) },
      'salasana on väärä',
    ],
    [
      'the password in a field that does not say what it is for',
      {
        'GET /': () => nameForm,
        'POST /name': () => onlyPassword('name="pass" placeholder="Password"'),
        'POST /login': () => onlyPassword('name="pass"', '<div role="alert">Your account or password is incorrect.</div>'),
      },
      'Your account or password is incorrect.',
    ],
  ])('a wrong password, and then %s', (_, pages, words) => {
    it('one POST of it, the portal’s words, and no code is asked for', async () => {
      const portal = await startPortal(pages)
      const { error, asked } = await signedIn(driver, portal)
      expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) })
      expect(portal.posts.filter(({ path }) => path === '/login')).toHaveLength(1)
      expect(asked).toEqual(['name', 'password of jane@example.com'])
    })
  })

  it('fields that are named anew each time, without a word: sent at most twice', async () => {
    const portal = await startPortal({ 'GET /': () => anew(), 'POST /login': () => anew() })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('gave no reason') })
    expect(portal.posts).toHaveLength(2)
  })

  it.each([
    [403, 'refused', 'Go away'],
    [500, 'failed', 'HTTP status 500'],
  ])('HTTP status %i as the answer: %s', async (status, kind, words) => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': (_, response) => {
        response.statusCode = status
        return html('Oh', '<h1>Go away</h1>')
      },
    })
    const { error } = await signedIn(driver, portal, { speed: 4 })
    expect(error).toMatchObject({ kind, message: expect.stringContaining(words) })
    expect(portal.posts).toHaveLength(1)
  })

  it('a message box says that the password is wrong', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': passwordForm('<script>setTimeout(() => alert("Invalid credentials"), 50)</script>'),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('Invalid credentials') })
    expect(portal.posts).toHaveLength(1)
  })

  it('a locked account on a page of its own', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': html(
        'Error',
        '<h1>Sign-in is not possible</h1><p class="error">Your account has been locked. Contact the help desk.</p>',
      ),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('Your account has been locked') })
  })

  it('an expired password is never changed', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': html(
        'Update password',
        '<h1>Update password</h1><p class="error">Your password has expired.</p><form method="post" action="/change"><label>Old password <input type="password" name="old"></label><label>New password <input type="password" name="new"></label><label>Confirm new password <input type="password" name="again"></label><button>Submit</button></form>',
      ),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('wants a new password') })
    expect(portal.posts).toHaveLength(1)
  })

  const wrongCode = () => {
    let tries = 0
    return startPortal({
      'GET /': passwordForm(),
      'POST /login': codeForm(),
      'POST /code': (_, response) =>
        ++tries === 2 ? onTo('/done')({}, response) : codeForm('<p role="alert">That code is not valid.</p>'),
    })
  }
  it('a wrong code of a person: asked for once more', async () => {
    const portal = await wrongCode()
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.filter(({ path }) => path === '/code')).toHaveLength(2)
    expect(outcome.lines).toContain('the portal says: That code is not valid.')
  })
  it('a wrong code of a command: never again', async () => {
    const portal = await wrongCode()
    const { error } = await signedIn(driver, portal, { portal: { otpCommand: 'oathtool' } })
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('That code is not valid.') })
    expect(portal.posts.filter(({ path }) => path === '/code')).toHaveLength(1)
  })
})

describe('approval and factors', () => {
  const pushPage = html(
    'Approve',
    `<h1>Approve the sign-in request</h1><p>Open your authenticator app and enter the number shown.</p><div id="n" style="font-size:40px">42</div>
<script>setTimeout(() => { document.getElementById('n').textContent = '57' }, 1500); setTimeout(() => { location = '/done' }, 3000)</script>`,
  )
  it('a number to match is told, and told again when it changes', async () => {
    const portal = await startPortal({ 'GET /': passwordForm(), 'POST /login': pushPage })
    const outcome = await signedIn(driver, portal)
    expect(outcome.error).toBeUndefined()
    expect(outcome.lines).toEqual([
      'signing in as jane@example.com',
      'waiting for approval (number 42): choose it on your device',
      'waiting for approval (number 57): choose it on your device',
    ])
  })
  it('nobody there to approve: a login is needed', async () => {
    const portal = await startPortal({ 'GET /': pushPage })
    const { error } = await signedIn(driver, portal, { answers: { mayWaitForApproval: false } })
    expect(error).toMatchObject({ kind: 'login-needed' })
  })
  it('a push that is turned down', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Approve',
        '<h1 id="h">Check your phone</h1><p>We sent a push notification to your device.</p><script>setTimeout(() => { document.getElementById("h").textContent = "Your request was denied" }, 900)</script>',
      ),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('Your request was denied') })
  })
  const choice = () =>
    startPortal({
      'GET /': html(
        'Choose',
        '<h1>Verify your identity</h1><form method="post" action="/choice"><button name="f" value="push">Approve a request on my phone</button><button name="f" value="totp">Use a code from my authenticator app</button><button name="f" value="key">Use a security key</button></form>',
      ),
      'POST /choice': codeForm(),
      'POST /code': onTo('/done'),
    })
  it('mfa = "totp" chooses among the factors', async () => {
    const portal = await choice()
    const outcome = await signedIn(driver, portal, { portal: { mfa: 'totp' } })
    expect(outcome).toMatchObject({ error: undefined, asked: ['code: Enter the 6-digit code'] })
    expect(portal.posts[0]?.fields).toEqual({ f: 'totp' })
  })
  it('without mfa the person chooses, of what can be done here', async () => {
    const portal = await choice()
    const outcome = await signedIn(driver, portal, {
      answers: { choose: async (_, options) => options.findIndex((option) => option.includes('code')) },
    })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual({ f: 'totp' })
  })
})

describe('what cannot go on', () => {
  it.each([
    ['http://127.0.0.1:1/', 'unsafe port'],
    ['http://portal.invalid/', 'name not known'],
  ])('%s is unreachable at once', async (url) => {
    const { error } = await signedIn(driver, { url, captured: new Promise(() => {}) })
    expect(error).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^the portal \S+ .*\(((ERR|DNS)_\w+|deniedPortAccess|dnsNotFound)\)$/),
    })
  })
  it('a page that is not understood is described, without values', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Riddle',
        '<h1>What walks on four legs?</h1><input aria-label="Colour of the sphinx" value="hidden value"><input type="file">',
      ),
    })
    const { error } = await signedIn(driver, portal, { speed: 20 })
    expect(error).toMatchObject({ kind: 'failed', hint: expect.stringContaining('awsfed login --window') })
    expect(error?.message).toContain('"Riddle" at 127.0.0.1')
    expect(error?.message).toContain('Colour of the sphinx')
    expect(error?.message).not.toContain('hidden value')
  })
  it('HTTP authentication is named', async () => {
    const portal = await startPortal({
      'GET /': (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="corp"' }).end(),
    })
    const { error } = await signedIn(driver, portal, { speed: 10 })
    expect(error).toMatchObject({ kind: 'failed', message: expect.stringMatching(/401|ERR_INVALID_AUTH|HTTP authentication/) })
  })
  it('an aborted signal ends it at once, with its own reason', async () => {
    const portal = await startPortal({ 'GET /': html('Nothing', '<p>Nothing here.</p>') })
    const over = new AbortController()
    const reason = new AwsfedError('cancelled', 'cancelled by Ctrl-C', { hint: 'run it again' })
    setTimeout(() => over.abort(reason), 500)
    expect((await signedIn(driver, portal, { signal: over.signal })).error).toBe(reason)
  })
})

describe('in a window', () => {
  it('what nobody may be asked for is left to the person; a refusal too', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(),
      'POST /login': passwordForm('<p role="alert">Wrong password</p>'),
    })
    const needed = () => Promise.reject(new AwsfedError('login-needed', 'no', { hint: 'no' }))
    const over = new AbortController()
    // The person types the password, wrongly the first time.
    const typing = (async () => {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 100))
        if (portal.posts.length > 0) break
      }
      await new Promise((resolve) => setTimeout(resolve, 1500))
      over.abort(new AwsfedError('cancelled', 'enough', { hint: 'no' }))
    })()
    const outcome = await signedIn(driver, portal, { window: true, signal: over.signal, answers: { otp: needed } })
    await typing
    expect(outcome.error?.message).toBe('enough')
    expect(portal.posts).toHaveLength(1)
  })
})
