import type { Portal } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import type { Answers } from './answers.ts'
import type { Calm } from './calm.ts'
import { firstLineOf } from './command.ts'
import { ask, type Question } from './prompt.ts'
import { type Credentials, rememberedFor } from './remembered.ts'
import type { LoginRequest } from './request.ts'

/**
 * What answers the pages of the portal.
 * - `cookies`: nothing but the user name of the configuration
 * - `answers`: the configuration, then a person at the terminal where one may be asked
 * - `window`: the configuration; the rest is left to the person in the window
 */
export type Means = 'cookies' | 'answers' | 'window'

/** The answers of one login, remembered for it, and whether a person gave one of them. */
export interface Answering extends Answers {
  /**
   * Asks a person what no configuration answers; `what` names it in the error where nobody may be asked, `hint` says there
   * what to do.
   */
  person(question: Question, what: string, hint?: string): Promise<string>
  /** What is answered from here on, by another way than so far; `stopped` is why that one did not do. */
  begin(means: Means, stopped: AwsfedError | undefined): void
  /** Takes back a question that is still open: the portal has gone on without its answer. */
  dismiss(): void
  readonly prompted: boolean
  /** What a person has typed, to be remembered once it has proven right. */
  readonly typed: Credentials | undefined
  /** Whether the last that the portal was given is the keyring's password: a refusal then most likely means that. */
  readonly keptPasswordLast: boolean
}

/**
 * Answers from the configuration (`username`, `password_command`, `otp_command`), else the keyring's, else a person's at the
 * terminal.
 * @param command what a person is to run where nobody may be asked: `awsfed login -p dev`
 * @throws AwsfedError (each answer) `login-needed` where nobody may be asked, `cancelled`, `failed` by a command
 */
export function answersFor(
  world: World,
  portal: Portal,
  { request, calm, command }: { request: LoginRequest; calm: Calm; command: string },
): Answering {
  let means: Means = request.cookiesOnly ? 'cookies' : 'answers'
  let prompted = false
  let username: string | undefined
  let password: string | undefined
  let typed: Credentials | undefined
  let kept: Promise<Credentials | undefined> | undefined
  let keptPasswordLast = false
  /** Whether the portal was given the password and may have refused it. */
  let doubtful = false
  let dismissal = new AbortController()
  const signal = () => (request.signal ? AbortSignal.any([request.signal, dismissal.signal]) : dismissal.signal)

  const needed = (what: string, why: string, hint = `run \`${command}\` in a terminal`) =>
    new AwsfedError('login-needed', `a login is needed: the portal asks for ${what}, and ${why}`, { hint })

  const person = async (question: Question, what: string, hint?: string) => {
    if (request.cookiesOnly) throw needed(what, 'this renewal may use cookies only', hint)
    if (request.asking === 'never') throw needed(what, 'nobody may be asked', hint)
    const answer = await calm.during(() => ask(world, question, signal()))
    if (answer === undefined) throw needed(what, 'there is no terminal to ask on', hint)
    prompted = true
    return answer
  }

  const leftToWindow = (what: string) => needed(what, 'that is answered in the window', 'go on in the window')

  /** Asks for what a page of the portal asks for: who has a window answers there. */
  const pageAsks = async (question: Question, what: string) => {
    if (means === 'window') throw leftToWindow(what)
    if (means === 'cookies' && !request.cookiesOnly) throw needed(what, 'without a window only cookies are tried')
    return person(question, what)
  }

  /** What the keyring has, but for who has just asked for it to be written anew. */
  const remembered = async () => {
    if (means === 'cookies' || request.remember || portal.passwordCommand !== undefined) return undefined
    kept ??= rememberedFor(world, portal, request.asking === 'never' ? AbortSignal.any([signal(), unlocking()]) : signal())
    return kept
  }

  /** The answer of a command of the configuration, else a person's. All of them are secrets. */
  const secret = async (key: string, text: string | undefined, question: Question, what: string) => {
    // A renewal that nobody waits for must not have a password manager ask for its own password.
    const silent = text !== undefined && means !== 'cookies'
    const answer = silent
      ? await firstLineOf(world, { key: `portal.${portal.name}.${key}`, command: text }, signal())
      : await pageAsks(question, what)
    world.redactor.conceal(answer)
    return answer
  }

  return {
    person,
    begin(next, stopped) {
      means = next
      // A page that is not understood may have been the portal's no: a second try might lock the account.
      doubtful = password !== undefined && stopped?.kind === 'failed'
    },
    dismiss() {
      dismissal.abort()
      dismissal = new AbortController()
    },
    get prompted() {
      return prompted
    },
    get typed() {
      return typed
    },
    get keptPasswordLast() {
      return keptPasswordLast
    },
    async username() {
      username ??=
        portal.username ??
        (await remembered())?.username ??
        (await pageAsks({ kind: 'text', message: `User name for ${portal.name}` }, 'a user name'))
      return username
    },
    async password(user) {
      if (doubtful) throw leftToWindow('a password')
      if (password !== undefined) return password
      const ours = await remembered()
      // A password is its user's: the configuration may have another one by now.
      const mine = ours && (user === undefined || ours.username === undefined || ours.username === user) ? ours : undefined
      keptPasswordLast = mine !== undefined
      if (mine) {
        password = mine.password
        return password
      }
      const question: Question = { kind: 'secret', message: `Password for ${user ?? portal.username ?? portal.name}` }
      password = await secret('password_command', portal.passwordCommand, question, 'a password')
      if (portal.passwordCommand === undefined) typed = { username: user ?? username, password }
      return password
    },
    // Not remembered: a code is good once.
    otp(label) {
      keptPasswordLast = false
      const question: Question = { kind: 'secret', message: label || `One-time code for ${portal.name}` }
      return secret('otp_command', portal.otpCommand, question, 'a one-time code')
    },
    async choose(title, options) {
      return Number(await pageAsks({ kind: 'choice', message: title, options }, `a choice (${title})`))
    },
    mayWaitForApproval: !request.cookiesOnly && request.asking !== 'never',
  }
}

/** A keyring that is locked asks a person to open it: where nobody is there that must not take for ever. */
function unlocking(): AbortSignal {
  return AbortSignal.timeout(10_000)
}
