import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detect } from '../../../src/login/portal/detect.ts'
import type { Finding } from '../../../src/login/portal/finding.ts'
import { sameSite } from '../../../src/login/portal/site.ts'
import type { Button, Field, Text, View } from '../../../src/login/portal/view.ts'
import { plain, words } from '../../../src/login/portal/words.ts'

const said = fc.oneof(
  fc.constantFrom(
    '',
    'User name',
    'Password',
    'New password',
    'Confirm',
    'Code',
    'Search',
    'Enter the 6-digit code',
    'パスワード',
    'Kennwort',
  ),
  fc.constantFrom(
    'Sign in',
    'Cancel',
    'Push notification',
    'Text message',
    'jane@example.com',
    'Use another account',
    'Accept',
    '42',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
)
const form = fc.constantFrom('', '0 login', '1 search', '2 signup')
const action = fc.constantFrom('', 'https://portal.example.com/login', 'https://stranger.example.net/in')

const field: fc.Arbitrary<Omit<Field, 'handle'>> = fc.record({
  document: fc.constant(0),
  form,
  action,
  type: fc.constantFrom('text', 'password', 'tel', 'number', 'email', 'checkbox', 'radio', 'select', 'textarea', 'search'),
  name: fc.constantFrom('', 'user', 'pass', 'otp', 'q', 'x1', 'remember'),
  id: fc.constantFrom('', 'i0116', 'passwd1', 'field'),
  autocomplete: fc.constantFrom('', 'username', 'current-password', 'new-password', 'one-time-code', 'off'),
  inputmode: fc.constantFrom('', 'numeric'),
  pattern: fc.constantFrom('', '[0-9]*'),
  maxLength: fc.constantFrom(-1, 1, 6, 64),
  label: said,
  placeholder: said,
  near: said,
  filled: fc.boolean(),
  enabled: fc.boolean(),
  required: fc.boolean(),
  invalid: fc.boolean(),
  masked: fc.boolean(),
  options: fc.array(said, { maxLength: 4 }),
  preset: fc.boolean(),
  picture: fc.boolean(),
  width: fc.constantFrom(30, 200),
  y: fc.nat(900),
})
const button: fc.Arbitrary<Omit<Button, 'handle'>> = fc.record({
  document: fc.constant(0),
  form,
  tag: fc.constantFrom('button', 'a', 'div', 'input'),
  type: fc.constantFrom('', 'submit', 'button'),
  role: fc.constantFrom('', 'button', 'link'),
  text: said,
  label: said,
  id: fc.constant(''),
  name: fc.constantFrom('', 'action'),
  values: fc.constantFrom('', 'sms', 'default'),
  wrapper: fc.constantFrom('', 'next'),
  className: fc.constantFrom('', 'primary', 'item'),
  href: fc.constantFrom('', '#', 'https://portal.example.com/x'),
  enabled: fc.boolean(),
  opens: fc.boolean(),
  layer: fc.constantFrom('', 'We use cookies'),
  covered: fc.boolean(),
  x: fc.nat(900),
  y: fc.nat(900),
  width: fc.nat(300),
  height: fc.nat(60),
})
const text: fc.Arbitrary<Text> = fc.record({
  document: fc.constant(0),
  text: said,
  kind: fc.constantFrom('alert', 'status', 'heading', 'label', 'text'),
  size: fc.constantFrom(14, 24, 40),
})
const view: fc.Arbitrary<View> = fc
  .record({
    fields: fc.array(field, { maxLength: 6 }),
    buttons: fc.array(button, { maxLength: 5 }),
    texts: fc.array(text, { maxLength: 5 }),
    captcha: fc.constantFrom('', '', '', 'reCAPTCHA'),
    webAuthn: fc.boolean(),
  })
  .map(({ fields, buttons, texts, captcha, webAuthn }) => ({
    documents: [
      {
        handle: 'd',
        url: 'https://portal.example.com/login',
        title: '',
        language: '',
        loading: false,
        status: 200,
        captcha,
        webAuthn,
        networkError: undefined,
      },
    ],
    fields: fields.map((each, index) => ({ ...each, handle: `f${index}` })),
    buttons: buttons.map((each, index) => ({ ...each, handle: `b${index}` })),
    texts,
    matches: {},
    invalid: [],
  }))
const history = fc.record({ usernameGiven: fc.boolean(), passwordGiven: fc.boolean() })

const fillsOf = (finding: Finding) => (finding.kind === 'form' ? finding.fills : [])

describe('whatever a page shows', () => {
  it('something is found, with a reason, and nothing that cannot or must not be filled in', () => {
    fc.assert(
      fc.property(view, history, (shown, given) => {
        const findings = detect(shown, given)
        expect(findings.length).toBeGreaterThan(0)
        for (const finding of findings) expect(finding.why).not.toBe('')
        const filled = findings.flatMap(fillsOf)
        for (const { handles } of filled) {
          const [first] = handles.map((handle) => shown.fields.find((each) => each.handle === handle))
          expect(first?.enabled).toBe(true)
          expect(first?.type).toMatch(/^(text|password|tel|number|email)$/)
          expect(first?.action).not.toContain('stranger')
        }
        // No field is for two things.
        const all = findings
          .filter(({ kind }) => kind === 'form')
          .slice(0, 1)
          .flatMap(fillsOf)
        const handles = all.flatMap((fill) => fill.handles)
        expect(new Set(handles).size).toBe(handles.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('the same view is always understood in the same way', () => {
    fc.assert(fc.property(view, history, (shown, given) => void expect(detect(shown, given)).toEqual(detect(shown, given))))
  })

  it('where a new password is to be set, nothing in its form is filled in', () => {
    const fresh = fc.record({
      label: fc.constant('New password'),
      type: fc.constant('password'),
      enabled: fc.constant(true),
      autocomplete: fc.constant(''),
      form: fc.constant('0 login'),
    })
    fc.assert(
      fc.property(view, fresh, history, (shown, more, given) => {
        const [first] = shown.fields
        fc.pre(first !== undefined)
        const changed = {
          ...shown,
          fields: [...shown.fields, { ...(first as Field), ...more, maxLength: -1, width: 200, name: '', id: '', handle: 'new' }],
        }
        for (const { handles } of detect(changed, given).flatMap(fillsOf)) {
          const filled = changed.fields.find(({ handle }) => handle === handles[0])
          expect(filled?.form).not.toBe('0 login')
        }
      }),
    )
  })
})

describe('words', () => {
  it('are made plain once and for all', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (any) => void expect(plain(plain(any))).toBe(plain(any))))
  })
  it('are found in any text that holds them, in capitals and between other words', () => {
    const list = words({ en: ['one time code', 'sign in'], de: ['benutzer*'], ja: ['認証コード'] })
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('one time code', 'Sign In', 'BENUTZERNAME', '認証コード'),
        fc.string(),
        (before, word, after) => {
          expect(list.find(`${before} ${word} ${after}`)).toBeDefined()
        },
      ),
    )
  })
})

describe('sites', () => {
  it.each([
    ['https://sso.example.com/a', 'https://login.example.com:8443/b', true],
    ['https://a.example.co.uk', 'https://b.example.co.uk', true],
    ['https://a.co.uk', 'https://b.co.uk', false],
    ['https://example.com', 'https://example.com.stranger.net', false],
    ['https://example.com', 'https://notexample.com', false],
    ['http://127.0.0.1:8000', 'http://localhost:9000', true],
    ['http://10.0.0.1', 'http://10.0.0.2', false],
    ['about:blank', 'https://example.com', true],
  ])('%s and %s: %s', (one, other, same) => {
    expect(sameSite(one, other)).toBe(same)
    expect(sameSite(other, one)).toBe(same)
  })
})
