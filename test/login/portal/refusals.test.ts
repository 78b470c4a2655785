import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { html, onTo, startPortal } from './portalServer.ts'
import { signedIn } from './signing.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

const fields =
  '<label>User name <input name="user" id="u"></label><label>Password <input type="password" name="pass" id="p" aria-describedby="e"></label><p id="e"></p><button id="b">Sign in</button>'

/** A page that sends its form by `fetch`, and then does `then` with it. */
const byFetch = (then: string, extra = '') =>
  html(
    'Sign in',
    `<form id="f">${fields}</form>${extra}<script>
const [f, u, p, e, b] = ['f', 'u', 'p', 'e', 'b'].map((id) => document.getElementById(id))
f.addEventListener('submit', async (event) => { event.preventDefault(); await fetch('/login', { method: 'POST', body: new URLSearchParams({ pass: p.value }) }); ${then} })</script>`,
  )

describe('a wrong password, said in the same page: one POST, and the portal’s words', () => {
  const finnish = 'Käyttäjätunnus tai salasana on väärä.'
  it.each([
    ['at the field, which is marked as wrong', `p.setAttribute('aria-invalid', 'true'); e.textContent = '${finnish}'`, finnish],
    ['in red', `e.style.color = '#b3261e'; e.textContent = '${finnish}'`, finnish],
    ['in no colour, the field emptied', `p.value = ''; e.textContent = '${finnish}'`, finnish],
    ['in words that are known', `e.textContent = 'Wrong user name or password'`, 'Wrong user name or password'],
    [
      'in a message that vanishes',
      `const t = document.createElement('div'); t.textContent = 'Invalid credentials'; document.body.append(t); setTimeout(() => t.remove(), 900)`,
      'Invalid credentials',
    ],
    [
      'in a message box that is to be closed',
      `const d = document.createElement('dialog'); d.innerHTML = '<p>The password is incorrect.</p><button onclick="this.parentNode.close()">OK</button>'; document.body.append(d); d.showModal()`,
      'The password is incorrect.',
    ],
    [
      'in a page drawn anew',
      `document.body.innerHTML = '<div class="toast">Sign-in failed</div><form><label>User name <input name="user"></label><label>Password <input type="password" name="pass"></label><button>Sign in</button></form>'`,
      'Sign-in failed',
    ],
  ])('%s', async (_title, then, words) => {
    const portal = await startPortal({ 'GET /': byFetch(then), 'POST /login': 'no' })
    const { error, asked } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) })
    expect(portal.posts).toHaveLength(1)
    expect(asked).toEqual(['name', 'password of jane@example.com'])
  })
})

describe('a wrong password, said by another page: one POST', () => {
  const form = (extra = '', more = '') =>
    html('Sign in', `${extra}<form method="post" action="/login">${fields.replace('id="p"', `id="p" ${more}`)}</form>`)
  it.each<[string, { path?: string; status?: number; page: string }, string]>([
    ['HTTP status 401 and no word', { status: 401, page: form() }, 'gave no reason'],
    ['a field that is marked as wrong and no word', { page: form('', 'aria-invalid="true"') }, 'gave no reason'],
    ['Polish', { page: form('<div class="msg">Nieprawidłowa nazwa użytkownika lub hasło.</div>') }, 'Nieprawidłowa nazwa'],
    ['Japanese', { page: form('<span>ユーザー名またはパスワードが正しくありません。</span>') }, '正しくありません'],
    ['Korean', { page: form('<span>아이디 또는 비밀번호가 올바르지 않습니다.</span>') }, '올바르지 않습니다'],
    ['another address', { path: '/login?error=1', page: form('<p>We could not log you in.</p>') }, 'We could not log you in'],
    [
      'a page of its own with a way back',
      {
        path: '/failed',
        page: html('Sorry', '<h1>Login failed</h1><p>Invalid user name or password.</p><a href="/">Back to login</a>'),
      },
      'Invalid user name or password',
    ],
  ])('%s', async (_title, { path, status, page }, words) => {
    const portal = await startPortal({
      'GET /': form(),
      'POST /login': (_, response) => {
        if (path) return onTo(path)({}, response)
        response.statusCode = status ?? 200
        return page
      },
      'GET /failed': page,
      'GET /login': page,
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) })
    expect(portal.posts).toHaveLength(1)
  })

  it.each([
    ['English', 'Your password has expired and must be changed.'],
    ['German', 'Ihr Kennwort ist abgelaufen.'],
    ['French', 'Votre mot de passe a expiré.'],
  ])('an expired password in %s: said, and nothing is changed', async (_language, words) => {
    const portal = await startPortal({
      'GET /': form(),
      'POST /login': html(
        'Password',
        `<h1>${words}</h1><form method="post" action="/change"><label>1 <input type="password" name="a"></label><label>2 <input type="password" name="b"></label><label>3 <input type="password" name="c"></label><button>OK</button></form>`,
      ),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) })
    expect(portal.posts).toHaveLength(1)
  })
})

describe('forms that are not ready at once', () => {
  const done = (script: string, inner = fields) =>
    startPortal({
      'GET /': html('Sign in', `<form method="post" action="/login">${inner}</form><script>${script}</script>`),
      'POST /login': onTo('/done'),
    })
  it.each([
    ['input', 'input'],
    ['change, which comes when the field is left', 'change'],
    ['keyup', 'keyup'],
    ['blur', 'blur'],
  ])('a button that is enabled on %s', async (_title, event) => {
    const portal = await done(`b.disabled = true; p.addEventListener('${event}', () => { b.disabled = !p.value })`)
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts.map(({ fields: sent }) => sent)).toEqual([{ user: 'jane@example.com', pass: 'correct horse' }])
  })
  it('the password shows when the name has been given, in the same form', async () => {
    const portal = await done(
      `const l = p.parentElement; l.style.display = 'none'; b.type = 'button'; b.onclick = () => { setTimeout(() => { l.style.display = ''; b.onclick = null; b.type = 'submit'; u.readOnly = true }, 200) }`,
    )
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts.map(({ fields: sent }) => sent)).toEqual([{ user: 'jane@example.com', pass: 'correct horse' }])
  })
  it('a page that takes six seconds to draw its form', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Sign in',
        `<div id="app"><div class="spinner">Loading…</div></div><script>setTimeout(() => { app.innerHTML = '<form method="post" action="/login">${fields}</form>' }, 6000)</script>`,
      ),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts).toHaveLength(1)
  })
  it('a button outside of its form', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Sign in',
        '<form method="post" action="/login" id="login"><label>User name <input name="user"></label><label>Password <input type="password" name="pass"></label></form><form action="/search"><input name="q" placeholder="Search"><button>Go</button></form><button form="login">Sign in</button>',
      ),
      'POST /login': onTo('/done'),
    })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
    expect(portal.posts).toHaveLength(1)
  })
})
