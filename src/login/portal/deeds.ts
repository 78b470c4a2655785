import { AwsfedError } from '../../base/errors.ts'
import { chooseFrom } from './choose.ts'
import { type Engine, isSpent, type Wanted } from './engine.ts'
import { interrupted, loginNeeded, refused, refusedSilently, unreachable } from './failures.ts'
import type { Finding } from './finding.ts'
import { otherWayOf } from './obstacles.ts'
import { buttonTo } from './prefer.ts'
import { fire, formKey, noteApproval } from './progress.ts'
import { type Rule, ruleKey } from './rules.ts'
import { deniedApproval, textsOf } from './said.ts'
import { sendForm } from './send.ts'
import type { View } from './view.ts'
import { lookOf, type Watch } from './watch.ts'

/** A page that goes on by itself is left alone for so long, milliseconds. */
const patience = 1500
const second = 1000
const approvalLimit = 5 * 60 * second
const goingOnLimit = 30 * second

/** A look at a page: what it shows, and for how many milliseconds it has not changed. */
export interface Look {
  readonly view: View
  readonly still: number
}

type Of<Kind extends Finding['kind']> = Extract<Finding, { kind: Kind }>

/** Does what a finding wants, or waits for it; false when there is nothing left to do about it. */
export async function doWanted(engine: Engine, watch: Watch, look: Look, { finding, rule }: Wanted): Promise<boolean> {
  switch (finding.kind) {
    case 'unreachable':
      return onUnreachable(engine, look, finding)
    case 'interrupt':
      return onInterrupt(engine, watch, look, finding)
    case 'form':
      return onForm(engine, watch, look, finding, rule)
    case 'approval':
      return onApproval(engine, watch, look, finding)
    case 'choice':
    case 'press':
      return onButton(engine, watch, look, finding, rule)
    case 'nothing':
      // A rule says that the page goes on by itself; one that does not is left to detection.
      return rule !== undefined && look.still < goingOnLimit
  }
}

/** A captcha that lets people pass by itself takes so long, milliseconds. */
const captchaPatience = 4000

async function onInterrupt(engine: Engine, watch: Watch, look: Look, finding: Of<'interrupt'>): Promise<boolean> {
  if (engine.window) return false
  // A page that goes on by itself may look like one for a moment.
  if (look.still < (finding.wants === 'a captcha to be solved' ? captchaPatience : second)) return true
  if (finding.other !== undefined && fire(engine.progress, `instead of ${finding.wants}`, 1)) {
    await engine.page.click(finding.other)
    watch.busyAt = engine.now().getTime()
    return true
  }
  if (finding.wants === 'the account to be unlocked') throw refused(finding.text, 'locked')
  throw interrupted(finding.wants, finding.text)
}

function onUnreachable(engine: Engine, look: Look, finding: Of<'unreachable'>): boolean {
  // In a window the person may have gone astray; only the portal itself has to be there.
  if (engine.window && engine.arrived) return false
  if (look.still < 300) return true
  throw unreachable(finding.error, finding.url)
}

async function onForm(engine: Engine, watch: Watch, { view }: Look, form: Of<'form'>, rule: Rule | undefined): Promise<boolean> {
  const key = formKey(view, form)
  if (engine.left.has(key) || (engine.window && engine.progress.sent.has(key))) return false
  if (rule && isSpent(engine, rule)) {
    // Detection finds the same form: it is the rule that says how often it may be sent.
    if (engine.progress.sent.has(key)) throw refusedSilently()
    return false
  }
  watch.approval = undefined
  await sendForm(engine, view, form)
  if (rule) fire(engine.progress, ruleKey(rule), rule.max ?? 1)
  // A person may have taken his time to answer.
  watch.busyAt = engine.now().getTime()
  return true
}

async function onApproval(engine: Engine, watch: Watch, { view }: Look, finding: Of<'approval'>): Promise<boolean> {
  const now = engine.now().getTime()
  const { progress, page } = engine
  if (!engine.window) {
    if (!engine.answers.mayWaitForApproval) throw loginNeeded('waits for an approval on another device')
    for (const box of finding.checks) if (fire(progress, `check ${box}`, 1)) await page.check(box)
  }
  watch.busyAt = now
  const before = watch.approval
  const approval = { since: before?.since ?? now, texts: before?.texts ?? textsOf(view), number: finding.number }
  watch.approval = approval
  if (!before) noteApproval(progress, view, now)
  if (!before || before.number !== finding.number) engine.report({ kind: 'approval', number: finding.number })
  const denied = deniedApproval(view, approval.texts)
  if (denied && !engine.window) {
    if (!(await insteadOfPush(engine, watch, view, denied))) throw refused(denied, 'denied')
    return true
  }
  if (now - approval.since > approvalLimit && !engine.window) {
    throw new AwsfedError('failed', 'nobody approved the sign-in within 5 minutes', {
      hint: 'run `awsfed login` again and approve it on your device',
    })
  }
  return true
}

/** Goes on by a code where a push was turned down, or nobody answered it, and the portal offers that; false where it does not. */
export async function insteadOfPush(engine: Engine, watch: Watch, view: View, words: string): Promise<boolean> {
  const button = buttonTo('totp', view) ?? otherWayOf(view)
  if (!button || !fire(engine.progress, 'instead of push', 1)) return false
  engine.avoided = 'push'
  watch.approval = undefined
  watch.busyAt = engine.now().getTime()
  engine.report({ kind: 'portal-says', text: words })
  engine.trace(`portal: no approval; on by "${button.text || button.label}"`)
  await engine.page.click(button.handle)
  return true
}

/** Presses one thing once, and waits until the page looks different. In a window that is the person's. */
async function onButton(
  engine: Engine,
  watch: Watch,
  { view, still }: Look,
  finding: Of<'press' | 'choice'>,
  rule: Rule | undefined,
): Promise<boolean> {
  if (engine.window) return false
  watch.approval = undefined
  const now = engine.now().getTime()
  const look = lookOf(view)
  if (watch.pressed?.look === look && now - watch.pressed.at < 10 * second) return true
  const patient = finding.kind === 'press' && finding.patient
  if (patient && still < patience) return true
  if (
    !fire(
      engine.progress,
      rule ? ruleKey(rule) : nameOf(view, finding),
      rule?.max ?? (patient || finding.kind === 'choice' ? 2 : 1),
    )
  )
    return false
  watch.pressed = { look, at: now }
  if (finding.kind === 'choice') await chooseFrom(engine, finding)
  else {
    for (const box of finding.checks) await engine.page.check(box)
    await engine.page.click(finding.button)
  }
  watch.busyAt = engine.now().getTime()
  return true
}

function nameOf(view: View, finding: Of<'press' | 'choice'>): string {
  const site = view.documents[0]?.url.split(/[?#]/)[0] ?? ''
  const text = finding.kind === 'choice' ? finding.title : view.buttons.find(({ handle }) => handle === finding.button)?.text
  return `${finding.kind} ${site} ${text ?? ''}`
}
