import { AwsfedError } from '../../base/errors.ts'
import { printable, shortened } from '../../base/text.ts'
import { PersonNeeded } from '../personNeeded.ts'
import { Untrusted } from '../untrusted.ts'
import { type Rule, selectorsOf } from './rules.ts'
import type { Refusal } from './said.ts'
import type { View } from './view.ts'

/** The errors that end a sign-in. Words of a page are made printable and short; values of fields are never in them. */

const byWindow = 'sign in by hand with `awsfed login --window`'

const refusalHints: Readonly<Record<Refusal, string>> = {
  locked: `wait, or have the account unlocked; awsfed did not try again. Then run \`awsfed login\``,
  expired: `change the password at the portal: ${byWindow}`,
  denied: 'run `awsfed login` again and approve the sign-in on your device',
  wrong:
    'awsfed did not try again, so that the account is not locked. Check user name, password and code, then run `awsfed login`',
  unknown: `awsfed did not try again, so that the account is not locked. Run \`awsfed login\`, or ${byWindow}`,
}

/** The portal says no. */
export function refused(words: string, about: Refusal): AwsfedError {
  return new AwsfedError('refused', `the portal refused the sign-in: "${said(words)}"`, { hint: refusalHints[about] })
}

/** The portal shows the same form again and does not say why. */
export function refusedSilently(): AwsfedError {
  return new AwsfedError('refused', 'the portal refused the sign-in: it showed the same form again and gave no reason', {
    hint: refusalHints.unknown,
  })
}

/** A rule asks for what the browser does not take as CSS, though its form is right: `:has-text(…)` of other programs. */
export function notASelector(rules: readonly Rule[], selector: string): AwsfedError {
  const rule = rules.find((each) => selectorsOf([each]).includes(selector))
  const where = rule ? `${rule.at ? `${rule.at}: ` : ''}rule "${rule.name}": ` : ''
  return new AwsfedError('failed', `${where}the browser does not take "${selector}" as a CSS selector`, {
    hint: 'correct the recipe, or set recipe = "auto" in the configuration',
  })
}

/** The portal wants something that is a person's to decide. */
export function interrupted(wants: string, words: string): AwsfedError {
  return new PersonNeeded('refused', `the portal wants ${wants} before it lets you in: "${said(words)}"`, {
    hint: `awsfed never does that for you: ${byWindow}`,
  })
}

/** A page that is not understood: what was seen on it. */
export function notUnderstood(what: string, view: View | undefined): AwsfedError {
  return new PersonNeeded('failed', `${what}: ${view ? seen(view) : 'no page was shown'}`, {
    hint: `${byWindow}; AWSFED_DEBUG=1 shows what was tried`,
  })
}

/** An error of the portal itself, in which no person could do anything. */
export function brokenDown(view: View): AwsfedError {
  return new AwsfedError('failed', `the portal shows an error: ${seen(view)}`, {
    hint: 'wait a while and run `awsfed login` again; tell your IT department if it stays',
  })
}

export function unreachable(error: string, url: string): AwsfedError {
  const host = hostOf(url)
  if (/CLIENT_AUTH|CLIENT_CERT/.test(error)) {
    return new PersonNeeded('failed', `the portal ${host} wants a client certificate (${error}), which awsfed cannot give`, {
      hint: byWindow,
    })
  }
  if (/CERT|SSL|nssBadCert|nssFailure/.test(error)) {
    return new Untrusted(
      url,
      `the certificate of the portal ${host} is not trusted (${error})`,
      'name the company’s CA by AWS_CA_BUNDLE or have it installed on this machine, check the date, and run `awsfed login` again',
    )
  }
  if (/INVALID_AUTH|UNSUPPORTED_AUTH|HTTP ERROR 401/.test(error)) {
    return new PersonNeeded(
      'failed',
      `the portal ${host} wants the browser’s own sign-in (HTTP authentication, ${error}), which awsfed cannot give`,
      { hint: byWindow },
    )
  }
  const reason = reasons.find(([pattern]) => pattern.test(error))?.[1] ?? 'cannot be reached'
  return new AwsfedError('failed', `the portal ${host} ${reason} (${error})`, {
    hint: 'check url and proxy in config.toml, the network and the VPN, and run `awsfed login` again',
  })
}

/** By Chrome's words and by Firefox's. */
const reasons: readonly [RegExp, string][] = [
  [/NAME_NOT_RESOLVED|NXDOMAIN|DNS/i, 'has no address: its name is not known here'],
  [/CONNECTION_REFUSED|connectionFailure/, 'refuses the connection'],
  [/TIMED_OUT|netTimeout/, 'does not answer in time'],
  [/PROXY|TUNNEL|proxy(?:Connect|Resolve)Failure/, 'cannot be reached through the proxy'],
  [/INTERNET_DISCONNECTED|netOffline/, 'cannot be reached: this machine has no network'],
  [/TOO_MANY_REDIRECTS|redirectLoop/, 'sends the browser in a circle'],
  [/HTTP ERROR 407/, 'cannot be reached: the proxy wants a user and a password'],
]

/** The field was emptied, cut or changed by the page: to send it would be to send something wrong. */
export function notTaken(title: string | undefined): AwsfedError {
  return new PersonNeeded(
    'failed',
    `the portal's field ${title ? `"${said(title)}" ` : ''}does not take what was typed into it`,
    {
      hint: byWindow,
    },
  )
}

export function loginNeeded(what: string): AwsfedError {
  return new AwsfedError('login-needed', `the portal ${what}, and nobody may be asked`, {
    hint: 'run `awsfed login` in a terminal',
  })
}

export function notEncrypted(url: string): AwsfedError {
  return new AwsfedError('failed', `the portal led to a page without encryption (${hostOf(url)}): nothing is typed there`, {
    hint: `check the portal with your IT department, or ${byWindow}`,
  })
}

/** Title, host, HTTP status, labels of the fields, what it announces. */
function seen(view: View): string {
  const [top] = view.documents
  const labels = view.fields.map(({ label, placeholder, name, type }) => label || placeholder || name || type).filter(Boolean)
  const announced = view.texts.filter(({ kind }) => kind === 'alert' || kind === 'heading').map(({ text }) => text)
  const parts = [
    `"${said(top?.title || announced[0] || 'no title')}" at ${hostOf(top?.url ?? '')}`,
    top && top.status >= 400 ? `HTTP status ${top.status}` : '',
    labels.length > 0 ? `fields: ${labels.slice(0, 6).map(said).join(', ')}` : 'no fields',
    announced.length > 0 ? `it says: "${said(announced.slice(0, 2).join(' '))}"` : '',
  ]
  return parts.filter(Boolean).join('; ')
}

function said(words: string): string {
  return shortened(printable(words), 300)
}

function hostOf(url: string): string {
  return URL.canParse(url) ? printable(new URL(url).host) : 'an unknown address'
}
