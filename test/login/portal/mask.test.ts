import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page } from '../../../src/login/portal/page.ts'
import { html, startPortal } from './portalServer.ts'
import { startTestBrowser, type TestBrowser } from './testBrowser.ts'

let driver: TestBrowser
let page: Page
beforeAll(async () => {
  driver = await startTestBrowser()
  page = driver.page()
})
afterAll(() => driver?.quit())

/** The picture that awsfed takes of `body`, and one as a person sees it afterwards. */
async function picturesOf(body: string, words: readonly string[] = []): Promise<{ masked: string; plain: string }> {
  const portal = await startPortal({
    'GET /': html('Page', body),
    'GET /frame': html('Frame', body.replace(/<iframe.*?iframe>/, '')),
  })
  await page.open(portal.url)
  for (;;) {
    const view = (await page.scan([]))?.views[0]
    if (view?.documents[0]?.url === portal.url && view.documents.every(({ loading }) => !loading)) break
  }
  const masked = Buffer.from((await page.picture(undefined, words)) ?? [])
  expect(masked.subarray(1, 4).toString()).toBe('PNG')
  return { masked: masked.toString('base64'), plain: await driver.takeScreenshot() }
}

describe('a picture does not tell what was typed, and the page is as before', () => {
  it.each<[string, (value: string) => string, words?: (value: string) => string[]]>([
    ['a text field', (value) => `<input value="${value}" style="color: red; transition: color 5s">`],
    ['a code', (value) => `<input type="tel" autocomplete="one-time-code" value="${value}">`],
    [
      'a password that is shown',
      (value) => `<input id="p" type="password" value="${value}"><script>document.getElementById('p').type = 'text'</script>`,
    ],
    ['a textarea', (value) => `<textarea>${value}</textarea>`],
    [
      'in a shadow root',
      (value) =>
        `<div id="h"></div><script>document.getElementById('h').attachShadow({ mode: 'open' }).innerHTML = '<input value="${value}">'</script>`,
    ],
    ['in a frame', (value) => `<iframe src="/frame" width="300" height="100"></iframe><input value="${value}">`],
    ['a name that the page shows', (value) => `<p>Signed in as <b>${value}</b></p>`, (value) => [value]],
    [
      'a name on a button, in other letters',
      (value) => `<input type="submit" value="${value.toUpperCase()}" style="width:200px">`,
      (value) => [value],
    ],
  ])('%s', async (_, body, words = () => []) => {
    // Both are as wide as the other.
    const [jane, joan] = ['jane1234', 'jean4321']
    const first = await picturesOf(body(jane), words(jane))
    const second = await picturesOf(body(joan), words(joan))
    expect(first.masked).toBe(second.masked)
    expect(first.plain).not.toBe(second.plain)
    expect(first.masked).not.toBe(first.plain)
  })
})
