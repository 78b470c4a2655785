import { randomBytes } from 'node:crypto'
import type http from 'node:http'
import https from 'node:https'
import { messageOf } from '../../base/errors.ts'
import type { Certificate } from '../certificates.ts'
import type { SandboxRole } from '../cloud.ts'
import type { NewEvent, Recorder } from '../events.ts'
import { bodyOf, type Listening, listen } from '../server.ts'
import type { Account } from './account.ts'
import { awsAudience, samlResponseOf } from './assertion.ts'
import { browserCookie, cookiesOf, newId, PortalSessions, setCookie } from './cookies.ts'
import { type Flow, Flows } from './flow.ts'
import { choicePage, codePage, devicePage, messagePage, passwordPage, postingPage, pushPage, updatePasswordPage } from './page.ts'
import { Push } from './push.ts'

export interface PortalOptions {
  readonly account: Account
  readonly roles: readonly SandboxRole[]
  readonly tls: Certificate
  readonly signer: Certificate
  /** The portal's entity id. */
  readonly issuer: string
  /** Where the assertion is posted to. */
  readonly acs: string
  /** What the assertion names as its recipient. */
  readonly recipient: string
  readonly factor: 'totp' | 'push' | 'choice' | 'none'
  /** Milliseconds after which a push is approved by itself; else it waits for `approve` or the phone's page. */
  readonly approveAfter: number | undefined
  /** Whether a browser that has signed in stays signed in. */
  readonly remembers: boolean
  readonly now: () => Date
  readonly record: Recorder
  /** Told when the user has changed the password on the portal's page. */
  readonly onPasswordChange: (password: string) => void
}

/** The portal, and what a test or a person may do to it behind its pages. */
export interface Portal extends Listening {
  readonly url: string
  /** The page that stands in for the user's phone. */
  readonly deviceUrl: string
  /** The numbers of the pushes that wait. */
  pending(): string[]
  /** Approves the waiting pushes (of this number). Returns how many. */
  approve(number?: string): number
  deny(): number
  lock(): void
  unlock(): void
  expirePassword(): void
  /** As if the user had changed it elsewhere. */
  changePassword(password: string): void
  /** Ends every session, so that the next visit needs the password. Returns how many there were. */
  endSessions(): number
}

const signOnPath = '/adfs/ls/idpinitiatedsignon.aspx'
const pollPath = '/adfs/ls/push'
const devicePath = '/device'

/** AD FS's words, so that what is tried here is what is met at work. */
const words = {
  wrongPassword: 'Incorrect user ID or password. Type the correct user ID and password, and try again.',
  noUser: 'Enter your user ID in the format "domain\\user" or "user@domain".',
  noPassword: 'Enter your password.',
  locked: 'This account has been locked because of too many incorrect attempts. Contact your administrator.',
  wrongCode: 'The verification code you entered is incorrect. Check the code in your app and try again.',
  denied: 'The sign-in request was denied on your device.',
  passwordExpired: 'You must update your password because your password has expired.',
  cannotUpdate: 'Your password could not be updated. Make sure that the old password is right, and that the new one is repeated.',
  expired: 'Your sign-in page has expired. Sign in again.',
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body: string
  readonly cookies?: readonly string[]
  readonly nonce?: string
  readonly event: Omit<NewEvent, 'server' | 'status'>
}

export async function startPortal(options: PortalOptions): Promise<Portal> {
  const site = new Site(options)
  const server = https.createServer({ key: options.tls.key, cert: options.tls.chain }, (request, response) => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    site
      .answer(request, gone.signal)
      .catch((error: unknown): Answer => {
        const text = messageOf(error)
        return { status: 500, type: 'text/plain', body: `${text}\n`, event: { what: 'failure of the sandbox', reason: text } }
      })
      .then((answer) => {
        options.record({ server: 'portal', status: answer.status, ...answer.event })
        const nonce = answer.nonce === undefined ? '' : ` 'nonce-${answer.nonce}'`
        response.writeHead(answer.status, {
          'Content-Type': answer.type ?? 'text/html; charset=utf-8',
          'Cache-Control': 'no-store',
          'Referrer-Policy': 'same-origin',
          'X-Content-Type-Options': 'nosniff',
          'Content-Security-Policy': `default-src 'none'; img-src data:; connect-src 'self'; style-src${nonce || " 'none'"}; script-src${nonce || " 'none'"}; form-action 'self' ${new URL(options.acs).origin}; frame-ancestors 'none'; base-uri 'none'`,
          ...(answer.cookies ? { 'Set-Cookie': [...answer.cookies] } : {}),
        })
        response.end(request.method === 'HEAD' ? undefined : answer.body)
      })
  })
  const listening = await listen(server)
  const origin = `https://localhost:${listening.port}`
  return {
    port: listening.port,
    close: async () => {
      site.end()
      await listening.close()
    },
    url: `${origin}${signOnPath}?loginToRp=${awsAudience}`,
    deviceUrl: `${origin}${devicePath}`,
    pending: () => site.flows.waiting().map((push) => push.number),
    approve: (number) => site.settlePushes('approved', number),
    deny: () => site.settlePushes('denied'),
    lock: () => options.account.lock(),
    unlock: () => options.account.unlock(),
    expirePassword: () => options.account.expirePassword(),
    changePassword: (password) => options.account.changePassword(password),
    endSessions: () => site.sessions.endAll(),
  }
}

