import type { Portal } from '../../base/config.ts'
import { AwsfedError, codeOf, messageOf } from '../../base/errors.ts'
import { printable, shortened } from '../../base/text.ts'
import type { World } from '../../base/world.ts'
import { hasDisplay } from '../display.ts'
import { titles } from './candidates.ts'
import { type FoundBrowser, installHint } from './find.ts'

/** The error for what was stopped by `signal`: its own reason when that is an expected failure. */
export function abortedBy(signal: AbortSignal): AwsfedError {
  return signal.reason instanceof AwsfedError ? signal.reason : new AwsfedError('cancelled', 'the login was cancelled')
}

/** The driver could not be started at all. */
export function driverNotRun(binary: string, cause: Error): AwsfedError {
  const what =
    codeOf(cause) === 'ENOENT' ? 'it is not there' : codeOf(cause) === 'EACCES' ? 'it may not be run' : messageOf(cause)
  return new AwsfedError('failed', `cannot start the browser's driver ${binary}: ${what}`, {
    hint: 'install the driver of your browser, or correct driver_binary in its [portal]',
    cause,
  })
}

/** The driver was started but never listened, or ended. */
export function driverDied(binary: string, what: string): AwsfedError {
  return new AwsfedError('failed', `the browser's driver ${binary} ${what}`, {
    hint: `run \`${binary} --version\` to see why; AWSFED_DEBUG=1 shows what it says`,
  })
}

/** There is a browser, but no driver of it, and none could be fetched. */
export function noDriver(found: FoundBrowser, platform: NodeJS.Platform, why: string): AwsfedError {
  return new AwsfedError('failed', `no driver for ${titles[found.browser]} (${found.binary}): ${why}`, {
    hint: `install it: ${installHint(found.browser, platform)}; or name one by driver_binary in its [portal]`,
  })
}

/** How the browser was to be started: what explains why it was not. */
interface Start {
  readonly portal: Pick<Portal, 'name'>
  readonly found: FoundBrowser & { readonly driver: string }
  readonly headless: boolean
  readonly world: Pick<World, 'env' | 'platform'>
}

/**
 * What `error`, of selenium's `build()`, means. Drivers tell causes apart only by their words (facts/browser.md); words that
 * are not known here are shown as they are.
 */
export function startFailure(error: unknown, { portal, found, headless, world }: Start): AwsfedError {
  const message = messageOf(error)
  const title = titles[found.browser]
  const failed = (what: string, hint: string) => new AwsfedError('failed', what, { hint, cause: error })

  const supported = /only supports (?:\S+ )*?version (\d+)/i.exec(message)?.[1]
  if (supported !== undefined) {
    const current = /Current browser version is (\d+)/i.exec(message)?.[1]
    return failed(
      `driver and browser differ: ${found.driver} is for version ${supported}, ${title} ${found.binary} is ${current ?? 'another one'}`,
      `bring both to one version (${installHint(found.browser, world.platform)}), or name a pair by browser_binary and driver_binary in [portal.${portal.name}]`,
    )
  }
  if (/no (?:chrome|msedge|edge) binary at|cannot find .{1,20}binary/i.test(message)) {
    return failed(
      `${found.driver} finds no browser at ${found.binary}`,
      `correct browser_binary in [portal.${portal.name}], or remove it to have one found`,
    )
  }
  if (/instance exited|failed to start|crashed|DevToolsActivePort/i.test(message)) {
    if (!headless && !hasDisplay(world)) return noDisplay(title, error)
    return failed(
      `${title} ended as soon as it was started (${found.binary})`,
      `run \`${found.binary} --headless --dump-dom about:blank\` to see why; in a container without user namespaces set browser_args = ["--no-sandbox"] in [portal.${portal.name}]`,
    )
  }
  return failed(
    `${title} could not be started: ${shortened(printable(message.split('\n')[0] ?? ''), 300)}`,
    'AWSFED_DEBUG=1 shows what the driver says; browser_binary and driver_binary name another pair',
  )
}

/** There is no screen to open a window on. */
export function noDisplay(title: string, cause?: unknown): AwsfedError {
  return new AwsfedError('failed', `${title} cannot open a window: there is no display (DISPLAY and WAYLAND_DISPLAY are empty)`, {
    hint: 'log in where there is a desktop, through `ssh -X`, or without a window: `AWSFED_INTERACTIVE=terminal`',
    cause,
  })
}
