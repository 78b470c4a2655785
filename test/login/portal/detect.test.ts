import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detect } from '../../../src/login/portal/detect.ts'
import type { Page } from '../../../src/login/portal/page.ts'
import type { View } from '../../../src/login/portal/view.ts'
import { described } from './described.ts'
import { firstLooks, heldBack, histories, type Row, tuned } from './pages.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

const folder = fileURLToPath(new URL('../../../fixtures/portal-pages/', import.meta.url))
let driver: TestBrowser
let page: Page

beforeAll(async () => {
  driver = await startTestBrowser()
  page = driver.page()
})
afterAll(() => driver?.quit())

/** The page once it has loaded: commands wait for no page. */
async function viewOf(name: string): Promise<View> {
  const url = pathToFileURL(`${folder}${name}.html`).href
  await page.open(url)
  for (;;) {
    const scan = await page.scan([])
    const view = scan?.views[0]
    const [top] = view?.documents ?? []
    if (view && top?.url === url && !top.loading) return view
  }
}

async function wants([name, given]: Row): Promise<string> {
  const view = await viewOf(name)
  const findings = detect(view, histories[given])
  if (process.env.SHOW_WHY)
    process.stderr.write(`${name}: ${findings.map((finding) => `${finding.kind}: ${finding.why}`).join('\n    ')}\n`)
  return described(view, findings)
}

/** Of the pages held back so many are right at least: a change that makes more of them wrong makes detection worse. */
const floor = 109

describe('pages that detection was tuned on', () => {
  it.each(tuned.map((row) => [row[0], row[1], row] as const))('%s, given %s', async (_name, _given, row) => {
    expect(await wants(row)).toBe(row[2])
  })
})

describe.skipIf(process.env.TUNING)('pages held back', () => {
  it(`at least ${floor} of ${heldBack.length}`, { timeout: 60_000 }, async () => {
    const wrong: string[] = []
    for (const row of heldBack) {
      const found = await wants(row)
      if (found !== row[2]) wrong.push(`${row[0]}: ${found} instead of ${row[2]}`)
    }
    const right = heldBack.length - wrong.length
    process.stdout.write(`${figures(right, wrong)}\n`)
    expect(right).toBeGreaterThanOrEqual(floor)
  })
})

/** The two figures for people; what is wrong only by style and language, so that nobody tunes on it. `SHOW_WRONG=1` shows all. */
function figures(right: number, wrong: readonly string[]): string {
  const where = wrong.map((line) => /^([a-z-]+?-[a-z]{2})-/.exec(line)?.[1] ?? line).join(', ')
  const lines = [
    `detection, right at first look: ${firstLooks.map(([right, of]) => `${right}/${of}`).join(', then ')}`,
    `detection, held back now: ${right}/${heldBack.length}${where ? ` (wrong: ${where})` : ''}; tuned on: all of ${tuned.length}`,
    ...(process.env.SHOW_WRONG ? wrong : []),
  ]
  return lines.join('\n')
}
