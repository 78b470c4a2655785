import { doWanted, insteadOfPush } from './deeds.ts'
import type { Engine, Wanted } from './engine.ts'
import { notUnderstood, refused, refusedSilently } from './failures.ts'
import type { Finding } from './finding.ts'
import { towards, wantedFactor } from './prefer.ts'
import { fire, formKey } from './progress.ts'
import { errorsOf } from './rules.ts'
import { aboutOf } from './said.ts'
import { sendForm } from './send.ts'
import { type Refused, verdictOf } from './verdict.ts'
import type { View } from './view.ts'
import { answerLimit, giveUpIfIdle, type Watch } from './watch.ts'

/** What a page says is believed when it has not changed for so long, milliseconds. */
const settled = 300
/** The same for words that may be no refusal. */
const settledGuess = 5000

/** `still`: for how many milliseconds the page has not changed. */
export async function act(engine: Engine, watch: Watch, view: View, wanted: readonly Wanted[], still: number): Promise<void> {
  const findings = wanted.map(({ finding }) => finding)
  const verdict = verdictOf(view, findings, engine.progress, errorsOf(engine.rules, view))
  // That a password has expired is no refusal where the page lets its owner change it.
  const changeable = verdict.kind === 'refused' && verdict.about === 'expired' && findings[0]?.kind === 'interrupt'
  if (verdict.kind === 'refused' && !changeable) return believeWhenSettled(engine, watch, view, verdict, still)
  if (verdict.kind === 'wait') {
    if (watch.refusal && still >= settling(watch.refusal)) return onRefusal(engine, watch, view, watch.refusal)
    if (await pressedAgain(engine, findings, view, still)) return
    const { last } = engine.progress
    const late = last !== undefined && engine.now().getTime() - last.at > answerLimit
    if (late && !engine.window) throw notUnderstood('the portal did not answer when the form was sent', view)
    return giveUpIfIdle(engine, watch, view)
  }
  watch.refusal = undefined
  if (verdict.kind === 'go' && verdict.announces && verdict.announces !== watch.announced) {
    watch.announced = verdict.announces
    engine.report({ kind: 'portal-says', text: verdict.announces })
  }
  for (const [index, one] of wanted.entries()) {
    traceOnce(engine, watch, view, one)
    engine.considered?.(view, one)
    const way = index === 0 ? preferred(engine, view, one.finding) : undefined
    if (way) engine.trace(`portal: ${way.finding.why}`)
    const look = { view, still }
    if ((way && (await doWanted(engine, watch, look, way))) || (await doWanted(engine, watch, look, one))) {
      watch.idleSince = engine.now().getTime()
      return
    }
  }
  giveUpIfIdle(engine, watch, view)
}

/** The words of some refusals vanish again: they are kept until they are believed, or the portal goes on. */
async function believeWhenSettled(engine: Engine, watch: Watch, view: View, verdict: Refused, still: number): Promise<void> {
  if (watch.refusal === undefined || watch.refusal.guess) watch.refusal = verdict
  if (still >= settling(verdict)) await onRefusal(engine, watch, view, verdict)
}

/** A page that has not moved for so long since a name was sent has not heard it, milliseconds. */
const unheard = 5000

/** Presses the button of a name once more, which locks no account: a page may show its button before it listens to it. */
async function pressedAgain(engine: Engine, findings: readonly Finding[], view: View, still: number): Promise<boolean> {
  const form = findings.find((finding) => finding.kind === 'form')
  const { last } = engine.progress
  if (!form?.submit || !last || engine.window || !form.fills.every(({ role }) => role === 'username')) return false
  if (still < unheard || engine.now().getTime() - last.at < unheard) return false
  if (!fire(engine.progress, `pressed again ${formKey(view, form)}`, 1)) return false
  engine.trace('portal: nothing has moved since the name was sent; pressed again')
  await engine.page.click(form.submit)
  return true
}

function settling({ guess }: Refused): number {
  return guess ? settledGuess : settled
}

/** Where the page is about another factor than the one that is wanted: the way to that. */
function preferred(engine: Engine, view: View, first: Finding): Wanted | undefined {
  const wanted = wantedFactor(engine)
  if (wanted === undefined || engine.window || engine.progress.fired.has(anotherFactor)) return undefined
  const way = towards(wanted, view, first)
  return way && { finding: way, rule: { name: anotherFactor, when: [] } }
}

const anotherFactor = 'to the factor that is wanted'

function traceOnce(engine: Engine, watch: Watch, view: View, { finding }: Wanted): void {
  const line = `portal: ${finding.kind} at ${view.documents[0]?.url.split(/[?#]/)[0] ?? ''}: ${finding.why}`
  if (line === watch.traced) return
  watch.traced = line
  engine.trace(line)
}

/**
 * The portal said no. One more code is asked for where a person types it, since a typing error is likely and a code is good for
 * half a minute; everything else ends the sign-in after one try.
 */
async function onRefusal(engine: Engine, watch: Watch, view: View, verdict: Refused): Promise<void> {
  const { form, words, about } = verdict
  watch.refusal = undefined
  if (engine.window) {
    // The person sees it, and goes on by hand.
    if (form) engine.left.add(formKey(view, form))
    return giveUpIfIdle(engine, watch, view)
  }
  const codeOnly = form?.fills.every(({ role }) => role === 'otp') === true && about !== 'locked'
  if (form && words && codeOnly && engine.portal.otpCommand === undefined && fire(engine.progress, 'another code', 1)) {
    engine.report({ kind: 'portal-says', text: words })
    await sendForm(engine, view, form)
    watch.busyAt = engine.now().getTime()
    return
  }
  if (about === 'denied' && words && (await insteadOfPush(engine, watch, view, words))) return
  throw words === undefined ? refusedSilently() : refused(words, about)
}

/** A message box of the page: shown to the person; an error when it answers what was sent. */
export function heed(engine: Engine, text: string): void {
  const about = aboutOf(text)
  if (engine.progress.last && about !== 'unknown' && !engine.window) throw refused(text, about)
  engine.report({ kind: 'portal-says', text })
}
