import type { Environment } from './paths.ts'

/**
 * Whether a login may ask a person.
 * - `never`: silent ways only (cookies; commands that the configuration names)
 * - `terminal`: prompts on the terminal, no window
 * - `window`: cookies, then a window of the browser, in which the person signs in
 * - `auto`: silent ways, then the terminal where there is one, then a window where there is a display
 */
export type Asking = 'never' | 'terminal' | 'window' | 'auto'

const off = new Set(['0', 'false', 'no', 'off', 'never'])

/** Whether a switch of the environment or of git's configuration says no. */
export function isOff(value: string | undefined): boolean {
  return value !== undefined && off.has(value.toLowerCase())
}

/**
 * What the environment allows. `AWSFED_INTERACTIVE` decides when it is set to one of its words, in any case, or to a no; else git's and its
 * hosts' own switches are honoured: GIT_TERMINAL_PROMPT=0, GCM_INTERACTIVE, VSCODE_GIT_FETCH_SILENT, CI.
 */
export function askingOf(env: Environment): Asking {
  const own = env.AWSFED_INTERACTIVE?.toLowerCase()
  if (own === 'terminal' || own === 'window' || own === 'auto') return own
  if (isOff(own)) return 'never'
  if (env.GIT_TERMINAL_PROMPT !== undefined && isOff(env.GIT_TERMINAL_PROMPT)) return 'never'
  if (isOff(env.GCM_INTERACTIVE)) return 'never'
  if (env.VSCODE_GIT_FETCH_SILENT) return 'never'
  if (env.CI && !isOff(env.CI)) return 'never'
  return 'auto'
}
