import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sandboxForTest } from '../support/sandbox.ts'
import { Visitor } from './visitor.ts'

const wrongPassword = 'Incorrect user ID or password. Type the correct user ID and password, and try again.'
const locked = 'This account has been locked because of too many incorrect attempts. Contact your administrator.'

describe('password and code', () => {
  test('password, code → a form that posts the assertion to AWS', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    for (const id of ['userNameInput', 'passwordInput', 'submitButton', 'loginForm'])
      expect(visitor.page.text).toContain(`id="${id}"`)
    await visitor.send({ UserName: 'JANE@corp.example', Password: sandbox.password })
    expect(visitor.page.text).toContain('id="verificationCodeInput"')
    await visitor.send({ VerificationCode: sandbox.totp() })
    expect(visitor.page.text).toContain('action="https://signin.aws.amazon.com/saml"')
    const xml = Buffer.from(visitor.field('SAMLResponse') ?? '', 'base64').toString()
    expect(xml).toContain('<Audience>urn:amazon:webservices</Audience>')
    expect(xml).not.toContain('InResponseTo')
    expect(visitor.field('RelayState')).toBe('https://console.aws.amazon.com/')
    expect(sandbox.events.map(({ what, status }) => `${status} ${what}`)).toEqual([
      '200 sign-in page',
      '200 password accepted',
      '200 assertion issued',
    ])
  })

  test('wrong password → the portal’s words, the page again with the user name, no assertion', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.user, Password: 'wrong' })
    expect(visitor.error).toBe(wrongPassword)
    expect(visitor.field('UserName')).toBe(sandbox.user)
    expect(visitor.page.text).not.toContain('SAMLResponse')
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    expect(visitor.error).toBeUndefined()
    expect(visitor.page.text).toContain('id="verificationCodeInput"')
  })

  test.each([
    ['', 'x', 'Enter your user ID in the format "domain\\user" or "user@domain".'],
    ['jane@corp.example', '', 'Enter your password.'],
    ['someone@corp.example', 'x', wrongPassword],
    ['<b>"', 'x', wrongPassword],
  ])('user %j, password %j → %j', async (UserName, Password, words) => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName, Password })
    expect(visitor.error).toBe(words)
    expect(visitor.page.text).not.toContain('<b>')
  })

  test('five wrong passwords → locked, the right one is refused too; unlocked → it is not', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    for (let attempt = 1; attempt <= 5; attempt++) {
      await visitor.send({ UserName: sandbox.user, Password: 'wrong' })
      expect(visitor.error).toBe(attempt < 5 ? wrongPassword : locked)
    }
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    expect(visitor.error).toBe(locked)
    sandbox.portal.unlock()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    expect(visitor.error).toBeUndefined()
  })

  test.each(['000000', '12345', 'abcdef', ''])('code %j → refused, the page again', async (code) => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    await visitor.send({ VerificationCode: code === sandbox.totp() ? '000001' : code })
    expect(visitor.error).toMatch(/^The verification code you entered is incorrect/)
    await visitor.send({ VerificationCode: sandbox.totp() })
    expect(visitor.field('SAMLResponse')).toBeTruthy()
  })

  test('a code of two minutes ago → refused', async () => {
    let now = new Date()
    const sandbox = await sandboxForTest({ now: () => now })
    const code = sandbox.totp()
    now = new Date(now.getTime() + 120_000)
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    await visitor.send({ VerificationCode: code })
    expect(visitor.field('SAMLResponse')).toBeUndefined()
  })

  test('oneUseCodes: the same code again → refused', async () => {
    const now = new Date()
    const sandbox = await sandboxForTest({ oneUseCodes: true, now: () => now })
    expect((await new Visitor(sandbox).signIn()).field('SAMLResponse')).toBeTruthy()
    const again = await new Visitor(sandbox).signIn()
    expect(again.error).toMatch(/incorrect/)
  })

  test('five wrong codes → locked', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    for (let attempt = 1; attempt <= 5; attempt++) await visitor.send({ VerificationCode: 'x' })
    expect(visitor.error).toBe(locked)
    await visitor.send({ VerificationCode: sandbox.totp() })
    expect(visitor.field('SAMLResponse')).toBeUndefined()
  })

  test('five wrong codes, the right password before each → locked; a sign-in between them → not', async () => {
    const sandbox = await sandboxForTest({ remembers: false })
    const guess = async () => {
      const visitor = await new Visitor(sandbox).visit()
      await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
      await visitor.send({ VerificationCode: 'x' })
      return visitor.error
    }
    for (let attempt = 1; attempt <= 4; attempt++) expect(await guess()).not.toBe(locked)
    expect((await new Visitor(sandbox).signIn()).field('SAMLResponse')).toBeTruthy()
    for (let attempt = 1; attempt <= 5; attempt++) expect((await guess()) === locked).toBe(attempt === 5)
  })

  test('wrong passwords of another user do not lock this one', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    for (let attempt = 1; attempt <= 6; attempt++) await visitor.send({ UserName: 'joe@corp.example', Password: 'wrong' })
    expect(visitor.error).toBe(wrongPassword)
    expect((await new Visitor(sandbox).signIn()).field('SAMLResponse')).toBeTruthy()
  })
})

