import type { AwsfedError } from '../../base/errors.ts'
import type { Captured } from '../../session/captured.ts'
import type { Cookie } from '../cookies.ts'

/** A browser that is watched for its assertion. */
export interface Capture {
  /** The first assertion that the portal posts to AWS, which never gets there. Pending for good when there is none. */
  readonly captured: Promise<Captured>
  /** Resolves when the browser, or the connection to it, ends before `close()`: without it nothing would be stopped. */
  readonly gone: Promise<AwsfedError>
  /** What the browser calls itself: portals tie its cookies to that. */
  readonly userAgent?: string | undefined
  /** The browser's cookies, but AWS's. */
  cookies(): Promise<Cookie[]>
  setCookies(cookies: readonly Cookie[]): Promise<void>
  /**
   * Runs `script`, the source of a function, in each document that is loaded from now on, before its own scripts and apart from
   * them: of all windows and frames. What it gives to the function that it is called with goes to `told`.
   * @throws AwsfedError `failed` when the browser refuses
   */
  observe(script: string, told: (text: string) => void): Promise<void>
  /** Stops watching. To be called when the browser is closed: from here on a POST would get through. */
  close(): Promise<void>
}
