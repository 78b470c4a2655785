import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRecipe } from '../../../../src/login/portal/recipes/read.ts'
import type { Rule } from '../../../../src/login/portal/rules.ts'
import { html, onTo, startPortal } from '../portalServer.ts'
import { signedIn } from '../signing.ts'
import { startTestBrowser, type TestBrowser } from '../testBrowser.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

function rulesIn(text: string): Rule[] {
  const reading = readRecipe(text, 'corp')
  if (reading.kind !== 'rules') throw new Error(JSON.stringify(reading))
  return reading.rules.map((rule, index) => ({ ...rule, at: `corp.toml:${index + 1}` }))
}

// Fields that detection does not know: so it is the recipe that fills them.
const strange = (extra = '', action = '/next') =>
  html(
    'Zugang',
    `${extra}<form method="post" action="${action}"><input id="a1" name="a1"><input id="a2" name="a2"><a id="ab" href="#" onclick="document.forms[0].submit()">»</a></form>`,
  )
const fills = `[[rule]]
fill = { "#a1" = "username", "#a2" = "password" }
click = "#ab"
error = "#said"
`

/** A person who takes the second of what is offered; what that was is noted in `asked`. */
const secondOf = (asked: string[]) => (title: string, options: readonly string[]) => {
  asked.push(`${title}: ${options.join(' | ')}`)
  return Promise.resolve(1)
}

describe('what the engine guarantees holds for recipes', () => {
  it('a form is sent as often as its rule may fire: once', async () => {
    const portal = await startPortal({ 'GET /': strange(), 'POST /next': strange() })
    const { error } = await signedIn(driver, portal, { rules: rulesIn(fills) })
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('it showed the same form again') })
    expect(portal.posts.map(({ fields }) => fields)).toEqual([{ a1: 'jane@example.com', a2: 'correct horse' }])
  })
  it('and never more than twice, whatever max says', async () => {
    const portal = await startPortal({ 'GET /': strange(), 'POST /next': strange() })
    const { error } = await signedIn(driver, portal, { rules: rulesIn(`${fills}max = 10\n`) })
    expect(error?.kind).toBe('refused')
    expect(portal.posts).toHaveLength(2)
  })
  it('what `error` finds ends it after one try, in whatever words', async () => {
    const portal = await startPortal({
      'GET /': strange('<i id="said"></i>'),
      'POST /next': strange('<i id="said">Oho! Nix da.</i>'),
    })
    const { error } = await signedIn(driver, portal, { rules: rulesIn(`${fills}max = 2\n`) })
    expect(error).toMatchObject({ kind: 'refused', message: 'the portal refused the sign-in: "Oho! Nix da."' })
    expect(portal.posts).toHaveLength(1)
  })
  it('a rule of nothing but an error', async () => {
    const portal = await startPortal({
      'GET /': strange(),
      'POST /next': html('Oops', '<div id="oops">AADSTS50105: not assigned</div>'),
    })
    const { error } = await signedIn(driver, portal, { rules: rulesIn(`${fills}[[rule]]\nerror = "#oops"\n`) })
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('AADSTS50105: not assigned') })
  })
  it('an error before anything was sent, on a page with nothing else to do', async () => {
    const portal = await startPortal({
      'GET /': html('Sorry', '<div id="service_exception_message">AADSTS70001: no such application</div>'),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('AADSTS70001: no such application') })
  })
  it('a page that wants a new password is never filled in', async () => {
    const page = html(
      'Change your password',
      '<h1>Your password has expired</h1><form method="post" action="/next"><label>Current password<input type="password" id="a1" name="old"></label><label>New password<input type="password" id="n" name="new"></label><label>Confirm new password<input type="password" id="c" name="confirm"></label><button id="ab">Change password</button></form>',
    )
    const portal = await startPortal({ 'GET /': page })
    const { error } = await signedIn(driver, portal, {
      rules: rulesIn('[[rule]]\nfill = { "#a1" = "password", "#n" = "password", "#c" = "password" }\nclick = "#ab"\n'),
    })
    expect(error?.message).toContain('the portal wants a new password before it lets you in')
    expect(portal.posts).toEqual([])
  })
  it('a selector that the browser alone refuses: with rule and line', async () => {
    const portal = await startPortal({ 'GET /': strange() })
    const { error } = await signedIn(driver, portal, {
      rules: rulesIn(`${fills}[[rule]]\nname = "continue"\nclick = "a:has-text(Continue)"\n`),
    })
    expect(error).toMatchObject({
      kind: 'failed',
      message: 'corp.toml:2: rule "corp: continue": the browser does not take "a:has-text(Continue)" as a CSS selector',
    })
    expect(portal.posts).toEqual([])
  })
})