describe('forged and stale forms', () => {
  test.each([
    ['no Context', (form: URLSearchParams) => form.delete('Context')],
    ['another Context', (form: URLSearchParams) => form.set('Context', 'x')],
    ['the form of a later stage', (form: URLSearchParams) => form.set('AuthMethod', 'VerificationCode')],
  ])('%s → 403', async (_title, spoil) => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    const form = new URLSearchParams({
      Context: visitor.field('Context') ?? '',
      AuthMethod: visitor.field('AuthMethod') ?? '',
      UserName: sandbox.user,
      Password: sandbox.password,
    })
    spoil(form)
    await visitor.post(form)
    expect(visitor.page.status).toBe(403)
    expect(visitor.error).toBe('Your sign-in page has expired. Sign in again.')
  })

  test('the form in another browser → 403', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    visitor.cookies.clear()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    expect(visitor.page.status).toBe(403)
  })
})

describe('staying signed in', () => {
  test('second visit → the assertion at once; sessions ended → the password page', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).signIn()
    await visitor.visit()
    expect(visitor.field('SAMLResponse')).toBeTruthy()
    expect(sandbox.events.at(-1)?.reason).toBe('portal cookie')
    expect(sandbox.endPortalSessions()).toBe(1)
    await visitor.visit()
    expect(visitor.page.text).toContain('id="passwordInput"')
  })

  test('"Keep me signed in" → a cookie that outlives the browser; else none', async () => {
    const sandbox = await sandboxForTest()
    const cookies = async (more: Record<string, string>) => {
      const visitor = await new Visitor(sandbox).visit()
      await visitor.send({ UserName: sandbox.user, Password: sandbox.password, ...more })
      await visitor.send({ VerificationCode: sandbox.totp() })
      return [visitor.page.headers['set-cookie'] ?? []].flat()
    }
    expect((await cookies({})).some((cookie) => cookie.includes('Max-Age'))).toBe(false)
    expect((await cookies({ Kmsi: 'true' })).some((cookie) => cookie.includes('Max-Age=28800'))).toBe(true)
  })

  test('remembers: false → the password every time', async () => {
    const sandbox = await sandboxForTest({ remembers: false })
    const visitor = await new Visitor(sandbox).signIn()
    await visitor.visit()
    expect(visitor.page.text).toContain('id="passwordInput"')
  })
})

