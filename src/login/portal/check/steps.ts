import type { Wanted } from '../engine.ts'
import type { Filling } from '../finding.ts'
import type { Outcome, Page } from '../page.ts'
import type { Rule } from '../rules.ts'
import type { Handle, Scan, View } from '../view.ts'
import { addressOf, calledIn, formsOf, matchedBy, withoutNames } from './said.ts'

/** What was done to one element, and what the page calls that. Never what was typed. */
interface Deed {
  readonly deed: 'filled' | 'ticked' | 'pressed' | 'chosen' | 'entered' | 'waited'
  /** What was typed: the user name, the password, a code, a text of the recipe. */
  readonly role?: Filling['role']
  /** The page's own words for the element, without a name that was typed. */
  readonly what: string
}

/** What was done at one look at a page. */
export interface Step {
  /** Without query and fragment. */
  readonly page: string
  /** The rule that wanted it; undefined where detection did. */
  readonly rule: Rule | undefined
  readonly why: string
  readonly deeds: readonly Deed[]
  /** Since the step before, or since the portal was opened: how long its page took to come and to be dealt with. */
  readonly milliseconds: number
}

type OpenStep = Omit<Step, 'deeds' | 'milliseconds'> & { readonly deeds: Deed[]; milliseconds: number }

/** A page that is watched, and what has been seen. */
export interface Watching {
  /** To be driven by the engine in the place of the page that is watched. */
  readonly page: Page
  readonly steps: readonly Step[]
  /** For the engine: what is about to be dealt with. */
  considered(view: View, wanted: Wanted): void
  /** The address of the page that was seen last. */
  at(): string
  /** A picture of it, or of the page that shows `element`, in which nothing that was typed can be read. */
  picture(element?: Handle): Promise<Uint8Array | undefined>
}

/**
 * Watches what the engine does to `page`, from outside of both.
 * @param before is waited for before the first deed of each step: the page is still as it was found
 */
export function watchSteps(page: Page, now: () => number, before: (step: number, element: Handle) => Promise<void>): Watching {
  const steps: OpenStep[] = []
  const names: string[] = []
  let scan: Scan | undefined
  let last = now()
  let about: { readonly view: View; readonly wanted: Wanted } | undefined
  /** What the last step is about: the engine considers a page anew at each look at it. */
  let stepped: typeof about
  let number: string | undefined

  function begun(view: View, { rule, finding }: Wanted): OpenStep {
    const why = rule ? matchedBy(rule) : withoutNames(finding.why, names)
    const step = { page: addressOf(view), rule, why, deeds: [], milliseconds: 0 }
    stepped = about
    steps.push(step)
    return step
  }

  function note(step: OpenStep, deed: Deed): void {
    const time = now()
    step.milliseconds += time - last
    last = time
    // A code that is typed into a box for each character is filled in once.
    const same = (each: Deed) => each.deed === 'filled' && each.role === deed.role && each.what === deed.what
    if (!step.deeds.some(same)) step.deeds.push(deed)
  }

  async function done(element: Handle, deed: Deed, act: () => Promise<Outcome>): Promise<Outcome> {
    if (!about) return act()
    const current = steps.at(-1)
    // After a no of the portal a code is asked for once more by the same form.
    const sent = deed.deed === 'filled' && current?.deeds.some(({ deed }) => deed === 'pressed' || deed === 'entered')
    const goesOn = current && stepped === about && !sent
    const step = goesOn ? current : begun(about.view, about.wanted)
    if (!goesOn) await before(steps.length, element)
    const outcome = await act()
    note(step, deed)
    return outcome
  }

  const named = (element: Handle) => withoutNames(calledIn(scan?.views ?? [], element), names)
  const filling = (element: Handle) => {
    const finding = about?.wanted.finding
    return finding?.kind === 'form' ? finding.fills.find(({ handles }) => handles.includes(element)) : undefined
  }
  const optionOf = (element: Handle, option: number) =>
    scan?.views.flatMap(({ fields }) => fields).find(({ handle }) => handle === element)?.options[option] ?? ''

  return {
    steps,
    page: {
      ...page,
      async scan(selectors) {
        const seen = await page.scan(selectors)
        scan = seen ?? scan
        return seen
      },
      fill(element, text) {
        const role = filling(element)?.role
        if (role === 'username') names.push(...formsOf(text))
        const what = filling(element)?.handles.length === 1 ? named(element) : ''
        return done(element, { deed: 'filled', ...(role && { role }), what }, () => page.fill(element, text))
      },
      click: (element) => done(element, { deed: 'pressed', what: named(element) }, () => page.click(element)),
      enter: (element) => done(element, { deed: 'entered', what: '' }, () => page.enter(element)),
      check: (element) => done(element, { deed: 'ticked', what: named(element) }, () => page.check(element)),
      select: (element, option) => {
        const what = withoutNames(optionOf(element, option), names)
        return done(element, { deed: 'chosen', what }, () => page.select(element, option))
      },
    },
    considered(view, wanted) {
      about = { view, wanted }
      const { finding } = wanted
      const shown = finding.kind === 'approval' ? (finding.number ?? '') : undefined
      // Nothing is pressed there; each number is a step of its own.
      if (shown !== undefined && shown !== number) note(begun(view, wanted), { deed: 'waited', what: shown })
      number = shown
    },
    at: () => addressOf(scan?.views.find(({ documents: [top] }) => /^https?:/.test(top?.url ?? '')) ?? scan?.views[0]),
    picture: (element) => page.picture(element, names),
  }
}
