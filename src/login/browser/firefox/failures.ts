import type { Portal } from '../../../base/config.ts'
import { AwsfedError, codeOf, messageOf } from '../../../base/errors.ts'
import { printable, shortened } from '../../../base/text.ts'
import type { World } from '../../../base/world.ts'
import { hasDisplay } from '../../display.ts'
import { noDisplay } from '../failures.ts'
import { trustModule } from './authorities.ts'
import { installHint } from './find.ts'

/**
 * The first version that gives the body of a request that it holds (bugzilla.mozilla.org #1988955); the first with long-term
 * support is 153.
 */
const firstVersion = 146

/** The program could not be run at all. */
export function notRun(binary: string, cause: Error): AwsfedError {
  const what =
    codeOf(cause) === 'ENOENT' ? 'it is not there' : codeOf(cause) === 'EACCES' ? 'it may not be run' : messageOf(cause)
  return new AwsfedError('failed', `cannot start Firefox ${binary}: ${what}`, {
    hint: 'correct browser_binary in its [portal], or remove it to have Firefox found',
    cause,
  })
}

/** It ended, or said nothing, before it could be spoken to. */
export function notStarted(
  portal: Pick<Portal, 'name'>,
  binary: string,
  { what, said, headless, world }: { what: string; said: string; headless: boolean; world: Pick<World, 'env' | 'platform'> },
): AwsfedError {
  if (!headless && !hasDisplay(world)) return noDisplay('Firefox')
  const reason = shortened(printable(lastLineOf(said)), 300)
  return new AwsfedError('failed', `Firefox ${what} (${binary})${reason && `: ${reason}`}`, {
    hint: `run \`${binary} --headless --screenshot /dev/null about:blank\` to see why, or set browser_binary in [portal.${portal.name}] to another one`,
  })
}

/** @throws AwsfedError `failed` where this version cannot give the body of a request that it holds */
export function checkVersion(version: string, platform: NodeJS.Platform): void {
  if (Number.parseInt(version, 10) < firstVersion) throw tooOld(version, platform)
}

export function tooOld(version: string, platform: NodeJS.Platform): AwsfedError {
  return new AwsfedError(
    'failed',
    `Firefox ${version} is too old to catch the assertion: awsfed needs ${firstVersion} or later`,
    {
      hint: `bring it up to date: ${installHint(platform)}; or set browser in the [portal] to chromium, chrome or edge`,
    },
  )
}

/** Firefox does not trust a certificate, as `message` says: where it looks for what it trusts (authorities.ts). */
export function notTrusted(message: string, platform: NodeJS.Platform): AwsfedError {
  if (platform !== 'linux') {
    return new AwsfedError('failed', message, {
      hint: 'have the company’s CA installed in the system’s store, and check the date',
    })
  }
  const hint = 'name the company’s CA by AWS_CA_BUNDLE or have it installed on this machine, and check the date'
  const module = '`apt install p11-kit-modules` (Fedora: `dnf install p11-kit-trust`), by which Firefox looks there'
  return new AwsfedError('failed', message, { hint: trustModule() === undefined ? `${module}; ${hint}` : hint })
}

/** What Firefox said last, its own housekeeping left out. */
function lastLineOf(said: string): string {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !/headless mode|listening on|^\[|JavaScript (?:error|warning)|Gtk-|dbus/i.test(line))
  return lines.at(-1) ?? ''
}
