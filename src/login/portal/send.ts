import { setTimeout as delay } from 'node:timers/promises'
import { AwsfedError } from '../../base/errors.ts'
import { domainOf } from './choose.ts'
import type { Engine } from './engine.ts'
import { interrupted, notEncrypted, notTaken } from './failures.ts'
import type { Filling } from './finding.ts'
import { foreignAction } from './forms.ts'
import { toAnotherSite } from './interrupt.ts'
import { isNoOption } from './lists.ts'
import { type FormFinding, formKey, noteSent } from './progress.ts'
import { readyForm } from './ready.ts'
import { isLoopback } from './site.ts'
import type { View } from './view.ts'

/**
 * Fills a form and sends it. What it asks for is asked of the person only now. When the page changes meanwhile nothing is
 * sent: the next look at it decides anew.
 */
export async function sendForm(engine: Engine, view: View, form: FormFinding): Promise<void> {
  if (!mayBeSentThere(engine, view, form)) return
  const values = await valuesOf(engine, form, formKey(view, form))
  if (!values || engine.over.aborted) return
  reportUser(engine)
  for (const [fill, value] of values) {
    if (!(await typed(engine, fill, value))) return
  }
  for (const select of form.selects ?? []) await chooseIn(engine, select)
  for (const box of form.checks) await engine.page.check(box)
  const code = form.fills.some(({ role }) => role === 'otp')
  const ready = await readyForm(engine, view, formKey(view, form), code)
  if (engine.over.aborted) return
  noteSent(engine.progress, ready?.view ?? view, ready?.form ?? form, engine.now().getTime())
  const given = (role: Filling['role']) => form.fills.some((fill) => fill.role === role)
  engine.history = {
    ...engine.history,
    usernameGiven: engine.history.usernameGiven || given('username'),
    passwordGiven: engine.history.passwordGiven || given('password'),
    passwordField: form.fills.find(({ role }) => role === 'password')?.key ?? engine.history.passwordField,
  }
  if (code) engine.sentCode = engine.unusedCode
  engine.unusedCode = undefined
  if (ready) await press(engine, ready.form)
  else engine.trace('portal: the form went off by itself')
}

async function press(engine: Engine, form: FormFinding): Promise<void> {
  const last = form.fills.at(-1)?.handles.at(-1)
  const outcome =
    form.submit !== undefined ? await engine.page.click(form.submit) : last !== undefined ? await engine.page.enter(last) : 'gone'
  engine.trace(`portal: sent (${form.submit === undefined ? 'Enter' : 'pressed'}: ${outcome})`)
}

/** What to type where; undefined when part of it is left to the person in the window. */
async function valuesOf(engine: Engine, form: FormFinding, key: string): Promise<[Filling, string][] | undefined> {
  const values: [Filling, string][] = []
  try {
    for (const fill of form.fills) {
      const value = await answerTo(engine, fill)
      if (value !== undefined) values.push([fill, value])
    }
    return values
  } catch (error) {
    if (!engine.window || !(error instanceof AwsfedError) || error.kind !== 'login-needed') throw error
    engine.left.add(key)
    engine.trace('portal: the rest of this form is left to the person in the window')
    for (const [fill, value] of values) await typed(engine, fill, value)
    return undefined
  }
}

async function answerTo(engine: Engine, fill: Filling): Promise<string | undefined> {
  const { answers, portal } = engine
  switch (fill.role) {
    case 'username':
      // The portal knows who it was the last time.
      if (fill.filled && portal.username === undefined && engine.user === undefined) return undefined
      engine.user ??= await answers.username()
      return engine.user
    case 'password':
      engine.password ??= await answers.password(engine.user ?? portal.username)
      return engine.password
    case 'text':
      return fill.text
    case 'otp':
      engine.unusedCode ??= await freshCode(engine, fill.title)
      return engine.unusedCode
  }
}

/** Longer than a code lasts: half a minute, or a whole one. */
const codeLimit = 65_000

