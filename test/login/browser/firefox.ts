import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Portal } from '../../../src/base/config.ts'
import type { World } from '../../../src/base/world.ts'
import { connect } from '../../../src/login/browser/connection.ts'
import { isProgram } from '../../../src/login/browser/find.ts'
import { trustModule } from '../../../src/login/browser/firefox/authorities.ts'
import { installedFirefox } from '../../../src/login/browser/firefox/find.ts'
import type { OpenFirefox } from '../../../src/login/browser/firefox/open.ts'
import { type Preferences, preferencesOf, userJs } from '../../../src/login/browser/firefox/preferences.ts'
import { startFirefox } from '../../../src/login/browser/firefox/start.ts'

const machine = { env: process.env, platform: process.platform, home: os.homedir() }

/** The Firefox of this machine; `npm test` installs one where it may, and says where it may not. */
export const firefox = installedFirefox(machine, isProgram)?.binary

/** Whether it can be told to trust an authority: the sandbox's portal has one of its own. */
export const firefoxTrusts = firefox !== undefined && trustModule() !== undefined

/** A Firefox that differs from awsfed's own in `preferences`. Its sessions come one after the other, and trust every certificate. */
export async function startTestFirefox(world: World, portal: Portal, preferences: Preferences) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))
  writeFileSync(
    path.join(folder, 'user.js'),
    userJs({ ...preferencesOf(portal, { env: world.env, headless: true, folder }), ...preferences }),
  )
  const { signal } = new AbortController()
  const running = await startFirefox(world, portal, { binary: firefox ?? '', folder, headless: true, signal })
  async function close() {
    running.kill()
    await running.ended
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return {
    close,
    async session(): Promise<OpenFirefox> {
      const bidi = await connect(`${running.url}/session`)
      const capabilities = { acceptInsecureCerts: true, unhandledPromptBehavior: { default: 'ignore' } }
      await bidi.send('session.new', { capabilities: { alwaysMatch: capabilities } })
      return { bidi, userAgent: undefined, profile: folder, headless: true, close }
    },
  }
}