describe('push', () => {
  const toPush = async (options: Parameters<typeof sandboxForTest>[0]) => {
    const sandbox = await sandboxForTest(options)
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    return { sandbox, visitor, number: /class="displaySign">(\d\d)</.exec(visitor.page.text)?.[1] }
  }

  const pollUrl = (sandbox: { portal: { url: string } }, visitor: Visitor) =>
    new URL(`/adfs/ls/push?context=${visitor.field('Context')}`, sandbox.portal.url).href

  test('shows the number; sent before approval → the page again; approved → the assertion', async () => {
    const { sandbox, visitor, number } = await toPush({ factor: 'push' })
    expect(sandbox.portal.pending()).toEqual([number])
    await visitor.send({})
    expect(visitor.page.text).toContain(`class="displaySign">${number}<`)
    const other = new Visitor(sandbox)
    for (const [name, value] of visitor.cookies) other.cookies.set(name, value)
    const polled = other.visit(pollUrl(sandbox, visitor))
    expect(sandbox.portal.approve(number)).toBe(1)
    expect((await polled).page.text).toBe('{"state":"approved"}')
    await visitor.send({})
    expect(visitor.field('SAMLResponse')).toBeTruthy()
  })

  test('denied → refused in the portal’s words', async () => {
    const { sandbox, visitor } = await toPush({ factor: 'push' })
    expect(sandbox.portal.deny()).toBe(1)
    await visitor.send({})
    expect(visitor.page.status).toBe(403)
    expect(visitor.error).toBe('The sign-in request was denied on your device.')
  })

  test('approveAfter: 50 → approved by itself', async () => {
    const { sandbox, visitor } = await toPush({ factor: 'push', approveAfter: 50 })
    const poll = new Visitor(sandbox)
    for (const [name, value] of visitor.cookies) poll.cookies.set(name, value)
    expect((await poll.visit(pollUrl(sandbox, visitor))).page.text).toBe('{"state":"approved"}')
  })

  test.each([
    [true, 200],
    [false, 403],
  ])('the phone’s page, the right number: %s → %d', async (right, status) => {
    const { sandbox, visitor, number } = await toPush({ factor: 'push' })
    const phone = await new Visitor(sandbox).visit(sandbox.portal.deviceUrl)
    const numbers = [...phone.page.text.matchAll(/name="number" value="(\d\d)"/g)].map(([, value]) => value)
    expect(numbers).toHaveLength(3)
    const chosen = numbers.find((value) => (value === number) === right) ?? ''
    await phone.post(new URLSearchParams({ id: phone.field('id') ?? '', number: chosen }), sandbox.portal.deviceUrl)
    await visitor.send({})
    expect(visitor.page.status).toBe(status)
  })

  test.each([
    ['totp', 'id="verificationCodeInput"'],
    ['push', 'class="displaySign"'],
  ])('factor choice, %s chosen → its page', async (Choice, part) => {
    const { visitor } = await toPush({ factor: 'choice' })
    expect(visitor.page.text).toContain('id="authOptions"')
    await visitor.send({ Choice })
    expect(visitor.page.text).toContain(part)
  })
})

describe('other pages', () => {
  test('expired password → a page to change it, then the new one is the password', async () => {
    const sandbox = await sandboxForTest({ factor: 'none' })
    sandbox.portal.expirePassword()
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    expect(visitor.error).toBe('You must update your password because your password has expired.')
    await visitor.send({ OldPassword: sandbox.password, NewPassword: 'a new one', ConfirmNewPassword: 'another' })
    expect(visitor.error).toMatch(/could not be updated/)
    await visitor.send({ OldPassword: sandbox.password, NewPassword: 'a new one', ConfirmNewPassword: 'a new one' })
    await visitor.send({ UserName: sandbox.user, Password: 'a new one' })
    expect(visitor.field('SAMLResponse')).toBeTruthy()
    expect(readFileSync(`${sandbox.folder}/user/password`, 'utf8')).toBe('a new one\n')
  })

  test.each([
    ['/adfs/ls/idpinitiatedsignon.aspx', 400],
    ['/adfs/ls/idpinitiatedsignon.aspx?loginToRp=other', 400],
    ['/', 404],
  ])('%s → %d', async (path, status) => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit(new URL(path, sandbox.portal.url).href)
    expect(visitor.page.status).toBe(status)
  })

  test('acs: the form goes there; what is signed names AWS', async () => {
    const acs = 'https://signin.aws.amazon.com.mcas.ms/saml'
    const sandbox = await sandboxForTest({ acs, factor: 'none' })
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.user, Password: sandbox.password })
    expect(visitor.page.text).toContain(`action="${acs}"`)
    expect(Buffer.from(visitor.field('SAMLResponse') ?? '', 'base64').toString()).toContain(
      'Recipient="https://signin.aws.amazon.com/saml"',
    )
  })

  test('the log holds neither password nor code nor assertion', async () => {
    const sandbox = await sandboxForTest()
    const visitor = await new Visitor(sandbox).visit()
    await visitor.send({ UserName: sandbox.password, Password: 'x' })
    await visitor.signIn()
    const log = JSON.stringify(sandbox.events)
    expect(log).not.toContain(sandbox.password)
    expect(log).not.toContain(sandbox.totp())
    expect(log).not.toContain(visitor.field('SAMLResponse')?.slice(0, 40))
  })
})
