import { expect } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import { AwsfedError } from '../../../src/base/errors.ts'
import type { Answers } from '../../../src/login/answers.ts'
import type { Page } from '../../../src/login/portal/page.ts'
import { recipeOf } from '../../../src/login/portal/recipes/index.ts'
import type { Rule } from '../../../src/login/portal/rules.ts'
import { signIn } from '../../../src/login/portal/signIn.ts'
import { lineOf } from '../../../src/login/status.ts'
import type { TestPortal } from './portalServer.ts'
import type { TestBrowser } from './testBrowser.ts'

export interface Outcome {
  readonly error: AwsfedError | undefined
  /** What a person would have seen on the terminal. */
  readonly lines: readonly string[]
  /** What was asked for, in order. */
  readonly asked: readonly string[]
  readonly trace: readonly string[]
}

interface Given {
  readonly portal?: Partial<Portal>
  /** Those of all built-in recipes where nothing is said. */
  readonly rules?: readonly Rule[]
  readonly answers?: Partial<Answers>
  readonly window?: boolean
  readonly signal?: AbortSignal
  /** How many times faster the engine's clock runs. */
  readonly speed?: number
  readonly url?: string
  /** Told of each line as a person would see it. */
  readonly onLine?: (line: string) => void
}

/** Where no configuration is. */
export const anywhere = { paths: { config: '/nonexistent/config.toml' }, home: '/nonexistent' }

/** Signs in at `portal` as jane, with the code 123456, in a window of its own, and tells what happened. */
export async function signedIn(
  browser: TestBrowser,
  portal: TestPortal | { url: string; captured: Promise<void> },
  given: Given = {},
): Promise<Outcome> {
  const lines: string[] = []
  const asked: string[] = []
  const trace: string[] = []
  const answer = <T>(what: string, value: T) => {
    asked.push(what)
    return Promise.resolve(value)
  }
  const answers: Answers = {
    username: () => answer('name', 'jane@example.com'),
    password: (user) => answer(`password of ${user}`, 'correct horse'),
    otp: (label) => answer(`code: ${label}`, '123456'),
    choose: (title, options) => answer(`${title}: ${options.join(' | ')}`, 0),
    mayWaitForApproval: true,
    ...given.answers,
  }
  // Tests share a browser: what the one before has left open goes.
  await browser.clear()
  const { page, quiet } = watched(browser.page())
  const started = Date.now()
  try {
    await signIn(page, {
      portal: portalAt(given.url ?? portal.url, given.portal),
      rules: given.rules ?? (await recipeOf(anywhere, 'auto')).rules,
      answers,
      report: (status) => {
        lines.push(lineOf(status))
        given.onLine?.(lineOf(status))
      },
      trace: (line) => {
        trace.push(line)
        if (process.env.SHOW_WHY) process.stderr.write(`${line}\n`)
      },
      now: () => new Date(started + (Date.now() - started) * (given.speed ?? 1)),
      captured: portal.captured,
      signal: given.signal ?? new AbortController().signal,
      window: given.window ?? false,
    })
    return { error: undefined, lines, asked, trace }
  } catch (error) {
    if (!(error instanceof AwsfedError)) throw error
    expect(error.hint).toBeTruthy()
    if (process.env.SHOW_WHY) process.stderr.write(`${error.message}\n`)
    return { error, lines, asked, trace }
  } finally {
    await quiet()
    expect([...lines, ...trace].join('\n')).not.toMatch(/correct horse|123456/)
  }
}

/** `page`, and a way to wait for what it still does: the engine ends when the assertion is caught, in the middle of a look at the page. */
function watched(page: Page): { page: Page; quiet: () => Promise<unknown> } {
  const pending = new Set<Promise<unknown>>()
  const proxy = new Proxy(page, {
    get(target, name: keyof Page) {
      const method = target[name] as (...given: unknown[]) => Promise<unknown>
      return (...given: unknown[]) => {
        const call = method(...given)
        const done = () => pending.delete(call)
        pending.add(call)
        call.then(done, done)
        return call
      }
    },
  })
  return { page: proxy, quiet: () => Promise.allSettled(pending) }
}

function portalAt(url: string, more: Partial<Portal> = {}): Portal {
  return {
    name: 'test',
    url,
    recipe: 'auto',
    capture: undefined,
    browser: undefined,
    browserBinary: undefined,
    driverBinary: undefined,
    browserArgs: [],
    username: undefined,
    passwordCommand: undefined,
    otpCommand: undefined,
    mfa: undefined,
    proxy: undefined,
    acsHosts: [],
    browsermob: undefined,
    ...more,
  }
}
