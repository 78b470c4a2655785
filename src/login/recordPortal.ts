import type { Portal } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import { cancelled, endIfCancelled } from './cancelled.ts'
import { openWatched } from './capture/watched.ts'
import { hasDisplay, lackOfDisplay } from './display.ts'
import { oneAtATime } from './lock/oneAtATime.ts'
import type { Act } from './portal/record/inPage.ts'
import { recorder } from './portal/record/recorder.ts'
import { recordingOf } from './portal/record/recording.ts'
import { recipeText } from './portal/record/toml.ts'
import { askedBy, type LoginRequest } from './request.ts'
import type { Report } from './status.ts'

/**
 * Opens a window in which a person signs in at `portal` from the beginning, watches what is filled in and pressed there, and
 * returns the recipe that does the same, once the portal has posted its assertion, which is sent nowhere.
 * @throws AwsfedError `failed` where there is no display, and where nothing was done that a recipe could do; `cancelled` when the
 * window is closed or `request.signal` aborts: then there is no recipe
 */
export async function recordPortal(world: World, portal: Portal, request: LoginRequest): Promise<string> {
  if (!hasDisplay(world)) {
    throw new AwsfedError('failed', `a recipe is recorded in a window, and none can be opened: ${lackOfDisplay(world)}`, {
      hint: 'run it where there is a desktop, or through `ssh -X`; `awsfed portal check` needs none',
    })
  }
  const { report, signal } = request
  return oneAtATime(world, {
    lock: `portal-${portal.name}`,
    what: `recording of ${portal.name}`,
    asked: askedBy(world, request, `recording of ${portal.name}`),
    report,
    signal,
    already: () => undefined,
    work: async (announce) => {
      const tell: Report = (status) => {
        report(status)
        announce(status)
      }
      tell({ kind: 'opening', url: portal.url })
      const recording = await recordingOf(await actsIn(world, portal, tell, signal))
      if (recording.rules.length > 0) return recipeText(recording, portal.url)
      throw new AwsfedError('failed', 'the portal let you in without anything being filled in or pressed', {
        hint: 'there is nothing to record: `awsfed login` gets in by itself',
      })
    },
  })
}

async function actsIn(world: World, portal: Portal, report: Report, asked: AbortSignal | undefined): Promise<Act[]> {
  const over = new AbortController()
  const signal = asked ? AbortSignal.any([asked, over.signal]) : over.signal
  const browser = await openWatched(world, portal, { headless: false, signal })
  const acts: Act[] = []
  try {
    await browser.observe(recorder, (text) => {
      const act = JSON.parse(text) as Act
      acts.push(act)
      world.say(`recorded: ${act.kind} ${act.selector}`)
    })
    await browser.page.open(portal.url)
    report({ kind: 'window' })
    const closed = browser.gone.then((gone) => Promise.reject(gone.kind === 'cancelled' ? windowClosed(gone) : gone))
    const { samlResponse } = await Promise.race([browser.captured, closed, abortOf(signal)])
    world.redactor.conceal(samlResponse)
    report({ kind: 'captured' })
    return acts
  } catch (error) {
    endIfCancelled(asked)
    throw error
  } finally {
    over.abort()
    await browser.close()
  }
}

function windowClosed(cause: AwsfedError): AwsfedError {
  return new AwsfedError('cancelled', 'the window was closed before the portal had let you in: there is no recipe', {
    hint: 'run `awsfed portal record` again, and leave the window open until it says that you may close it',
    cause,
  })
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(cancelled(signal.reason))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
