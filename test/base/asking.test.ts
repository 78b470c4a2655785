import { expect, test } from 'vitest'
import { askingOf } from '../../src/base/asking.ts'
import type { Environment } from '../../src/base/paths.ts'

test.each<[Environment, string]>([
  [{}, 'auto'],
  [{ AWSFED_INTERACTIVE: 'never' }, 'never'],
  [{ AWSFED_INTERACTIVE: 'window' }, 'window'],
  [{ AWSFED_INTERACTIVE: 'Never' }, 'never'],
  [{ AWSFED_INTERACTIVE: '0' }, 'never'],
  [{ AWSFED_INTERACTIVE: 'WINDOW', CI: 'true' }, 'window'],
  [{ AWSFED_INTERACTIVE: 'terminal', CI: 'true' }, 'terminal'],
  [{ AWSFED_INTERACTIVE: 'auto', CI: 'true' }, 'auto'],
  [{ AWSFED_INTERACTIVE: 'nonsense' }, 'auto'],
  [{ GIT_TERMINAL_PROMPT: '0' }, 'never'],
  [{ GIT_TERMINAL_PROMPT: 'false' }, 'never'],
  [{ GIT_TERMINAL_PROMPT: '1' }, 'auto'],
  [{ GCM_INTERACTIVE: 'Never' }, 'never'],
  [{ GCM_INTERACTIVE: '0' }, 'never'],
  [{ GCM_INTERACTIVE: 'auto' }, 'auto'],
  [{ VSCODE_GIT_FETCH_SILENT: 'true' }, 'never'],
  [{ CI: 'true' }, 'never'],
  [{ CI: '1' }, 'never'],
  [{ CI: 'false' }, 'auto'],
  [{ CI: '' }, 'auto'],
])('%j: %s', (env, asking) => {
  expect(askingOf(env)).toBe(asking)
})
