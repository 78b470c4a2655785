import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Portal } from '../../../src/base/config.ts'
import { awsfedPaths } from '../../../src/base/paths.ts'
import { createRedactor } from '../../../src/base/redact.ts'
import type { World } from '../../../src/base/world.ts'
import { type OpenBrowser, openBrowser } from '../../../src/login/browser/open.ts'
import { temporaryFolder } from '../../support/programs.ts'
import { testPortal } from './portal.ts'

export { testPortal }

export interface TestWorld extends World {
  readonly said: string[]
  readonly traced: string[]
}

/** The world of a test: this machine, a home of its own, and ears for what is said. */
export function testWorld(home: string, env: Record<string, string | undefined> = {}): TestWorld {
  const said: string[] = []
  const traced: string[] = []
  const all = { PATH: process.env.PATH, HOME: home, AWSFED_HOME: `${home}/awsfed`, LANG: 'C.UTF-8', ...env }
  return {
    env: all,
    platform: process.platform,
    home,
    paths: awsfedPaths(all, process.platform, home),
    now: () => new Date(),
    redactor: createRedactor(),
    say: (line) => void said.push(line),
    trace: (line) => void traced.push(line),
    said,
    traced,
  }
}

/** A headless browser that is closed at the end of the test. */
export async function testBrowser(more: Partial<Portal> = {}, world = testWorld(temporaryFolder())) {
  const portal = testPortal(more)
  const over = new AbortController()
  const browser: OpenBrowser = await openBrowser(world, portal, { headless: true, signal: over.signal })
  onTestFinished(() => browser.close())
  return { world, portal, browser, over }
}

/** The pids of live processes whose command line holds `text`, found by other means than the code under test uses. */
export function pidsOf(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text)
      } catch {
        return false // it ended meanwhile
      }
    })
    .map(Number)
}

/** Waits until `condition` holds; the test's own time limit ends it. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20)
}
