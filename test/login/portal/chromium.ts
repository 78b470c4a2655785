import { Builder, type WebDriver } from 'selenium-webdriver'
import chrome from 'selenium-webdriver/chrome.js'

const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--window-size=1000,900',
  '--disable-features=AutofillServerCommunication,PasswordLeakDetection,Translate',
]

/**
 * A headless Chromium for one test file, with the capabilities that awsfed's own has where the engine can tell the difference:
 * commands wait for no page.
 */
export function startChromium(): Promise<WebDriver> {
  const options = new chrome.Options()
  options.setBinaryPath(process.env.CHROMIUM ?? '/usr/bin/chromium')
  options.addArguments(...flags)
  options.setPageLoadStrategy('none')
  options.set('unhandledPromptBehavior', 'accept and notify')
  const service = new chrome.ServiceBuilder(process.env.CHROMEDRIVER ?? '/usr/bin/chromedriver')
  return new Builder()
    .disableEnvironmentOverrides()
    .forBrowser('chrome')
    .setChromeOptions(options)
    .setChromeService(service)
    .build() as unknown as Promise<WebDriver>
}