describe('what rules can say', () => {
  it('url and unless keep rules apart that find the same; what no rule matches is detected', async () => {
    const field = (button: string) => `<form method="post"><input id="f" name="f"><button id="${button}">»</button></form>`
    const portal = await startPortal({
      'GET /': onTo('/one'),
      'GET /one': html('One', field('go')),
      'POST /one': onTo('/two'),
      'GET /two': html('Two', field('go')),
      'POST /two': html(
        'Password',
        '<form method="post" action="/three"><label>Password<input type="password" name="p"></label><button>Sign in</button></form>',
      ),
      'POST /three': html('Code', field('send').replace('<form', '<form action="/done"')),
    })
    const { error, trace } = await signedIn(driver, portal, {
      rules: rulesIn(`[[rule]]
name = "code of a page without #go"
unless = "#go"
fill = { "#f" = "otp" }
[[rule]]
name = "code"
url = "/two"
fill = { "#f" = "otp" }
click = "#go"
[[rule]]
name = "name"
fill = { "#f" = "username" }
click = "#go"
`),
    })
    expect(error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([
      { f: 'jane@example.com' },
      { f: '123456' },
      { p: 'correct horse' },
      { f: '123456' },
    ])
    expect(trace.filter((line) => line.includes('rule ')).map((line) => /rule .*/.exec(line)?.[0])).toEqual([
      'rule corp: name (corp.toml:3)',
      'rule corp: code (corp.toml:2)',
      'rule corp: code of a page without #go (corp.toml:1)',
    ])
  })
  it('lists in the form that is filled in: a select and a radio by `pick`, one that the rule says nothing of by asking', async () => {
    const form = (u: string, more: string, action: string) =>
      html('Form', `<form method="post" action="${action}"><input id="${u}" name="${u}">${more}<button id="go">»</button></form>`)
    const portal = await startPortal({
      'GET /': form(
        'u1',
        '<select id="d" name="d"><option>Choose</option><option>LOCAL</option><option>CORP.EXAMPLE</option></select>',
        '/b',
      ),
      'POST /b': form(
        'u2',
        '<label><input type="radio" name="w" value="1">Here</label><label><input type="radio" name="w" value="2">There</label>',
        '/c',
      ),
      'POST /c': form(
        'u3',
        '<label for="e">Domain</label><select id="e" name="e"><option>One</option><option>Two</option></select>',
        '/done',
      ),
    })
    const asked: string[] = []
    const { error } = await signedIn(driver, portal, {
      rules: rulesIn(`[[rule]]
fill = { "#u1" = "username" }
choose = { options = "#d", about = "provider", pick = "corp" }
click = "#go"
[[rule]]
fill = { "#u2" = "username" }
choose = { options = "input[name=w]", about = "provider", pick = "there" }
click = "#go"
[[rule]]
when = "select[name=e]"
fill = { "#u3" = "username" }
click = "#go"
`),
      answers: { choose: secondOf(asked) },
    })
    expect(error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([
      { u1: 'jane@example.com', d: 'CORP.EXAMPLE' },
      { u2: 'jane@example.com', w: '2' },
      { u3: 'jane@example.com', e: 'Two' },
    ])
    expect(asked).toEqual(['Domain: One | Two'])
  })
  it('a text that is the same for everybody, beside the name', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Company',
        '<form method="post" action="/done"><input id="c" name="c"><input id="u" name="u"><button id="go">»</button></form>',
      ),
    })
    const { error, asked } = await signedIn(driver, portal, {
      rules: rulesIn('[[rule]]\nfill = { "#c" = { text = "ACME" }, "#u" = "username" }\nclick = "#go"\n'),
    })
    expect(error).toBeUndefined()
    expect(asked).toEqual(['name'])
    expect(portal.posts.map(({ fields }) => fields)).toEqual([{ c: 'ACME', u: 'jane@example.com' }])
  })
  it('the same fields for one step after the other: rules take turns', async () => {
    const page = (action: string) =>
      html('Strange', `<form method="post" action="${action}"><input id="f" name="f"><button id="go">»</button></form>`)
    const portal = await startPortal({ 'GET /': page('/a'), 'POST /a': page('/b'), 'POST /b': page('/done') })
    const { error } = await signedIn(driver, portal, {
      rules: rulesIn(
        ['username', 'password', 'otp'].map((role) => `[[rule]]\nfill = { "#f" = "${role}" }\nclick = "#go"\n`).join(''),
      ),
    })
    expect(error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields.f)).toEqual(['jane@example.com', 'correct horse', '123456'])
  })
  it('boxes of one character each take the code together; a frame and a shadow root are looked into', async () => {
    const boxes = `<div id="host"></div><script>
const root = document.getElementById('host').attachShadow({ mode: 'open' })
root.innerHTML = '${'<input class="digit" maxlength="1" style="width:30px">'.repeat(6)}<button id="ab">»</button>'
root.getElementById('ab').onclick = () => { fetch('/code', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ code: [...root.querySelectorAll('.digit')].map((b) => b.value).join('') }) }).then(() => { top.location = '/done' }) }
</script>`
    const portal = await startPortal({
      'GET /': html('Outer', '<iframe src="/inner" width="500" height="300"></iframe>'),
      'GET /inner': html('Inner', boxes),
      'POST /code': 'ok',
    })
    const { error } = await signedIn(driver, portal, { rules: rulesIn('[[rule]]\nfill = { ".digit" = "otp" }\nclick = "#ab"\n') })
    expect(error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([{ code: '123456' }])
  })
  it('a list: a select by `pick`, radios by asking, each sent by `click`', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Domain',
        '<form method="post" action="/domain"><select id="d" name="d"><option>LOCAL</option><option>Corp users</option></select><button id="go">»</button></form>',
      ),
      'POST /domain': html(
        'Where',
        '<form method="post" action="/where"><label><input type="radio" name="w" value="1">Here</label><label><input type="radio" name="w" value="2">There</label><button id="on">»</button></form>',
      ),
      'POST /where': onTo('/done'),
    })
    const asked: string[] = []
    const { error } = await signedIn(driver, portal, {
      rules: rulesIn(`[[rule]]
choose = { options = "#d option", about = "provider", pick = "corp" }
click = "#go"
[[rule]]
choose = { options = "input[name=w]", about = "provider" }
click = "#on"
`),
      answers: { choose: secondOf(asked) },
    })
    expect(error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([{ d: 'Corp users' }, { w: '2' }])
    expect(asked).toEqual(['Where: Here | There'])
  })
  it('wait = "page": a page that goes on by itself is let alone', async () => {
    const portal = await startPortal({
      'GET /': html(
        'Redirecting',
        '<h1>You are being redirected</h1><form method="post" action="/pressed"><button id="c">Continue</button></form><script>setTimeout(() => { location = "/done" }, 3000)</script>',
      ),
      'POST /pressed': html('Wrong', 'wrong'),
    })
    const { error } = await signedIn(driver, portal, { rules: rulesIn('[[rule]]\nwhen = "#c"\nwait = "page"\n') })
    expect(error).toBeUndefined()
    expect(portal.posts).toEqual([])
  })
})
