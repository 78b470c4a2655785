import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { type Outcome, run } from './programs.ts'

/** Whether the tests can have a keyring of their own. */
export const hasKeyring = existsSync('/usr/bin/gnome-keyring-daemon') && existsSync('/usr/bin/dbus-run-session')

const unlocked = 'printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && exec "$@"'

/**
 * Runs `command` in a desktop session of its own whose keyring, kept below `home`, is unlocked.
 * @param env of the command; HOME is `home`
 */
export function runWithKeyring(
  home: string,
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  input?: string,
): Promise<Outcome> {
  mkdirSync(path.join(home, '.local/share'), { recursive: true })
  return run('dbus-run-session', ['--', 'sh', '-c', unlocked, 'sh', command, ...args], {
    env: { ...env, HOME: home },
    ...(input !== undefined && { input }),
  })
}
