import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { html, onTo, startPortal } from './portalServer.ts'
import { signedIn } from './signing.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

const form = (more = '', attributes = 'method="post" action="/login"') =>
  `<form ${attributes}><label>User name <input name="user"></label><label>Password <input type="password" name="pass"></label>${more}<button>Sign in</button></form>`
const jane = { user: 'jane@example.com', pass: 'correct horse' }

describe('what only a person can do ends the try, and says what it is', () => {
  it.each([
    [
      'a captcha beside the password',
      form('<div class="g-recaptcha" style="width:300px;height:70px"></div>'),
      'a captcha to be solved',
    ],
    [
      'letters in a picture',
      form(
        '<img alt="captcha" src="/c.png" width="200" height="60"><label>Type the characters you see <input name="answer"></label>',
      ),
      'a captcha to be solved',
    ],
    [
      'a passkey',
      '<h1>Use your passkey</h1><p>Your browser will ask for it.</p><button>Try again</button>',
      'a passkey or a security key',
    ],
    [
      'a device that is not managed',
      '<h1>Access blocked</h1><p>Your device is not compliant with the policy of Contoso.</p>',
      'a device that the company manages',
    ],
    [
      'a form that sends to a stranger',
      form('', 'method="post" action="https://collect.stranger.example/in"'),
      'your sign-in data to be sent to another site',
    ],
    [
      'a form that a recipe knows and that sends to a stranger',
      '<form method="post" action="https://collect.stranger.example/in"><input id="userNameInput" name="UserName" type="email"><input id="passwordInput" name="Password" type="password"><span id="submitButton" role="button">Sign in</span></form>',
      'your sign-in data to be sent to another site',
    ],
    [
      'terms beside nothing',
      '<h1>Terms of use</h1><p>Please read our terms of use.</p><button>Accept</button><button>Decline</button>',
      'terms to be accepted',
    ],
    [
      'a box to be ticked beside the password',
      form('<label><input type="checkbox" name="agree" required> I accept the terms of use</label>'),
      'terms to be accepted',
    ],
    [
      'a field that is nothing to sign in with',
      form('<label>Badge colour <input name="badge" required></label>'),
      'a field to be filled in',
    ],
    [
      'a new password, in two fields that nothing but their labels calls new',
      '<h1>Hello Jane</h1><form><label>Nueva contraseña <input type="password" name="a"></label><label>Repita la contraseña <input type="password" name="b"></label><button>Guardar</button></form>',
      'a new password',
    ],
    [
      'a new PIN',
      '<h1>New PIN required</h1><form><label>New PIN <input type="password" name="a"></label><label>Confirm PIN <input type="password" name="b"></label><button>OK</button></form>',
      'a new password',
    ],
    [
      'a question',
      '<h1>One more thing</h1><form><label>What was the name of your first pet? <input name="answer"></label><button>Next</button></form>',
      'an answer to a question',
    ],
    [
      'a factor to be set up',
      '<h1>Set up your authenticator</h1><p>Scan the QR code</p><form><label>Code <input name="c"></label><button>Next</button></form>',
      'a factor to be set up',
    ],
  ])('%s', async (_title, body, wants) => {
    const portal = await startPortal({ 'GET /': html('Portal', body) })
    const { error, asked } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining(`wants ${wants}`) })
    expect(error?.hint).toContain('awsfed login --window')
    expect(portal.posts).toEqual([])
    expect(asked).toEqual([])
  })

  it('a locked account: said, and no way out is offered that is none', async () => {
    const portal = await startPortal({ 'GET /': html('Sorry', '<h1>Your account is locked</h1><p>Call the help desk.</p>') })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: 'the portal refused the sign-in: "Your account is locked"' })
  })
})

describe('what may be passed', () => {
  it('a captcha that lets people pass by itself', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Portal',
        `${form('<div class="cf-turnstile" style="width:300px;height:65px"><input type="hidden" name="cf-turnstile-response" id="t"></div>')}<script>setTimeout(() => { t.value = 'passed' }, 1500)</script>`,
      ),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual({ ...jane, 'cf-turnstile-response': 'passed' })
  })

  it('a way around the passkey', async () => {
    const portal = await startPortal({
      'GET /': html('Portal', '<h1>Sign in with your passkey</h1><button>Continue</button><a href="/other">Try another way</a>'),
      'GET /other': html('Portal', form()),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual(jane)
  })

  it.each([
    [
      'a password that will expire',
      '<h1>Your password will expire in 5 days</h1><p>You should change your password.</p>',
      'Change password',
      'Continue',
    ],
    [
      'a factor that may be set up later',
      '<h1>Set up your authenticator</h1><p>14 days until this is required.</p>',
      'Next',
      'Skip for now',
    ],
    [
      'a passkey that may be made later',
      '<h1>Create a passkey</h1><p>Sign in faster with a passkey.</p>',
      'Create a passkey',
      'Not now',
    ],
    ['a factor, in Polish', '<h1>Skonfiguruj aplikację</h1>', 'Dalej', 'Pomiń na razie'],
  ])('%s is put off', async (_title, body, yes, later) => {
    const portal = await startPortal({
      'GET /': html('Portal', form()),
      'POST /login': html(
        'Portal',
        `${body}<form method="post" action="/answer"><button name="a" value="yes">${yes}</button><button name="a" value="later">${later}</button></form>`,
      ),
      'POST /answer': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([jane, { a: 'later' }])
  })

  it('the password in the place of a passkey', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Portal',
        '<h1>Face, fingerprint or security key</h1><p>Your browser will ask for your passkey.</p><a href="/forgot">Forgot password?</a><a href="/password">Use your password instead</a>',
      ),
      'GET /password': html('Portal', form()),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual(jane)
  })

  it.each([
    ['over the button', 'position:fixed;left:0;right:0;top:0;bottom:0;background:#fffc'],
    ['at the foot of the page', 'position:fixed;left:0;right:0;bottom:0;background:#ddd'],
  ])('a cookie banner %s: answered with as little as can be', async (_title, style) => {
    const portal = await startPortal({
      'GET /': html(
        'Portal',
        `${form()}<div style="${style}" id="banner"><p>We value your privacy. We use cookies.</p><button id="yes">Accept all</button><button id="no">Reject all</button></div>
<script>for (const b of [yes, no]) b.onclick = () => { banner.remove(); document.cookie = 'choice=' + b.id }</script>`,
      ),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual(jane)
    expect(await driver.cookie('choice')).toBe('no')
  })

  it('a modal message box before the form', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Portal',
        `${form()}<dialog id="d"><p>Maintenance on Sunday from 6 to 8.</p><button id="ok">OK</button></dialog><script>d.showModal(); ok.onclick = () => d.close()</script>`,
      ),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual(jane)
  })

  it('a spinner that lies over the form for a while', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Portal',
        `${form()}<div id="s" style="position:fixed;inset:0;background:#fff8">Loading</div><script>
document.querySelector('form').addEventListener('click', (e) => { if (document.getElementById('s')) e.preventDefault() }, true)
setTimeout(() => s.remove(), 1800)</script>`,
      ),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([jane])
  })
})

