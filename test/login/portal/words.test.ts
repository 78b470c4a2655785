import { describe, expect, it } from 'vitest'
import { numberToMatch } from '../../../src/login/portal/approval.ts'
import { factorOf } from '../../../src/login/portal/factors.ts'
import { aboutOf } from '../../../src/login/portal/said.ts'
import type { Text, View } from '../../../src/login/portal/view.ts'
import { namePlain, plain, words } from '../../../src/login/portal/words.ts'

describe('words', () => {
  const list = words({
    de: ['*kennwort', 'benutzer*'],
    en: ['code', 'one time code'],
    pl: ['klucz* dostepu', 'kart* inteligentn*'],
    ja: ['認証コード'],
    ko: ['인증 코드'],
  })
  it.each([
    ['Ihr Einmalkennwort', '*kennwort'],
    ['Benutzername:', 'benutzer*'],
    ['postcode', undefined],
    ['Enter your ONE-TIME code', 'one time code'],
    ['認証コードを入力', '認証コード'],
    ['인증코드를 입력하세요', '인증 코드'],
    ['Użyj klucza dostępu', 'klucz* dostepu'],
    ['klucz dostępu', 'klucz* dostepu'],
    ['klucz do dostępu', undefined],
    ['Włóż kartę inteligentną', 'kart* inteligentn*'],
    ['', undefined],
  ])('%j holds %j', (text, phrase) => {
    expect(list.find(text)).toBe(phrase)
  })
  it.each([
    ['Contraseña', ' contrasena '],
    ['Hasło', ' haslo '],
    ['パスワード', ' パスワード '],
  ])('%j becomes %j', (text, letters) => {
    expect(plain(text)).toBe(letters)
  })
  it('names are taken apart', () => {
    expect(namePlain('userNameInput')).toBe(' user name input ')
    expect(namePlain('j_username')).toBe(' j username ')
  })
})

describe('factors', () => {
  it.each([
    ['Text +1 XXX-XXX-4567', 'sms'],
    ['Use a verification code', 'totp'],
    ['Approve a request on my Microsoft Authenticator app', 'push'],
    ['Security Key or Biometric Authenticator', 'key'],
    ['電話で確認', 'call'],
    ['Sign in', undefined],
  ])('%s: %s', (text, factor) => {
    expect(factorOf(text)).toBe(factor)
  })
})

describe('what the portal says', () => {
  it.each([
    ['Incorrect user ID or password.', 'wrong'],
    ['Le mot de passe est incorrect', 'wrong'],
    ['パスワードが間違っています', 'wrong'],
    ['您的帐户已锁定', 'locked'],
    ['Ihr Konto ist gesperrt.', 'locked'],
    ['Your password has expired', 'expired'],
    ['Your request was denied', 'denied'],
    ['Welcome back', 'unknown'],
    ['Script is disabled. Press the button to go on.', 'unknown'],
    ['JavaScript ist deaktiviert oder wird blockiert.', 'unknown'],
    ['If pop-ups are blocked, use the link.', 'unknown'],
  ])('%s: %s', (text, about) => {
    expect(aboutOf(text)).toBe(about)
  })
})

describe('the number to match', () => {
  const view = (...texts: Partial<Text>[]): View => ({
    documents: [],
    fields: [],
    buttons: [],
    matches: {},
    invalid: [],
    texts: texts.map((text) => ({ document: 0, text: '', kind: 'text', size: 14, ...text })),
  })
  it.each<[string, View, string | undefined]>([
    ['the largest that stands alone', view({ text: '58' }, { text: '42', size: 40 }), '42'],
    ['in a sentence', view({ text: 'Enter the number 42 in your app' }), '42'],
    ['in German', view({ text: 'Wählen Sie die Nummer 7 auf Ihrem Telefon' }), '7'],
    ['in Japanese', view({ text: '番号 42 を選択してください' }), '42'],
    ['no count of digits', view({ text: 'Enter the 6 digit code' }), undefined],
    ['no time', view({ text: 'Enter it within 60 seconds' }), undefined],
    ['no telephone number', view({ text: 'We called the number •••-•••-42' }), undefined],
  ])('%s', (_title, shown, number) => {
    expect(numberToMatch(shown)).toBe(number)
  })
})
