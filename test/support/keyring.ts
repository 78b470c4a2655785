import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { type Outcome, run } from './programs.ts'

/** Whether the tests can have a keyring of their own. */
export const hasKeyring = existsSync('/usr/bin/gnome-keyring-daemon') && existsSync('/usr/bin/dbus-run-session')

const unlocked = 'printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && exec "$@"'

/** The command line that runs `command` in a desktop session of its own, whose keyring, kept below HOME, is unlocked. */
export function withKeyring(home: string, command: string, args: readonly string[]): [command: string, args: string[]] {
  mkdirSync(path.join(home, '.local/share'), { recursive: true })
  return ['dbus-run-session', ['--', 'sh', '-c', unlocked, 'sh', command, ...args]]
}

/** Runs `command` so, with HOME at `home`. */
export function runWithKeyring(
  home: string,
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Outcome> {
  return run(...withKeyring(home, command, args), { env: { ...env, HOME: home } })
}
