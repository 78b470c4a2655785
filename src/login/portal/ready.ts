import { setTimeout as delay } from 'node:timers/promises'
import { type Engine, wantedOf } from './engine.ts'
import { type FormFinding, formKey } from './progress.ts'
import { textsOf } from './said.ts'
import type { View } from './view.ts'

/** Between two looks at a form, milliseconds. */
const pause = 120
/** How many there are at most, where something lies over the button: three seconds. */
const looks = 25
/** The same where the button is closed: the page may still have to ask its portal, and a closed button does nothing. */
const looksForButton = 80
/** A code gets a moment to go off by itself, a longer one where the page puts it together from boxes. */
const looksForCode = 3
const looksForBoxes = 7

/** A form that was filled in, as it is now. */
export interface Ready {
  readonly view: View
  readonly form: FormFinding
}

/**
 * The form once its button can be pressed: pages enable it when the fields are filled. Undefined when the form has gone: then
 * the page has sent it by itself, as many do with the last digit of a code. `before` is what was seen before it was filled in.
 */
export async function readyForm(engine: Engine, before: View, key: string, code: boolean): Promise<Ready | undefined> {
  const texts = timelessTexts(before)
  let found: Ready | undefined
  let wasOpen = false
  for (let look = 0; look < looksForButton && !engine.over.aborted; look += 1) {
    if (look > 0) await delay(pause, undefined, { signal: engine.over })
    const now = await formNow(engine, key)
    if (now === 'unknown') continue
    if (!now) return undefined
    found = now
    const state = stateOf(now)
    // Open when the code was complete, and no more a moment later: it is on its way.
    if (code && wasOpen && state !== 'open') return undefined
    // A page that says something new may be about to send the code: sent twice, it would be a used one.
    const says = [...timelessTexts(now.view)].some((text) => !texts.has(text))
    const patience = !code ? 0 : says ? looks : patienceWith(now.form)
    if (look >= Math.max(patience, looksAt[state])) return code && isEmpty(now) ? undefined : now
    wasOpen ||= state === 'open'
    if (state !== 'open' && look === looksForBoxes) await leave(engine, now.form)
  }
  return found
}

async function formNow(engine: Engine, key: string): Promise<Ready | 'unknown' | undefined> {
  const scan = await engine.page.scan(engine.selectors)
  if (!scan) return 'unknown'
  for (const view of scan.views) {
    for (const { finding } of wantedOf(engine, view)) {
      if (finding.kind === 'form' && formKey(view, finding) === key) return { view, form: finding }
    }
  }
  return undefined
}

function patienceWith(form: FormFinding): number {
  return form.fills.some(({ handles }) => handles.length > 1) ? looksForBoxes : looksForCode
}

/** Some pages look at what was typed only when the field is left. */
async function leave(engine: Engine, form: FormFinding): Promise<void> {
  const last = form.fills.at(-1)?.handles.at(-1)
  if (last !== undefined) await engine.page.leave(last)
}

type State = 'open' | 'covered' | 'closed'

/**
 * How many looks a form is given: at once where it is open. What lies over the button may be a spinner; what stays there is a banner,
 * and is pressed through. A button that is closed does nothing.
 */
const looksAt: Readonly<Record<State, number>> = { open: 0, covered: looks, closed: Number.POSITIVE_INFINITY }

function stateOf({ view, form }: Ready): State {
  const handles = new Set(form.fills.flatMap(({ handles }) => handles))
  const fields = view.fields.filter(({ handle }) => handles.has(handle)).every(({ enabled }) => enabled)
  const submit = view.buttons.find(({ handle }) => handle === form.submit)
  if (!fields || submit?.enabled === false) return 'closed'
  return submit?.covered ? 'covered' : 'open'
}

/** Whether the page has taken out of its fields what was typed into them. */
function isEmpty({ view, form }: Ready): boolean {
  const handles = new Set(form.fills.flatMap(({ handles }) => handles))
  return view.fields.every(({ handle, filled }) => !handles.has(handle) || !filled)
}

/** What a page says, but for its clocks. */
function timelessTexts(view: View): ReadonlySet<string> {
  return new Set([...textsOf(view)].map((text) => text.replace(/\d+/g, '#')))
}