describe('lists before and beside the form', () => {
  const domains = (chosen: string) =>
    form(
      `<label>Domain <select name="domain"><option value="">Choose a domain</option><option value="corp" ${chosen}>CORP</option><option value="lab">LAB</option></select></label>`,
    )
  const portalOf = (body: string) => startPortal({ 'GET /': html('Portal', body), 'POST /login': onTo('/done') })

  it('a domain that nobody has chosen: asked', async () => {
    const portal = await portalOf(domains(''))
    const outcome = await signedIn(driver, portal, { answers: { choose: async (_, options) => options.indexOf('LAB') } })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual({ ...jane, domain: 'lab' })
  })
  it('the domain of the user’s name', async () => {
    const portal = await portalOf(domains(''))
    const outcome = await signedIn(driver, portal, {
      portal: { username: 'lab\\jane' },
      answers: { username: async () => 'lab\\jane' },
    })
    expect(outcome).toMatchObject({ error: undefined, asked: ['password of lab\\jane'] })
    expect(portal.posts[0]?.fields).toMatchObject({ domain: 'lab' })
  })
  it('a domain that the portal has chosen stays', async () => {
    const portal = await portalOf(domains('selected'))
    expect((await signedIn(driver, portal)).asked).toEqual(['name', 'password of jane@example.com'])
    expect(portal.posts[0]?.fields).toMatchObject({ domain: 'corp' })
  })

  const accounts = (names: readonly string[]) =>
    html(
      'Portal',
      `<h1>Pick an account</h1>${names.map((name) => `<div role="button" style="cursor:pointer" onclick="location='/as/${name}'">Somebody<br>${name}</div>`).join('')}<div role="button" style="cursor:pointer" onclick="location='/other'">Use another account</div>`,
    )
  it.each([
    ['the account of the user’s name', ['ops@example.com', 'jane@example.com'], 'jane@example.com', '/as/jane@example.com'],
    ['none of them is the user’s', ['ops@example.com', 'john@example.com'], 'jane@example.com', '/other'],
    ['the only one is another one’s', ['ops@example.com'], 'jane@example.com', '/other'],
    ['the only one, and nobody has said who he is', ['ops@example.com'], undefined, '/as/ops@example.com'],
  ])('%s', async (_title, names, username, path) => {
    const paths: string[] = []
    const to = (at: string) => () => {
      paths.push(at)
      return html('Portal', '<script>location = "/done"</script>')
    }
    const portal = await startPortal({
      'GET /': accounts(names),
      'GET /other': to('/other'),
      ...Object.fromEntries(names.map((name) => [`GET /as/${name}`, to(`/as/${name}`)])),
    })
    const outcome = await signedIn(driver, portal, { portal: username === undefined ? {} : { username } })
    expect(outcome).toMatchObject({ error: undefined, asked: [] })
    expect(paths).toEqual([path])
  })
})

describe('never filled', () => {
  it('sign-up, newsletter and search beside the form', async () => {
    const beside = `<form action="/search"><input name="q" placeholder="Search"><button>Search</button></form>
<form method="post" action="/signup"><h2>New here?</h2><input name="email" type="email" placeholder="E-mail"><input name="new" type="password" placeholder="Password"><button>Create an account</button></form>
<form method="post" action="/news"><input name="email" type="email" placeholder="Your e-mail for our newsletter"><button>Subscribe</button></form>`
    const portal = await startPortal({ 'GET /': html('Portal', `${beside}${form()}`), 'POST /login': onTo('/done') })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts).toEqual([{ path: '/login', fields: jane }])
  })
  it('a trap for robots', async () => {
    const traps =
      '<input name="website" style="position:absolute;left:-5000px"><input name="email2" tabindex="-1" style="opacity:0"><input name="phone" style="display:none">'
    const portal = await startPortal({ 'GET /': html('Portal', form(traps)), 'POST /login': onTo('/done') })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts[0]?.fields).toEqual({ ...jane, website: '', email2: '', phone: '' })
  })
})
