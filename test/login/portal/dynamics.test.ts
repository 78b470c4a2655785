import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, html, onTo, startPortal, type TestPortal } from './portalServer.ts'
import { type Outcome, signedIn } from './signing.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

const name = '<label>User name <input id="u" name="user"></label>'
const password = '<label>Password <input id="p" type="password" name="pass"></label>'
const code = '<label>Verification code <input id="c" name="code" inputmode="numeric"></label>'
const form = (inner: string, action = '/login') => `<form id="f" method="post" action="${action}">${inner}</form>`
/** What pages built with a framework do: they post by script, and go on by what is answered. */
const posting = `const post = (path, data) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(data) });`
const page = (body: string, script = '') => html('Portal', `${body}<script>${posting}${script}</script>`)

/** What was sent, and to which path, in order. */
async function sent(answers: Readonly<Record<string, Answer>>): Promise<[Outcome, TestPortal['posts']]> {
  const portal = await startPortal(answers)
  const outcome = await signedIn(driver, portal)
  return [outcome, portal.posts]
}

const jane = { user: 'jane@example.com', pass: 'correct horse' }
/** Answers so many milliseconds later. */
const slowly =
  (milliseconds: number, body = 'ok'): Answer =>
  () =>
    delay(milliseconds, body)

describe('words that do not stay', () => {
  it.each([
    ['a known language', 'The password is incorrect'],
    ['a language that no table knows', 'Fel lösenord, försök igen'],
  ])('a refusal that is shown for a second, in %s: one POST, the portal’s words', async (_title, words) => {
    const [{ error }, posts] = await sent({
      'GET /': page(
        `${form(`${name}${password}<button>Sign in</button>`)}<div id="toasts"></div>`,
        `f.onsubmit = (e) => { e.preventDefault(); post('/login', { user: u.value, pass: p.value }).then(() => setTimeout(() => {
  toasts.innerHTML = '<div class="toast" style="position:fixed;top:10px;right:10px">${words}</div>'; p.value = ''; setTimeout(() => { toasts.innerHTML = '' }, 1200) }, 500)) }`,
      ),
      'POST /login': 'no',
    })
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) })
    expect(posts).toHaveLength(1)
  })
})

