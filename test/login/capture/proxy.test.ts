import { By, until as untilPage } from 'selenium-webdriver'
import { expect, onTestFinished, test } from 'vitest'
import { captureByDevtools } from '../../../src/login/capture/devtools.ts'
import { pidsOf, testBrowser } from '../browser/support.ts'
import { startProxy } from './servers.ts'

const portalPage = `<!doctype html><form method="POST" action="/in">
  <input name="user" autocomplete="username"><input name="password" type="password" autocomplete="current-password"><button>Sign in</button>
</form>`
const assertionPage = `<!doctype html><form method="POST" action="https://signin.aws.amazon.com/saml">
  <input type="hidden" name="SAMLResponse" value="QUJD"></form><script>document.forms[0].submit()</script>`

test('through a proxy that wants a password, which is in no command line; and the browser asks for nothing but the portal', async () => {
  const proxy = await startProxy('jane:p@ss/word', (url, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(url.pathname === '/' ? portalPage : assertionPage)
  })
  onTestFinished(proxy.stop)
  const { browser, world, portal } = await testBrowser({
    proxy: `http://jane:${encodeURIComponent('p@ss/word')}@${proxy.address}`,
  })
  const capture = await captureByDevtools(world, browser, portal)
  onTestFinished(() => capture.close())
  await browser.driver.get('http://portal.example.test/')
  const password = await browser.driver.wait(untilPage.elementLocated(By.name('password')))
  await browser.driver.findElement(By.name('user')).sendKeys('jane')
  await password.sendKeys('correct horse')
  await browser.driver.findElement(By.css('button')).click()
  expect(await capture.captured).toEqual({ samlResponse: 'QUJD', acs: 'https://signin.aws.amazon.com/saml' })
  expect(new Set(proxy.asked)).toEqual(new Set(['GET portal.example.test', 'POST portal.example.test']))
  for (const secret of ['p@ss/word', 'p%40ss%2Fword']) expect(pidsOf(secret)).toEqual([])
  expect(world.traced.join('\n')).not.toContain('p@ss')
})

test('a password that the proxy does not take is given once', async () => {
  const proxy = await startProxy('jane:p@ss/word', (_, response) => response.end())
  onTestFinished(proxy.stop)
  const { browser, world, portal } = await testBrowser({ proxy: `http://jane:wrong@${proxy.address}` })
  const capture = await captureByDevtools(world, browser, portal)
  onTestFinished(() => capture.close())
  await browser.driver.get('http://portal.example.test/')
  await browser.driver.wait(async () => /ERR_|407/.test(await browser.driver.getPageSource()))
  expect(proxy.asked.filter((line) => line.startsWith('GET portal'))).toHaveLength(2)
})
