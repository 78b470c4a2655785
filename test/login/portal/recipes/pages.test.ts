import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from '../../../../src/login/portal/page.ts'
import { recipeOf } from '../../../../src/login/portal/recipes/index.ts'
import { ruleFindings } from '../../../../src/login/portal/ruleFindings.ts'
import { type Rule, selectorsOf } from '../../../../src/login/portal/rules.ts'
import type { View } from '../../../../src/login/portal/view.ts'
import { described } from '../described.ts'
import { heldBack, tuned } from '../pages.ts'
import { anywhere } from '../signing.ts'
import { startTestBrowser, type TestBrowser } from '../testBrowser.ts'
import { known } from './known.ts'

const folder = fileURLToPath(new URL('../../../../fixtures/portal-pages/', import.meta.url))
let driver: TestBrowser
let page: Page
let rules: readonly Rule[]

beforeAll(async () => {
  driver = await startTestBrowser()
  page = driver.page()
  rules = (await recipeOf(anywhere, 'auto')).rules
})
afterAll(() => driver?.quit())

async function viewOf(name: string): Promise<View> {
  const url = pathToFileURL(`${folder}${name}.html`).href
  await page.open(url)
  for (;;) {
    const view = (await page.scan(selectorsOf(rules)))?.views[0]
    const [top] = view?.documents ?? []
    if (view && top?.url === url && !top.loading) return view
  }
}

/**
 * The fourth choice of the first, a security key, does not carry what Google's own pages carry; the second offers a code for those
 * who are locked out, which detection leaves out.
 */
const differs = ['google-es-factors', 'duo-es-choice']

const isHeldBack = (name: string) => heldBack.some(([page]) => page === name)

describe('of the pages of all products', () => {
  it.each([...tuned, ...heldBack].map(([name, , wants]) => [name, wants] as const))(
    '%s: what rules find there is what the page wants',
    async (name, wants) => {
      const view = await viewOf(name)
      const found = ruleFindings(rules, view)
      expect(found[0]?.rule.name).toEqual(known[name] ?? (found[0] && expect.any(String)))
      // No rule overrules an interrupt; and rules need not know the words of a page held back.
      if (found.length === 0 || differs.includes(name) || wants.startsWith('interrupt') || isHeldBack(name)) return
      expect(
        described(
          view,
          found.map(({ finding }) => finding),
        ),
      ).toBe(wants)
    },
  )
})