describe('each is sent once', () => {
  it.each<[title: string, answers: Record<string, Answer>, posts: readonly [path: string, fields: Record<string, string>][]]>([
    [
      'one page draws name, password and code one after the other, and shows nothing while it asks the portal',
      {
        'GET /': page(
          '<div id="app"></div>',
          `const step = (inner, next) => { app.innerHTML = inner + '<button type="button">Continue</button>'; app.querySelector('button').onclick = () => next(app.querySelector('input').value) }
const third = () => step('${code}', (code) => post('/code', { code }).then(() => { location = '/done' }))
const second = () => step('${password}', (pass) => post('/login', { pass }).then(third))
step('${name}', (user) => post('/name', { user }).then(second))`,
        ),
        'POST /name': slowly(1500),
        'POST /login': slowly(1500),
        'POST /code': slowly(1500),
      },
      [
        ['/name', { user: jane.user }],
        ['/login', { pass: jane.pass }],
        ['/code', { code: '123456' }],
      ],
    ],
    [
      'fields whose values a framework holds, and writes back after each key',
      {
        'GET /': page(
          `<div id="app">${name}${password}<button type="button" id="b" disabled>Sign in</button></div>`,
          `const state = { user: '', pass: '' }
const render = () => { u.value = state.user; p.value = state.pass; b.disabled = !(state.user && state.pass) }
for (const i of [u, p]) i.addEventListener('input', () => { state[i.name] = i.value; setTimeout(render) })
b.onclick = () => post('/login', state).then(() => { location = '/done' }); render()`,
        ),
        'POST /login': 'ok',
      },
      [['/login', jane]],
    ],
    [
      'a field that is drawn anew when the one before it is left',
      {
        'GET /': page(
          form(`${name}<span id="s">${password}</span><button>Sign in</button>`),
          `u.addEventListener('change', () => { s.innerHTML = s.innerHTML })`,
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a banner about cookies that loads the page again',
      {
        'GET /': page(
          `<div id="k" role="dialog" style="position:fixed;inset:0;background:white"><p>We use cookies.</p><button id="a">Accept all</button><button id="s">Settings</button></div>${form(`${name}${password}<button>Sign in</button>`)}`,
          `if (document.cookie.includes('consent=1')) k.remove(); a.onclick = () => { document.cookie = 'consent=1'; setTimeout(() => location.reload(), 400) }`,
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'the password only after "use your password"',
      {
        'GET /': page(form(`${name}<button>Next</button>`, '/name')),
        'POST /name': page(
          `<h1>Check your e-mail</h1><p>We can send a sign-in link to j***@example.com.</p><button>E-mail me a link</button><a href="#" id="l">Use your password</a><div id="d"></div>`,
          `l.onclick = () => { setTimeout(() => { document.body.innerHTML = '${form(`${password}<button>Sign in</button>`)}' }, 300); return false }`,
        ),
        'POST /login': onTo('/done'),
      },
      [
        ['/name', { user: jane.user }],
        ['/login', { pass: jane.pass }],
      ],
    ],
    [
      'no form and no button: Enter',
      {
        'GET /': page(
          `<div>${name}${password}</div>`,
          `p.addEventListener('keydown', (e) => { if (e.key === 'Enter') post('/login', { user: u.value, pass: p.value }).then(() => { location = '/done' }) })`,
        ),
        'POST /login': 'ok',
      },
      [['/login', jane]],
    ],
    [
      'a button that is a box without a hand over it, in a form that Enter does not send',
      {
        'GET /': page(
          form(`${name}${password}<div class="btn btn-primary" id="b">Sign in</div>`),
          `b.addEventListener('click', () => f.submit())`,
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'pages that go on by meta refresh',
      {
        'GET /':
          '<!DOCTYPE html><meta http-equiv="refresh" content="1;url=/form"><h1>One moment</h1><a href="/form">Continue</a>',
        'GET /form': page(form(`${name}${password}<button>Sign in</button>`)),
        'POST /login': '<!DOCTYPE html><meta http-equiv="refresh" content="2;url=/done"><p>You are being signed in</p>',
      },
      [['/login', jane]],
    ],
    [
      'a code that goes off with its last digit, while its button stays as it is',
      {
        'GET /': page(form(`${name}${password}<button>Sign in</button>`)),
        'POST /login': page(
          `<div>${code}<button type="button" id="b">Verify</button></div><p id="m"></p>`,
          `const go = () => { m.textContent = 'Checking your code'; post('/code', { code: c.value }).then(() => { location = '/done' }) }
c.addEventListener('input', () => { if (c.value.length === 6) go() }); b.onclick = go`,
        ),
        'POST /code': slowly(1500),
      },
      [
        ['/login', jane],
        ['/code', { code: '123456' }],
      ],
    ],
    [
      'a code that goes off with its last digit, and leaves an empty field and its button behind',
      {
        'GET /': page(form(`${name}${password}<button>Sign in</button>`)),
        'POST /login': page(
          `<div>${code}<button type="button" id="b">Verify</button></div>`,
          `const go = () => { post('/code', { code: c.value }).then(() => { location = '/done' }); c.value = '' }
c.addEventListener('input', () => { if (c.value.length === 6) go() }); b.onclick = go`,
        ),
        'POST /code': slowly(1500),
      },
      [
        ['/login', jane],
        ['/code', { code: '123456' }],
      ],
    ],
    [
      'a button that is enabled five seconds after the last key',
      {
        'GET /': page(
          form(`${name}${password}<button id="b" disabled>Sign in</button>`),
          `let t; f.addEventListener('input', () => { clearTimeout(t); t = setTimeout(() => { b.disabled = false }, 5000) })`,
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a form in a box that the page opens, over the same form that lies below it',
      {
        'GET /': page(
          `<nav><a href="/about">About</a><button id="o">Sign in</button></nav><h1>Acme</h1><dialog id="d">${form(`${name}${password}<button>Sign in</button>`)}</dialog>`,
          'o.onclick = () => d.showModal()',
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'fields that are closed until the page has started',
      {
        'GET /': page(
          form(`<fieldset id="s" disabled>${name}${password}<button>Sign in</button></fieldset>`),
          'setTimeout(() => { s.disabled = false }, 2500)',
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a name that is looked up as soon as its field is left',
      {
        'GET /': page(
          form(`${name}<span id="s"></span><button id="b">Continue</button>`),
          `u.addEventListener('change', () => { b.disabled = true; post('/name', { user: u.value }).then(() => { s.innerHTML = '${password}'; b.disabled = false; b.textContent = 'Sign in' }) })
f.addEventListener('submit', (e) => { if (!s.innerHTML) e.preventDefault() })`,
        ),
        'POST /name': slowly(800),
        'POST /login': onTo('/done'),
      },
      [
        ['/name', { user: jane.user }],
        ['/login', jane],
      ],
    ],
    [
      'fields that are locked until they are entered, which keeps browsers from filling them in',
      {
        'GET /': page(
          form(`${name}${password}<button>Sign in</button>`),
          `for (const i of [u, p]) { i.readOnly = true; i.addEventListener('focus', () => { i.readOnly = false }) }`,
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a page that hides the password as it goes, and says that one has to wait',
      {
        'GET /': page(
          form(`${name}${password}<p id="m"></p><button>Sign in</button>`),
          `f.addEventListener('submit', (e) => { e.preventDefault(); post('/login', { user: u.value, pass: p.value }).then(() => { location = '/done' }); p.value = ''; m.textContent = 'Signing you in' })`,
        ),
        'POST /login': slowly(1500),
      },
      [['/login', jane]],
    ],
    [
      'a form for each field',
      {
        'GET /': page(
          `<form>${name}</form><form>${password}</form><button type="button" id="b">Sign in</button>`,
          `b.onclick = () => post('/login', { user: u.value, pass: p.value }).then(() => { location = '/done' })`,
        ),
        'POST /login': 'ok',
      },
      [['/login', jane]],
    ],
    [
      'pages in a frameset',
      {
        'GET /': '<!DOCTYPE html><title>Portal</title><frameset rows="80,*"><frame src="/top"><frame src="/form"></frameset>',
        'GET /top': page('<h1>Acme</h1>'),
        'GET /form': page(form(`${name}${password}<input type="submit" value="Login">`).replace('<form', '<form target="_top"')),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a box that says the browser is too old',
      {
        'GET /': page(
          `${form(`${name}${password}<button>Sign in</button>`)}<div id="k" role="dialog" aria-modal="true" style="position:fixed;inset:0;background:white"><h2>Your browser is not supported</h2><p>Some features may not work.</p><button id="a">Continue anyway</button></div>`,
          'a.onclick = () => k.remove()',
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a passkey that is offered after the password',
      {
        'GET /': page(form(`${name}${password}<button>Sign in</button>`)),
        'POST /login': page(
          '<h1>Sign in faster next time</h1><p>Create a passkey to use your fingerprint, face or screen lock.</p><button>Create a passkey</button><button id="n">Not now</button>',
          `n.onclick = () => { location = '/done' }`,
        ),
      },
      [['/login', jane]],
    ],
    [
      'a field that becomes one for a password when it is entered',
      {
        'GET /': page(
          form(
            `<input id="u" name="user" value="Username" onfocus="this.value=''"><input id="p" name="pass" value="Password" onfocus="this.type='password';this.value=''"><button>Login</button>`,
          ),
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'six boxes that are drawn anew with each digit, and a button that is closed until then',
      {
        'GET /': page(form(`${name}${password}<button>Sign in</button>`)),
        'POST /login': page(
          '<h1>Enter the 6-digit code</h1><div id="x"></div><button id="b" disabled>Verify</button>',
          `const v = Array(6).fill('')
const draw = (at) => { x.innerHTML = v.map((d) => '<input maxlength="1" inputmode="numeric" style="width:30px" value="' + d + '">').join('')
  ;[...x.children].forEach((i, n) => i.addEventListener('input', () => { v[n] = i.value; draw(n + 1) })); x.children[at]?.focus(); b.disabled = v.some((d) => !d) }
draw(0); b.onclick = () => { b.disabled = true; post('/code', { code: v.join('') }).then(() => { location = '/done' }) }`,
        ),
        'POST /code': 'ok',
      },
      [
        ['/login', jane],
        ['/code', { code: '123456' }],
      ],
    ],
    [
      'the fields come one by one, each some time after the page says it is ready',
      {
        'GET /': page(
          form(`<span id="a"></span><span id="s"></span><button>Sign in</button>`),
          `setTimeout(() => { a.innerHTML = '${name}' }, 700); setTimeout(() => { s.innerHTML = '${password}' }, 900)`,
        ),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a button that is heard only three seconds after it shows',
      {
        'GET /': page(
          `<div id="d">${name}<button type="button" id="b">Next</button></div>`,
          `setTimeout(() => { b.onclick = () => post('/name', { user: u.value }).then(() => { d.innerHTML = '${form(`${password}<button>Sign in</button>`)}' }) }, 3000)`,
        ),
        'POST /name': 'ok',
        'POST /login': onTo('/done'),
      },
      [
        ['/name', { user: jane.user }],
        ['/login', { pass: jane.pass }],
      ],
    ],
    [
      'a page that leads to its main part, and a list of ways below it',
      {
        'GET /': page(
          '<a href="#main">Skip to main content</a><main id="main"><h1>Acme</h1><a href="/form">Log in with your password</a><a href="/help">Help</a></main>',
        ),
        'GET /form': page(form(`${name}${password}<button>Sign in</button>`)),
        'POST /login': onTo('/done'),
      },
      [['/login', jane]],
    ],
    [
      'a form that is sent to a window of its own',
      {
        'GET /': page(form(`${name}${password}<button>Sign in</button>`).replace('<form', '<form target="_blank"')),
        'POST /login': page(form(`${code}<button>Verify</button>`, '/code')),
        'POST /code': '<script>location = "/done"</script>',
      },
      [
        ['/login', jane],
        ['/code', { code: '123456' }],
      ],
    ],
  ])('%s', async (_title, answers, posts) => {
    const [outcome, got] = await sent(answers)
    expect(outcome.error).toBeUndefined()
    expect(got.map(({ path, fields }) => [path, fields])).toEqual(posts)
  })
})
