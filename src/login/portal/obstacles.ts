import { otherWayNames, otherWayWords } from './buttonWords.ts'
import { factorOf } from './factors.ts'
import type { History } from './fields.ts'
import { passwordWords } from './fieldWords.ts'
import type { Finding, Interrupt } from './finding.ts'
import { asksToSignIn, type FormReading } from './forms.ts'
import { laterButton, saidBy } from './interrupt.ts'
import { buttonChoice, titleOf } from './lists.ts'
import {
  acceptCookiesWords,
  accountWords,
  cookieWords,
  keyPromptWords,
  managedDeviceWords,
  refuseCookiesWords,
} from './obstacleWords.ts'
import { lockedWords } from './saidWords.ts'
import { sameSite } from './site.ts'
import { leadsAway } from './submit.ts'
import type { Button, View } from './view.ts'
import { namePlain } from './words.ts'

/** A banner about cookies: it may lie over the button that is wanted, and no answer to it does any harm to the sign-in. */
export function cookieBanner(view: View): Finding | undefined {
  const banner = view.buttons.filter(({ layer, enabled }) => enabled && layer && cookieWords.find(layer))
  const short = (button: Button) => button.text.length <= 40
  const refuse = banner.find((button) => short(button) && refuseCookiesWords.find(button.text || button.label))
  const button = refuse ?? banner.find((one) => short(one) && acceptCookiesWords.find(one.text || one.label))
  if (!button) return undefined
  return {
    kind: 'press',
    why: `a banner speaks of cookies, and a button says "${button.text}"`,
    button: button.handle,
    checks: [],
    patient: false,
    first: true,
  }
}

/** A captcha that is still to be solved, on the page that has a form to sign in with, or nothing else. */
export function captchaOf(view: View, forms: readonly FormReading[]): Interrupt | undefined {
  const asked = forms.find(({ score }) => score > 0)
  const where = view.documents.findIndex(
    ({ captcha }, index) => captcha !== '' && (!asked || asked.document === index || index > 0),
  )
  const maker = view.documents[where]?.captcha
  if (!maker) return undefined
  return { kind: 'interrupt', why: `the page shows a captcha (${maker})`, wants: 'a captcha to be solved', text: maker }
}

/** Only the person's own browser and devices can answer this: a passkey, a security key, a certificate. */
export function keyPrompt(view: View, forms: readonly FormReading[], history: History): Interrupt | undefined {
  if (asksToSignIn(forms)) return undefined
  const asksBrowser = view.documents.some(({ webAuthn }) => webAuthn)
  const [phrase, text] = saidBy(view, keyPromptWords, asksBrowser ? 'all' : 'headings')
  if (!phrase && !asksBrowser) return undefined
  return {
    kind: 'interrupt',
    why: phrase ? `the page says "${phrase}"` : 'the page asks the browser for a passkey',
    wants: 'a passkey or a security key',
    text: text || titleOf(view),
    other:
      ((history.passwordGiven ? undefined : byPassword(view)) ?? otherWayOf(view) ?? otherFactor(view))?.handle ??
      laterButton(view),
  }
}

/** A button to a factor that needs neither passkey nor key. */
function otherFactor(view: View): Button | undefined {
  const choices = view.buttons.map((button) => buttonChoice(button))
  return view.buttons[choices.findIndex((choice) => choice !== undefined && choice.factor !== 'key')]
}

/** Advice that can be put off, on a page that wants nothing else: an old browser, a number to be checked. */
export function adviceOf(view: View): Finding | undefined {
  const later = laterButton(view)
  const button = view.buttons.find(({ handle }) => handle === later)
  return button && press(button, `"${button.text || button.label}" puts off what the page wants`)
}

/** A page without fields that offers a name and a password beside what only the browser can do, such as the session of Windows. */
export function passwordWay(view: View, forms: readonly FormReading[], history: History): Finding | undefined {
  if (history.passwordGiven || asksToSignIn(forms)) return undefined
  const button = byPassword(view)
  return button && press(button, `"${button.text || button.label}" leads to a password`)
}

/** Before anything was given, a page on which there is but one thing to press, whatever it is called. */
export function onlyWay(view: View, history: History): Finding | undefined {
  const top = view.documents[0]
  if (history.usernameGiven || history.passwordGiven || !top || top.status >= 400) return undefined
  if (view.fields.some(({ enabled }) => enabled)) return undefined
  const [button, ...more] = view.buttons.filter(({ enabled, layer }) => enabled && !layer)
  if (!button || more.length > 0 || leadsAway(button) || factorOf(button.text || button.label)) return undefined
  // A link to another page of this portal, or something that its own program acts on.
  if (/^[a-z]+:/i.test(button.href) && !/^(https?|javascript):/i.test(button.href)) return undefined
  if (/^https?:/i.test(button.href) && !sameSite(button.href, top.url)) return undefined
  return press(button, `nothing but "${button.text || button.label}" can be pressed`)
}

function press(button: Button, why: string): Finding {
  return { kind: 'press', why, button: button.handle, checks: [], patient: true }
}

/** "Use your password instead". */
function byPassword(view: View): Button | undefined {
  return view.buttons.find((button) => button.enabled && passwordWords.find(button.text || button.label) && !leadsAway(button))
}

/** A page on which all that could be pressed to go on is a passkey, a security key or a certificate. */
export function keyButtons(view: View, forms: readonly FormReading[]): Interrupt | undefined {
  const keys = view.buttons.filter((button) => button.enabled && factorOf(button.text || button.label) === 'key')
  const [key] = keys
  if (!key || asksToSignIn(forms)) return undefined
  const text = keys.map((button) => button.text || button.label).join(', ')
  return {
    kind: 'interrupt',
    why: `buttons say "${text}"`,
    wants: 'a passkey or a security key',
    text,
    other: otherWayOf(view)?.handle,
  }
}

/** The portal lets nobody in here: the account is locked, or this is not a device that the company manages. */
export function closedDoor(view: View, forms: readonly FormReading[]): Interrupt | undefined {
  if (asksToSignIn(forms)) return undefined
  const [device, aboutDevice] = saidBy(view, managedDeviceWords, 'all')
  const [locked, aboutLock] = device ? [] : lockedIn(view)
  if (!device && !locked) return undefined
  return {
    kind: 'interrupt',
    why: `the page says "${device ?? locked}"`,
    wants: device ? 'a device that the company manages' : 'the account to be unlocked',
    text: aboutDevice || aboutLock || titleOf(view),
  }
}

/** That it is an account which is locked, and not notifications or scripts, is said by a heading, an alert or the word itself. */
function lockedIn(view: View): [phrase: string | undefined, text: string] {
  const account = { find: (text: string) => (accountWords.find(text) ? lockedWords.find(text) : undefined) }
  const said = view.texts.find(({ kind, text }) => kind === 'alert' && lockedWords.find(text))
  if (said) return [lockedWords.find(said.text), said.text]
  const heading = saidBy(view, lockedWords, 'headings')
  return heading[0] ? heading : saidBy(view, account, 'all')
}

/** What leads from one way of proving who one is to the others. */
export function otherWayOf(view: View): Button | undefined {
  const buttons = view.buttons.filter(({ enabled }) => enabled)
  const named = (button: Button) => [button.id, button.className].some((name) => otherWayNames.find(namePlain(name)))
  return buttons.find((button) => otherWayWords.find(button.text || button.label)) ?? buttons.find(named)
}
