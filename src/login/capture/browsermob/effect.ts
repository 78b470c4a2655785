import type { WebDriver } from 'selenium-webdriver'
import { messageOf } from '../../../base/errors.ts'
import { notInEffect } from './failures.ts'

interface ChromiumDriver extends WebDriver {
  sendAndGetDevToolsCommand(method: string, params: object): Promise<unknown>
}

/**
 * Has the browser ask for `mark`, which only our proxies answer: a policy of the company can set another proxy than the one
 * that the browser was started with, and the assertion would get to AWS. Nothing of it shows in a window.
 * @throws AwsfedError `failed` where something else answers, or nothing
 */
export async function checkInEffect(driver: WebDriver, mark: string): Promise<void> {
  const chromium = driver as ChromiumDriver
  const answered = async () => {
    const { frameTree } = (await chromium.sendAndGetDevToolsCommand('Page.getFrameTree', {})) as Tree
    const { resource } = (await chromium.sendAndGetDevToolsCommand('Network.loadNetworkResource', {
      frameId: frameTree.frame.id,
      url: mark,
      options: { disableCache: true, includeCredentials: false },
    })) as Loaded
    return resource
  }
  const { success, netErrorName, httpStatusCode } = await answered().catch((error: unknown) =>
    Promise.reject(notInEffect(messageOf(error))),
  )
  if (!success) throw notInEffect(netErrorName ?? `HTTP ${httpStatusCode}`)
}

interface Tree {
  readonly frameTree: { readonly frame: { readonly id: string } }
}

interface Loaded {
  readonly resource: { readonly success: boolean; readonly httpStatusCode?: number; readonly netErrorName?: string }
}
