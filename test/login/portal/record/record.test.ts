import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { parse } from 'smol-toml'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openWatched, type WatchedBrowser } from '../../../../src/login/capture/watched.ts'
import { readRecipe } from '../../../../src/login/portal/recipes/read.ts'
import type { Act } from '../../../../src/login/portal/record/inPage.ts'
import { recorder } from '../../../../src/login/portal/record/recorder.ts'
import { recordingOf } from '../../../../src/login/portal/record/recording.ts'
import { recipeText } from '../../../../src/login/portal/record/toml.ts'
import { tomlText } from '../../../../src/login/portal/record/tomlText.ts'
import type { Handle } from '../../../../src/login/portal/view.ts'
import { firefox } from '../../browser/firefox.ts'
import { testPortal, testWorld, until } from '../../browser/support.ts'
import { type Answer, html, startPortal } from '../portalServer.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

// What a person does is done here by the engine's page, whose presses and keys are real ones.
describe.each([
  ['chromium', true],
  ['firefox', firefox !== undefined],
] as const)('%s', (browserName, there) => {
  const home = mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))
  const over = new AbortController()
  let browser: WatchedBrowser
  let acts: Act[] = []
  beforeAll(async () => {
    if (!there) return
    browser = await openWatched(testWorld(home), testPortal({ browser: browserName }), { headless: true, signal: over.signal })
    await browser.observe(recorder, (text) => acts.push(JSON.parse(text)))
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  })

  /** Opens a portal of these pages, and a person's hands for it. */
  async function at(pages: Readonly<Record<string, Answer>>) {
    const portal = await startPortal(pages)
    acts = []
    await browser.page.open(portal.url)
    const found = async (selector: string): Promise<Handle> => {
      for (;;) {
        for (const { documents, matches } of (await browser.page.scan([selector]))?.views ?? []) {
          const match = documents.every(({ loading }) => !loading) && matches[selector]?.[0]
          if (match) return match.handle
        }
      }
    }
    const told = async (count: number) => until(() => acts.length >= count)
    return {
      portal,
      async fills(selector: string, text: string) {
        const before = acts.length
        expect(await browser.page.fill(await found(selector), text)).toBe('done')
        await told(before + 1)
      },
      async presses(selector: string) {
        const before = acts.length
        expect(await browser.page.click(await found(selector))).toBe('done')
        await told(before + 1)
      },
      async enters(selector: string) {
        const before = acts.length
        expect(await browser.page.enter(await found(selector))).toBe('done')
        await told(before + 1)
      },
      sees: found,
    }
  }
  const page = (body: string, action = '/next') => html('Page', `<form method="post" action="${action}">${body}</form>`)
  const rules = async () => (await recordingOf(acts)).rules.map(({ url: _, name: __, ...rule }) => rule)

  describe.skipIf(!there)('the selector that lasts', () => {
    test.each([
      ['<input data-this id="user" name="u">', '#user'],
      ['<input data-this id="address2" name="u">', '#address2'],
      ['<input data-this id="input41" name="u">', 'input[name="u"]'],
      ['<input data-this id=":r1:" name="j_username">', 'input[name="j_username"]'],
      ['<input data-this id="a3f9c27b" name="pf.username">', 'input[name="pf.username"]'],
      ['<input data-this id="ember12" autocomplete="username">', 'input[autocomplete="username"]'],
      ['<input data-this name="f7731" data-testid="login">', 'input[data-testid="login"]'],
      ['<input data-this data-x9f3a1="login" data-se="identifier">', 'input[data-se="identifier"]'],
      ['<input data-this aria-label="Your name">', 'input[aria-label="Your name"]'],
      ['<input data-this type="password">', 'input[type=password]'],
      ['<div id="login"><input data-this></div>', '#login input'],
      ['<div><section><input data-this></section></div>', 'section > input'],
      ['<p><input></p><p><input data-this></p>', 'p:nth-of-type(2) > input'],
      // One alone would do for neither.
      ['<div id="one"><input name="u"></div><div id="two"><input data-this name="u"></div>', '#two input'],
      ['<input data-this id="it\'s" name="">', "#it\\'s"],
      // The page may show who signs in: that is not for the recipe.
      ['<input data-this aria-label="Code for jane@example.com" type="tel">', 'input[type=tel]'],
    ])('%s → %s', async (body, selector) => {
      const hands = await at({ 'GET /': page(`${body}<textarea name="t"></textarea>`) })
      await hands.fills('[data-this]', 'jane')
      expect(acts).toMatchObject([{ kind: 'filled', selector }])
      const text = recipeText(await recordingOf(acts), hands.portal.url)
      expect(readRecipe(text, 'test'), text).toMatchObject({ kind: 'rules' })
      expect(text).not.toContain('jane')
    })
    test.each([
      ['<button data-this>Go</button>', 'button:not([type=button])'],
      ['<button type="button">Back</button><button data-this type="submit">Go</button>', 'button[type=submit]'],
      [
        '<button name="a" value="no">No</button><button data-this name="a" value="yes">Yes</button>',
        'button[name="a"][value="yes"]',
      ],
      ['<input type="submit" data-this id="ok" value="OK">', '#ok'],
      ['<a href="#" data-this class="btn"><b>Go</b></a>', 'form > a'],
      ['<div data-this role="button" tabindex="0" aria-label="Next" style="cursor:pointer">→</div>', 'div[aria-label="Next"]'],
      ['<label>Name <input></label><span data-this style="cursor:pointer" onclick="void 0">Go</span>', 'form > span'],
    ])('%s → %s', async (body, selector) => {
      // It stays where it is: the next test opens another page at once.
      const hands = await at({ 'GET /': html('Page', `<form onsubmit="return false">${body}</form>`) })
      await hands.presses('[data-this]')
      expect(acts).toMatchObject([{ kind: 'pressed', selector }])
    })
  })

  describe.skipIf(!there)('what becomes a rule', () => {
    test('a form, Enter, and a form of the same fields: what Enter has pressed is the button', async () => {
      const hands = await at({
        'GET /': page(
          '<label>User name<input name="u"></label><label>Password<input type="password" name="p"></label><button>Sign in</button>',
        ),
        'POST /next': page('<label>Code<input name="c" inputmode="numeric"></label>', '/end'),
        'POST /end': html('End', '<p id="end">End'),
      })
      await hands.fills('[name=u]', 'jane')
      await hands.fills('[name=p]', 'secret')
      await hands.enters('[name=p]')
      await hands.fills('[name=c]', '123456')
      await hands.enters('[name=c]')
      await hands.sees('#end')
      expect(await rules()).toEqual([
        { fill: { 'input[name="u"]': 'username', 'input[name="p"]': 'password' }, click: 'button:not([type=button])' },
        { fill: { 'input[name="c"]': 'otp' } },
      ])
    })

    test('Enter that a script takes, and a button of the next step in the same document', async () => {
      const hands = await at({
        'GET /': html(
          'Page',
          '<form id="f"><label>User name<input name="u"></label></form><script>f.onsubmit = (e) => { e.preventDefault(); f.innerHTML = "<p>Approve it</p><button type=button id=push onclick=\'document.body.innerHTML = `<p id=end>End`\'>Send push</button>" }</script>',
        ),
      })
      await hands.fills('[name=u]', 'jane')
      await hands.enters('[name=u]')
      await hands.presses('#push')
      await hands.sees('#end')
      expect(await rules()).toEqual([{ fill: { 'input[name="u"]': 'username' } }, { click: '#push' }])
    })

    test('a typing error: the same form once more is the same rule, twice', async () => {
      const form =
        '<label>User name<input name="u"></label><label>Password<input type="password" name="p"></label><button id="go">Sign in</button>'
      const hands = await at({
        'GET /': page(form),
        'POST /next': page(`<p role="alert">Wrong password</p>${form}`, '/end'),
        'POST /end': html('End', '<p id="end">End'),
      })
      for (let time = 0; time < 2; time += 1) {
        await hands.fills('[name=u]', 'jane')
        await hands.fills('[name=p]', 'secret')
        await hands.presses('#go')
        await hands.sees(time === 0 ? '[role=alert]' : '#end')
      }
      expect(await rules()).toEqual([
        { fill: { 'input[name="u"]': 'username', 'input[name="p"]': 'password' }, click: '#go', max: 2 },
      ])
    })

    test('a select, a radio, boxes that are ticked and unticked; what is only looked at is not recorded', async () => {
      const hands = await at({
        'GET /': page(
          '<label>Where<br><input type="radio" name="w" value="here" id="a1">Here</label><label><input type="radio" name="w" value="there">There</label><button id="on">On</button>',
        ),
        'POST /next': page(
          '<label>Password<input type="password" name="p"></label><a href="#" id="hint" onclick="return false">Hint</a><label><input type="checkbox" name="stay">Stay signed in</label><label><input type="checkbox" name="news">News</label><button id="go">Sign in</button>',
          '/end',
        ),
        'POST /end': html('End', '<p id="end">End'),
      })
      await hands.presses('[value=there]')
      await hands.presses('#on')
      await hands.fills('[name=p]', 'secret')
      await hands.presses('#hint')
      await hands.presses('[name=stay]')
      await hands.presses('[name=news]')
      await hands.presses('[name=news]')
      await hands.presses('#go')
      await hands.sees('#end')
      expect(await rules()).toEqual([
        { fill: { 'input[name="p"]': 'password' }, check: ['input[name="stay"]'], click: '#go' },
        { choose: { options: 'input[name="w"][value="there"]', about: 'provider', pick: 'There' }, click: '#on' },
      ])
    })

    test('a step that shares its button with a form is not taken for it', async () => {
      const hands = await at({
        'GET /': page('<p>Welcome</p><button id="next">Next</button>'),
        'POST /next': page('<label>User name<input name="u"></label><button id="next">Next</button>', '/end'),
        'POST /end': html('End', '<p id="end">End'),
      })
      await hands.presses('#next')
      await hands.fills('[name=u]', 'jane')
      await hands.presses('#next')
      await hands.sees('#end')
      expect(await rules()).toEqual([
        { fill: { 'input[name="u"]': 'username' }, click: '#next' },
        { unless: ['input[name="u"]'], click: '#next' },
      ])
    })

    test('a new password becomes no rule, and a field without an answer a note', async () => {
      const hands = await at({
        'GET /': page(
          '<label>Old password<input type="password" name="o"></label><label>New password<input type="password" name="n"></label><label>Confirm new password<input type="password" name="m"></label><button id="go">Change</button>',
        ),
        'POST /next': page(
          '<label>User name<input name="u"></label><label>Favourite animal<input name="animal"></label><button id="go">Next</button>',
          '/end',
        ),
        'POST /end': html('End', '<p id="end">End'),
      })
      await hands.fills('[name=n]', 'newer')
      await hands.fills('[name=m]', 'newer')
      await hands.presses('#go')
      await hands.fills('[name=u]', 'jane')
      await hands.fills('[name=animal]', 'cat')
      await hands.presses('#go')
      await hands.sees('#end')
      const recording = await recordingOf(acts)
      expect(recording.rules.map(({ fill }) => fill)).toEqual([{ 'input[name="u"]': 'username' }])
      expect(recording.notes).toEqual([
        'a new password was given: awsfed never does that for you',
        '"Favourite animal" (input[name="animal"]) was filled in by hand: if everybody types the same there, add \'input[name="animal"]\' = { text = "…" } to fill',
      ])
      expect(recipeText(recording, hands.portal.url)).toContain(
        '\n# "Favourite animal" (input[name="animal"]) was filled in by hand',
      )
    })

    test('a popup, and a frame of another site inside a frame', async () => {
      const inner = await startPortal({
        'GET /': page('<label>User name<input name="u"></label><button id="go">Next</button>'),
        'POST /next': html('End', '<p id="end">End'),
      })
      const hands = await at({
        'GET /': html(
          'Opener',
          "<button id=\"open\" onclick=\"window.open('/popup', 'p', 'width=600,height=500')\">Sign in</button>",
        ),
        'GET /popup': html('Popup', '<iframe src="/middle" width="500" height="300"></iframe>'),
        'GET /middle': html(
          'Middle',
          `<iframe src="${inner.url.replace('127.0.0.1', 'localhost')}" width="400" height="200"></iframe>`,
        ),
      })
      await hands.presses('#open')
      await hands.fills('[name=u]', 'jane')
      await hands.presses('#go')
      await hands.sees('#end')
      const recording = await recordingOf(acts)
      expect(recording.rules).toEqual([
        { name: 'name', url: inner.url.replace('127.0.0.1', 'localhost'), fill: { 'input[name="u"]': 'username' }, click: '#go' },
        { name: 'Sign in', url: hands.portal.url, click: '#open' },
      ])
    })
  })
})

test('a text of TOML is read as it was', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[#[\]="'\\:a-z\x7f\n]*$/)), (text) => {
      expect(parse(`text = ${tomlText(text)}`)).toEqual({ text })
    }),
  )
})
