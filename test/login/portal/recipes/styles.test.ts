import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recipeOf } from '../../../../src/login/portal/recipes/index.ts'
import { type Answer, html, onTo, startPortal } from '../portalServer.ts'
import { anywhere, type Outcome, signedIn } from '../signing.ts'
import { startTestBrowser, type TestBrowser } from '../testBrowser.ts'
import { known } from './known.ts'
import { type Style, styles } from './styles.ts'

let driver: TestBrowser
beforeAll(async () => {
  driver = await startTestBrowser()
})
afterAll(() => driver?.quit())

/** Posts what was pressed and goes where the answer leads: what a portal's own scripts do. */
const script = `<script>function send(to, pressed) { const f = document.createElement('form'); f.method = 'post'; f.action = to; const i = document.createElement('input'); i.name = 'pressed'; i.value = pressed; f.append(i); document.body.append(f); f.submit() }</script>`

/** A portal whose pages are those of `style`, one after the other. */
function portalIn({ steps, recipe }: Style) {
  const answers: Record<string, Answer> = {}
  for (const [index, { body }] of steps.entries()) {
    const page = html(recipe, script + body.replaceAll('NEXT', `/${index + 1}`))
    for (const method of ['GET', 'POST']) answers[`${method} /${index || ''}`] = page
  }
  for (const method of ['GET', 'POST']) answers[`${method} /${steps.length}`] = onTo('/done')
  return startPortal(answers)
}

/** The rules by which an outcome came about, in their order; what detection has found among them as it is. */
function usedIn({ trace }: Outcome): string[] {
  return trace.flatMap((line) => /^portal: \w+ at \S*: (?:rule )?(.*)$/.exec(line)?.[1] ?? [])
}

describe('whole sign-ins in the style of a product, with recipe = "auto"', () => {
  it.each(styles.map((style) => [`${style.recipe}: ${style.what}`, style] as const))('%s', async (_, style) => {
    const portal = await portalIn(style)
    const outcome = await signedIn(driver, portal, { portal: style.mfa ? { mfa: style.mfa } : {} })
    expect(outcome.error?.message).toBeUndefined()
    expect(usedIn(outcome)).toEqual(style.rules)
    expect(portal.posts.map(({ fields }) => fields)).toEqual(style.steps.flatMap(({ posts }) => (posts ? [posts] : [])))
    if (style.lines) expect(outcome.lines).toEqual(style.lines)
  })
})

it('every rule that is built in is proven, on a page or in a sign-in', async () => {
  const { rules } = await recipeOf(anywhere, 'auto')
  // Of this one there is nothing but an error: below.
  const proven = new Set([...styles.flatMap((style) => style.rules), ...Object.values(known), 'entra: service error'])
  expect(rules.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([])
})
