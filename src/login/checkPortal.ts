import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Portal } from '../base/config.ts'
import { AwsfedError, codeOf, messageOf } from '../base/errors.ts'
import { writeWhole } from '../base/files.ts'
import type { World } from '../base/world.ts'
import { type Answering, answersFor } from './answering.ts'
import { calm } from './calm.ts'
import { endIfCancelled } from './cancelled.ts'
import { checkCapture } from './capture/choice.ts'
import { openWatched } from './capture/watched.ts'
import { driven } from './driven.ts'
import { oneAtATime } from './lock/oneAtATime.ts'
import { type Step, type Watching, watchSteps } from './portal/check/steps.ts'
import { recipeOf } from './portal/recipes/index.ts'
import type { Rule } from './portal/rules.ts'
import type { Handle } from './portal/view.ts'
import { refusalOfKept } from './remembered.ts'
import { askedBy, type LoginRequest } from './request.ts'
import type { Report } from './status.ts'

/** What a check has seen. */
export interface Checked {
  readonly steps: readonly Step[]
  /** The page that was seen last: where it stopped, if it did. */
  readonly at: string
  /** Why it stopped; undefined when the assertion came. */
  readonly failure: AwsfedError | undefined
  /** The rules that were never used. */
  readonly unused: readonly string[]
}

interface Check {
  /** What a person is to run where nobody may be asked. */
  readonly command: string
  /** The folder for a picture of each step's page as it was found, and of the page where it stopped. */
  readonly screenshots: string | undefined
}

/**
 * Signs in at `portal` from the beginning, without cookies, up to the assertion, which is sent nowhere.
 * @throws AwsfedError `failed` for a recipe that is wrong, before any browser is opened, and for the browser; `cancelled`
 */
export async function checkPortal(world: World, portal: Portal, request: LoginRequest, check: Check): Promise<Checked> {
  const { rules } = await recipeOf(world, portal.recipe)
  checkCapture(portal)
  const { report, signal } = request
  return oneAtATime(world, {
    lock: `portal-${portal.name}`,
    what: `check of ${portal.name}`,
    asked: askedBy(world, request, `check of ${portal.name}`),
    report,
    signal,
    // Whoever checks wants to see it done.
    already: () => undefined,
    work: (announce) => {
      const quiet = calm((status) => {
        report(status)
        announce(status)
      })
      const answers = answersFor(world, portal, { request, calm: quiet, command: check.command })
      answers.begin('answers', undefined)
      quiet.report({ kind: 'opening', url: portal.url })
      return checked(world, portal, { rules, answers, report: quiet.report, signal, screenshots: check.screenshots })
    },
  })
}

interface Checking {
  readonly rules: readonly Rule[]
  readonly answers: Answering
  readonly report: Report
  readonly signal: AbortSignal | undefined
  readonly screenshots: string | undefined
}

async function checked(world: World, portal: Portal, checking: Checking): Promise<Checked> {
  const { rules, answers, report, screenshots } = checking
  const over = new AbortController()
  const signal = checking.signal ? AbortSignal.any([checking.signal, over.signal]) : over.signal
  if (screenshots !== undefined) removePictures(screenshots)
  const browser = await openWatched(world, portal, { headless: true, signal })
  const shoot = async (watching: Watching, name: string, element?: Handle) => {
    const picture = screenshots === undefined ? undefined : await watching.picture(element)
    if (screenshots !== undefined && picture) writeWhole(path.join(screenshots, `${name}.png`), picture)
  }
  const watching: Watching = watchSteps(
    browser.page,
    () => world.now().getTime(),
    (step, element) => shoot(watching, `step-${step}`, element),
  )
  const seen = (failure: AwsfedError | undefined): Checked => {
    const used = new Set(watching.steps.map(({ rule }) => rule?.name))
    const unused = rules.map(({ name }) => name).filter((name) => !used.has(name))
    return { steps: watching.steps, at: watching.at(), failure, unused }
  }
  try {
    const { considered } = watching
    const given = { portal, rules, answers, report, trace: world.trace, now: world.now, signal, window: false, considered }
    const { samlResponse } = await driven(browser, given, watching.page)
    world.redactor.conceal(samlResponse)
    report({ kind: 'captured' })
    return seen(undefined)
  } catch (error) {
    endIfCancelled(checking.signal)
    const failure = (await refusalOfKept(world, portal, answers, error)) ?? error
    if (!(failure instanceof AwsfedError)) throw failure
    await shoot(watching, 'stopped').catch((lack: unknown) => world.trace(`check: no picture: ${messageOf(lack)}`))
    return seen(failure)
  } finally {
    over.abort()
    await browser.close()
  }
}

/** Those of a check before this one: a step that is not reached any more must not seem to be. */
function removePictures(folder: string): void {
  let names: string[] = []
  try {
    names = readdirSync(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw new AwsfedError('failed', `cannot read ${folder}: ${messageOf(error)}`, {
      hint: 'give --screenshots a folder of yours',
      cause: error,
    })
  }
  for (const name of names) if (/^(step-\d+|stopped)\.png$/.test(name)) rmSync(path.join(folder, name), { force: true })
}