/** A code that was not sent yet: a command that is asked again too early prints the same one, which is good only once (RFC 6238, 5.2). */
async function freshCode(engine: Engine, title: string | undefined): Promise<string> {
  const until = engine.now().getTime() + codeLimit
  for (;;) {
    const code = await engine.answers.otp(title)
    if (code !== engine.sentCode || engine.portal.otpCommand === undefined || engine.now().getTime() > until) return code
    engine.trace('portal: otp_command still prints the code that was sent already; waiting for the next one')
    await delay(1000, undefined, { signal: engine.over })
  }
}

/** Chooses from a list beside the fields, such as that of the domains. */
async function chooseIn(engine: Engine, { handle, title, options }: NonNullable<FormFinding['selects']>[number]): Promise<void> {
  const named = options.map((text, option) => ({ text, option })).filter(({ text }) => !isNoOption(text))
  const user = engine.user ?? engine.portal.username
  const known = (user === undefined ? undefined : domainOf(user, named)) ?? (named.length === 1 ? named[0] : undefined)
  const texts = named.map(({ text }) => text)
  const chosen = known ?? named[await engine.answers.choose(title, texts)]
  if (!chosen || engine.over.aborted) return
  engine.trace(`portal: chosen "${chosen.text}"`)
  await engine.page.select(handle, chosen.option)
}

function reportUser(engine: Engine): void {
  if (engine.reported && engine.reported.user === engine.user) return
  engine.reported = { user: engine.user }
  engine.report({ kind: 'signing-in', user: engine.user })
}

/** Milliseconds before what a field has not taken is typed again. */
const retypeAfter = [0, 500, 1000]

/** Types `value` into its field, or one character into each of its boxes; false when the page has moved on. */
async function typed(engine: Engine, fill: Filling, value: string): Promise<boolean> {
  const [first, ...more] = fill.handles
  if (first === undefined) return false
  if (more.length > 0) {
    const characters = [...value.replace(/\s/g, '')]
    if (characters.length !== fill.handles.length) throw notTaken(fill.title)
    for (const [index, handle] of fill.handles.entries()) {
      // Some pages send the code with its last character: then the box is gone, and that is well.
      const outcome = await engine.page.fill(handle, characters[index] ?? '')
      if (outcome === 'gone' && index < fill.handles.length - 1) return false
    }
    return true
  }
  let outcome = await engine.page.fill(first, value)
  // A page that starts late may empty its fields once more; one that has sent a code does too, and must not get it twice.
  for (const pause of fill.role === 'otp' ? [] : retypeAfter) {
    if (outcome !== 'differs' || engine.over.aborted) break
    await delay(pause, undefined, { signal: engine.over })
    outcome = await engine.page.fill(first, value)
  }
  // A code that was sent with its last digit leaves an empty field behind.
  if (outcome === 'differs' && fill.role !== 'otp') throw notTaken(fill.title)
  return outcome !== 'gone' || fill.role === 'otp'
}

/**
 * Nothing is typed into a form that is sent to a stranger, whoever has found it; and neither a password nor a code into a plain http
 * page that an https portal led to. Loopback is this machine.
 */
function mayBeSentThere(engine: Engine, view: View, form: FormFinding): boolean {
  const fields = view.fields.filter(({ handle }) => form.fills.some(({ handles }) => handles.includes(handle)))
  const stranger = foreignAction(view, fields, engine.history)
  if (stranger !== undefined) {
    if (!engine.window) throw interrupted(toAnotherSite, new URL(stranger).host)
    engine.left.add(formKey(view, form))
    engine.trace('portal: a form that is sent to another site is left to the person in the window')
    return false
  }
  if (!form.fills.some(({ role }) => role === 'password' || role === 'otp') || engine.portal.url.startsWith('http:')) return true
  const addresses = [view.documents[form.document]?.url ?? '', ...fields.map(({ action }) => action)]
  const open = addresses.find((address) => address.startsWith('http:') && !isLoopback(new URL(address).hostname))
  if (open !== undefined) throw notEncrypted(open)
  return true
}
