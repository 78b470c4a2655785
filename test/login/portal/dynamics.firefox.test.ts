import { describe } from 'vitest'
import { firefox } from '../browser/firefox.ts'
import { useFirefox } from './testBrowser.ts'

describe.skipIf(!firefox)('in Firefox', async () => {
  useFirefox()
  await import('./dynamics.test.ts')
})
