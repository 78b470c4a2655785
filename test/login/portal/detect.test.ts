import { fileURLToPath, pathToFileURL } from 'node:url'
import type { WebDriver } from 'selenium-webdriver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detect } from '../../../src/login/portal/detect.ts'
import type { Page } from '../../../src/login/portal/page.ts'
import type { View } from '../../../src/login/portal/view.ts'
import { webDriverPage } from '../../../src/login/portal/webDriverPage.ts'
import { startChromium } from './chromium.ts'
import { described } from './described.ts'
import { heldBack, histories, type Row, tuned } from './pages.ts'

const folder = fileURLToPath(new URL('../../../fixtures/portal-pages/', import.meta.url))
let driver: WebDriver
let page: Page

beforeAll(async () => {
  driver = await startChromium()
  page = webDriverPage(driver)
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

describe('pages that detection was tuned on', () => {
  it.each(tuned.map((row) => [row[0], row[1], row] as const))('%s, given %s', async (_name, _given, row) => {
    expect(await wants(row)).toBe(row[2])
  })
})

describe.skipIf(process.env.TUNING)('pages held back', () => {
  it.each(heldBack.map((row) => [row[0], row[1], row] as const))('%s, given %s', async (_name, _given, row) => {
    expect(await wants(row)).toBe(row[2])
  })
})
