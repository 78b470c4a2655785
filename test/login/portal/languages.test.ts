import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { html, onTo, startPortal } from './portalServer.ts'
import { signedIn } from './signing.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

/** What a portal says: the name, the password and the button; the code; the push with its number. */
interface Words {
  readonly name: string
  readonly password: string
  readonly go: string
  readonly code: string
  readonly push: string
  readonly wrong: string
}

/** None of these is in a word table. */
const languages: readonly (readonly [language: string, words: Words])[] = [
  [
    'sv',
    { name: 'Användarnamn', password: 'Lösenord', go: 'Logga in', code: 'Ange koden', push: 'Godkänn', wrong: 'Fel lösenord.' },
  ],
  [
    'fi',
    {
      name: 'Käyttäjätunnus',
      password: 'Salasana',
      go: 'Kirjaudu',
      code: 'Anna koodi',
      push: 'Hyväksy',
      wrong: 'Väärä salasana.',
    },
  ],
  ['cs', { name: 'Jméno', password: 'Heslo', go: 'Přihlásit', code: 'Zadejte kód', push: 'Schvalte', wrong: 'Špatné heslo.' }],
  [
    'tr',
    { name: 'Kullanıcı adı', password: 'Parola', go: 'Giriş', code: 'Kodu girin', push: 'Onaylayın', wrong: 'Yanlış parola.' },
  ],
  ['ru', { name: 'Имя', password: 'Пароль', go: 'Войти', code: 'Введите код', push: 'Подтвердите', wrong: 'Неверный пароль.' }],
  ['el', { name: 'Όνομα', password: 'Κωδικός', go: 'Είσοδος', code: 'Δώστε αριθμό', push: 'Εγκρίνετε', wrong: 'Λάθος κωδικός.' }],
  ['ar', { name: 'الاسم', password: 'كلمة السر', go: 'دخول', code: 'أدخل الرمز', push: 'وافق', wrong: 'كلمة السر خاطئة' }],
  ['th', { name: 'ชื่อผู้ใช้', password: 'รหัสผ่าน', go: 'เข้าสู่ระบบ', code: 'ใส่รหัส', push: 'อนุมัติ', wrong: 'รหัสผ่านไม่ถูกต้อง' }],
]

const nameForm = ({ name, go }: Words) =>
  html(go, `<form method="post" action="/name"><label>${name} <input name="a1"></label><button>${go}</button></form>`)
const passwordForm = ({ name, password, go }: Words, extra = '') =>
  html(
    go,
    `${extra}<form method="post" action="/login"><label>${name} <input name="b1"></label><label>${password} <input type="password" name="b2"></label><button>${go}</button></form>`,
  )
const codeForm = ({ code, go }: Words) =>
  html(go, `<form method="post" action="/code"><label>${code} <input name="c1"></label><button>${go}</button></form>`)

describe.each(languages)('%s, which no word table knows', (_language, words) => {
  it('a name, a name and a password, a code, a number to match', async () => {
    let approved = false
    const portal = await startPortal({
      'GET /': nameForm(words),
      'POST /name': passwordForm(words),
      'POST /login': codeForm(words),
      'POST /code': html(
        words.push,
        `<h2>${words.push}</h2><div style="font-size:40px">47</div><script>setInterval(() => fetch('/approved').then((r) => r.text()).then((t) => { if (t === 'yes') location = '/done' }), 100)</script>`,
      ),
      'GET /approved': () => (approved ? 'yes' : 'no'),
    })
    const outcome = await signedIn(driver, portal, {
      onLine: (line) => {
        approved ||= line.includes('47')
      },
    })
    expect(outcome.error).toBeUndefined()
    expect(portal.posts.map(({ fields }) => fields)).toEqual([
      { a1: 'jane@example.com' },
      { b1: 'jane@example.com', b2: 'correct horse' },
      { c1: '123456' },
    ])
    expect(outcome.lines.at(-1)).toBe('waiting for approval (number 47): choose it on your device')
  })

  it('a wrong password: one POST, and the portal’s words', async () => {
    const portal = await startPortal({
      'GET /': passwordForm(words),
      'POST /login': passwordForm(words, `<p>${words.wrong}</p>`),
    })
    const { error } = await signedIn(driver, portal)
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining(words.wrong) })
    expect(portal.posts).toHaveLength(1)
  })

  it('a portal that lets in', async () => {
    const portal = await startPortal({ 'GET /': passwordForm(words), 'POST /login': onTo('/done') })
    expect((await signedIn(driver, portal)).error).toBeUndefined()
  })
})
