import { setTimeout as delay } from 'node:timers/promises'
import { AwsfedError, messageOf } from '../base/errors.ts'
import type { Captured } from '../session/captured.ts'
import type { Answering } from './answering.ts'
import { cancelled } from './cancelled.ts'
import type { Capture } from './capture/capture.ts'
import type { WatchedBrowser } from './capture/watched.ts'
import type { SignIn } from './portal/engine.ts'
import { signIn } from './portal/signIn.ts'

/**
 * Drives the portal's pages in `browser` until the assertion is caught, the engine gives up or the browser has gone.
 * @param page what the engine sees in the place of the browser's own page
 * @throws AwsfedError of the engine, the answers or the browser; `cancelled`
 */
export async function driven(
  browser: WatchedBrowser,
  given: Omit<SignIn, 'captured' | 'answers'> & { readonly answers: Answering },
  page = browser.page,
): Promise<Captured> {
  const { answers, signal } = given
  const pages = new AbortController()
  let refusal: AwsfedError | undefined
  const engine = signIn(page, {
    ...given,
    captured: browser.captured,
    signal: AbortSignal.any([signal, pages.signal]),
  }).catch(async (error: unknown) => {
    if (error instanceof AwsfedError) refusal = error
    throw refusal ?? (await reasonOf(error, browser))
  })
  // What the race has not waited for must not be reported as unhandled.
  engine.catch(() => {})
  try {
    return await Promise.race([
      browser.captured,
      engine.then(() => browser.captured),
      browser.gone.then(async (gone) => {
        // The portal's own words, if the engine has just read them, say more than that the browser has ended.
        await new Promise((resolve) => setImmediate(resolve))
        throw refusal ?? gone
      }),
      aborted(signal),
    ])
  } finally {
    pages.abort()
    answers.dismiss()
  }
}

/** Why the engine failed with an error of the driver: most likely the browser has gone, which its socket tells in a moment. */
async function reasonOf(error: unknown, capture: Capture): Promise<AwsfedError> {
  const over = new AbortController()
  const patience = delay(1000, undefined, { signal: over.signal }).catch(() => undefined)
  const gone = await Promise.race([capture.gone, patience])
  over.abort()
  if (gone) return gone
  return new AwsfedError('failed', `the browser does not do what it is told: ${messageOf(error)}`, {
    hint: 'try `awsfed login --window`; AWSFED_DEBUG=1 traces what happens',
    cause: error,
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(cancelled(signal.reason))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