class Site {
  readonly sessions: PortalSessions
  readonly flows = new Flows()
  readonly #options: PortalOptions
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(options: PortalOptions) {
    this.#options = options
    this.sessions = new PortalSessions(options.now)
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  settlePushes(state: 'approved' | 'denied', number?: string): number {
    const pushes = this.flows.waiting().filter((push) => number === undefined || push.number === number)
    for (const push of pushes) push.answer(state)
    return pushes.length
  }

  async answer(request: http.IncomingMessage, gone: AbortSignal): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'https://localhost')
    const reading = request.method === 'GET' || request.method === 'HEAD'
    if (!reading && request.method !== 'POST') return this.#message(405, 'method not allowed', 'The method is not allowed.')
    if (url.pathname === devicePath) return reading ? this.#device() : this.#answerDevice(await formOf(request))
    if (url.pathname === pollPath && reading) return this.#poll(url, request, gone)
    if (url.pathname.toLowerCase() !== signOnPath) return this.#message(404, 'no such page', 'The page does not exist.')
    if (url.searchParams.get('loginToRp') !== awsAudience) {
      return this.#message(400, 'unknown relying party', 'An error occurred. The relying party is not known here.')
    }
    return reading ? this.#begin(request) : this.#goOn(request, await formOf(request))
  }

  /** A first visit: straight to AWS for who is signed in, else the password page. */
  async #begin(request: http.IncomingMessage): Promise<Answer> {
    const session = this.sessions.find(request)
    if (session) return this.#assertion(session.user, 'portal cookie')
    const browser = cookiesOf(request).get(browserCookie) || newId()
    const flow = this.flows.begin(browser)
    return { ...this.#show(flow, 'sign-in page'), cookies: [setCookie(browserCookie, browser)] }
  }

  /** A posted form: the flow, not the form, says which answer is due. */
  async #goOn(request: http.IncomingMessage, form: URLSearchParams): Promise<Answer> {
    const flow = this.flows.find(form.get('Context') ?? '', cookiesOf(request).get(browserCookie))
    if (!flow || form.get('AuthMethod') !== methods[flow.stage]) return this.#message(403, 'page expired', words.expired)
    const { account } = this.#options
    if (account.locked) return this.#show(flow, 'account locked', words.locked)
    switch (flow.stage) {
      case 'password':
        return this.#password(flow, form)
      case 'update-password':
        return this.#updatePassword(flow, form)
      case 'choice':
        flow.stage = form.get('Choice') === 'push' ? 'push' : 'code'
        return this.#show(flow, flow.stage === 'push' ? 'push page' : 'code page')
      case 'code':
        if (account.checkCode(form.get('VerificationCode') ?? '')) return this.#signedIn(flow, 'password and code')
        return account.locked
          ? this.#show(flow, 'account locked', words.locked)
          : this.#show(flow, 'code refused', words.wrongCode)
      case 'push':
        if (flow.push?.state === 'approved') return this.#signedIn(flow, 'password and push')
        if (flow.push?.state === 'waiting') return this.#show(flow, 'push page')
        this.flows.end(flow)
        return this.#message(403, 'push denied', words.denied)
    }
  }

  async #password(flow: Flow, form: URLSearchParams): Promise<Answer> {
    const { account, factor } = this.#options
    flow.user = form.get('UserName') ?? ''
    flow.keep = form.get('Kmsi') === 'true'
    const password = form.get('Password') ?? ''
    if (flow.user === '') return this.#show(flow, 'user name missing', words.noUser)
    if (password === '') return this.#show(flow, 'password missing', words.noPassword)
    if (!account.checkPassword(flow.user, password)) {
      return account.locked
        ? this.#show(flow, 'account locked', words.locked)
        : this.#show(flow, 'password refused', words.wrongPassword)
    }
    flow.user = account.user
    if (account.passwordExpired) {
      flow.stage = 'update-password'
      return this.#show(flow, 'password expired', words.passwordExpired)
    }
    if (factor === 'none') return this.#signedIn(flow, 'password')
    flow.stage = factor === 'totp' ? 'code' : factor
    return this.#show(flow, 'password accepted')
  }

  #updatePassword(flow: Flow, form: URLSearchParams): Answer {
    const { account, onPasswordChange } = this.#options
    const [old = '', fresh = '', again = ''] = ['OldPassword', 'NewPassword', 'ConfirmNewPassword'].map(
      (name) => form.get(name) ?? '',
    )
    if (fresh === '' || fresh !== again || fresh === old || !account.checkPassword(flow.user, old)) {
      return this.#show(flow, 'password not updated', words.cannotUpdate)
    }
    account.changePassword(fresh)
    onPasswordChange(fresh)
    flow.stage = 'password'
    return this.#show(flow, 'password updated')
  }

  #signedIn(flow: Flow, how: string): Promise<Answer> {
    this.flows.end(flow)
    this.#options.account.signedIn()
    const cookies = this.#options.remembers ? this.sessions.open(flow.user, flow.keep) : []
    return this.#assertion(flow.user, how, cookies)
  }

  async #assertion(user: string, how: string, cookies: readonly string[] = []): Promise<Answer> {
    const { issuer, signer, roles, recipient, acs, now } = this.#options
    const samlResponse = await samlResponseOf({ issuer, signer, now: now(), roles, sessionName: user, nameId: user, recipient })
    const nonce = newNonce()
    const body = postingPage({ nonce, acs, samlResponse, relayState: 'https://console.aws.amazon.com/' })
    return { status: 200, nonce, body, cookies, event: { what: 'assertion issued', user, reason: how } }
  }

  /** The page of the flow's stage. AD FS answers 200 to wrong answers too. */
  #show(flow: Flow, what: string, error?: string): Answer {
    const nonce = newNonce()
    // A name that is not the user's may be a password in the wrong field: it stays out of the log.
    const known = flow.user.toLowerCase() === this.#options.account.user.toLowerCase()
    const event = known ? { what, user: flow.user } : { what }
    const action = `${signOnPath}?loginToRp=${awsAudience}`
    const form = { nonce, action, context: flow.context, authMethod: methods[flow.stage], error, user: flow.user }
    return { status: 200, nonce, event, body: this.#pageOf(flow, form) }
  }

  #pageOf(flow: Flow, form: Parameters<typeof passwordPage>[0]): string {
    switch (flow.stage) {
      case 'password':
        return passwordPage(form)
      case 'update-password':
        return updatePasswordPage(form)
      case 'choice':
        return choicePage(form)
      case 'code':
        return codePage(form)
      case 'push': {
        const { number } = this.#pushOf(flow)
        return pushPage({ ...form, number, pollUrl: `${pollPath}?context=${encodeURIComponent(flow.context)}` })
      }
    }
  }

  #pushOf(flow: Flow): Push {
    const { approveAfter } = this.#options
    if (flow.push) return flow.push
    const push = new Push()
    flow.push = push
    if (approveAfter !== undefined) this.#timers.add(setTimeout(() => push.answer('approved'), approveAfter))
    return push
  }

  /** Answers when the phone has, or after 20 seconds: the page then asks again. */
  async #poll(url: URL, request: http.IncomingMessage, gone: AbortSignal): Promise<Answer> {
    const flow = this.flows.find(url.searchParams.get('context') ?? '', cookiesOf(request).get(browserCookie))
    const state = flow?.push ? await flow.push.settled(20_000, gone) : 'unknown'
    const event = { what: `push ${state}`, ...(flow ? { user: flow.user } : {}) }
    return { status: flow?.push ? 200 : 404, type: 'application/json', body: JSON.stringify({ state }), event }
  }

  #device(): Answer {
    const nonce = newNonce()
    return { status: 200, nonce, body: devicePage({ nonce, pending: this.flows.waiting() }), event: { what: 'phone shown' } }
  }

  #answerDevice(form: URLSearchParams): Answer {
    const push = this.flows.waiting().find((waiting) => waiting.id === form.get('id'))
    push?.answer(form.get('number') === push.number ? 'approved' : 'denied')
    return { ...this.#device(), event: { what: push ? `phone ${push.state}` : 'phone answered nothing' } }
  }

  #message(status: number, what: string, text: string): Answer {
    const nonce = newNonce()
    const link = `${signOnPath}?loginToRp=${awsAudience}`
    return { status, nonce, event: { what }, body: messagePage({ nonce, title: 'Sign in', text, link }) }
  }
}

const methods = {
  password: 'FormsAuthentication',
  'update-password': 'UpdatePassword',
  choice: 'AuthOptions',
  code: 'VerificationCode',
  push: 'AzureMfaAuthentication',
}

const newNonce = (): string => randomBytes(16).toString('base64')

/** The fields of a posted form; none when it is too long or no form. */
async function formOf(request: http.IncomingMessage): Promise<URLSearchParams> {
  const body = await bodyOf(request, 65_536)
  const isForm = request.headers['content-type']?.split(';')[0]?.trim() === 'application/x-www-form-urlencoded'
  return new URLSearchParams(isForm ? (body?.toString() ?? '') : '')
}
