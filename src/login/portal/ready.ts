import { setTimeout as delay } from 'node:timers/promises'
import { type Engine, wantedOf } from './engine.ts'
import { type FormFinding, formKey } from './progress.ts'
import type { View } from './view.ts'

/** Between two looks at a form, milliseconds, and how many there are at most: three seconds. */
const pause = 120
const looks = 25
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
 * the page has sent it by itself, as many do with the last digit of a code.
 */
export async function readyForm(engine: Engine, key: string, code: boolean): Promise<Ready | undefined> {
  let found: Ready | undefined
  let wasEnabled = false
  for (let look = 0; look < looks && !engine.over.aborted; look += 1) {
    if (look > 0) await delay(pause, undefined, { signal: engine.over })
    const now = await formNow(engine, key)
    if (now === 'unknown') continue
    if (!now) return undefined
    found = now
    const enabled = isEnabled(now)
    // Enabled when the code was complete, and no more a moment later: it is on its way.
    if (code && wasEnabled && !enabled) return undefined
    // To send a code twice would make it a used one.
    if (enabled && look >= (code ? patienceWith(now.form) : 0)) return now
    wasEnabled ||= enabled
    if (!enabled && look === looksForBoxes) await leave(engine, now.form)
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

function isEnabled({ view, form }: Ready): boolean {
  const handles = new Set(form.fills.flatMap(({ handles }) => handles))
  const fields = view.fields.filter(({ handle }) => handles.has(handle)).every(({ enabled }) => enabled)
  const submit = view.buttons.find(({ handle }) => handle === form.submit)
  // What lies over it may be a spinner; what stays there is a banner, and is pressed through.
  return fields && (!submit || (submit.enabled && !submit.covered))
}
