import path from 'node:path'
import type { Portal } from '../../../base/config.ts'
import { AwsfedError } from '../../../base/errors.ts'
import type { Machine } from '../candidates.ts'
import { configuredProgram } from '../find.ts'

export interface FoundFirefox {
  readonly binary: string
  /** The only folder of the home that a confined Firefox (snap, flatpak) may write to: its profile has to be there. */
  readonly profiles: string | undefined
}

/** Whether the configuration names Firefox: as `browser`, or by the name of the program. */
export function namesFirefox({ browser, browserBinary }: Pick<Portal, 'browser' | 'browserBinary'>): boolean {
  if (browser !== undefined) return browser === 'firefox'
  return browserBinary !== undefined && /firefox[^/\\]*$/i.test(browserBinary)
}

/** The Firefox that is installed, if one is: it needs no driver. Pure: `exists` tells whether a path is a program. */
export function installedFirefox(machine: Machine, exists: (file: string) => boolean): FoundFirefox | undefined {
  return places(machine).find(({ binary }) => exists(binary))
}

/**
 * The Firefox of `portal`: the one that its configuration names, else the one that is installed.
 * @throws AwsfedError `failed` when there is none
 */
export function findFirefox(
  portal: Pick<Portal, 'name' | 'browserBinary'>,
  machine: Machine,
  exists: (file: string) => boolean,
): FoundFirefox {
  const binary = configuredProgram(portal, 'browser_binary', portal.browserBinary, machine, exists)
  if (binary !== undefined) {
    return { binary, profiles: places(machine).find((place) => place.binary === binary)?.profiles }
  }
  const found = installedFirefox(machine, exists)
  if (found) return found
  throw new AwsfedError('failed', 'no browser for the login: looked for Firefox', {
    hint: `install it: ${installHint(machine.platform)}; or name it by browser_binary in its [portal]`,
  })
}

/** What to install, or to bring up to date. */
export function installHint(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return '`brew install --cask firefox`'
  if (platform === 'win32') return '`winget install Mozilla.Firefox`'
  return '`apt install firefox-esr` (Fedora: `dnf install firefox`; Ubuntu: `snap install firefox`)'
}

function places(machine: Machine): FoundFirefox[] {
  const plain = (binary: string): FoundFirefox => ({ binary, profiles: undefined })
  const { home, platform, env } = machine
  if (platform === 'win32') {
    const programs = [env.ProgramFiles, env['ProgramFiles(x86)'], env.ProgramW6432, env.LOCALAPPDATA]
    const roots = [...new Set(programs.filter((root): root is string => Boolean(root)))]
    return roots.map((root) => plain(path.win32.join(root, 'Mozilla Firefox\\firefox.exe')))
  }
  if (platform === 'darwin') {
    const names = ['Firefox', 'Firefox Developer Edition']
    return names.flatMap((name) =>
      ['/Applications', `${home}/Applications`].map((folder) => plain(`${folder}/${name}.app/Contents/MacOS/firefox`)),
    )
  }
  return [
    // The program itself, before /usr/bin/firefox, which may be a script that only starts a snap, or says to install it.
    ...['/usr/lib/firefox/firefox', '/usr/lib64/firefox/firefox', '/usr/lib/firefox-esr/firefox-esr', '/opt/firefox/firefox'].map(
      plain,
    ),
    // Snaps see no hidden folder of the home, and ~/.local/state is one (snapcraft.io/docs/home-interface).
    { binary: '/snap/bin/firefox', profiles: `${home}/snap/firefox/common` },
    ...['/usr/bin/firefox', '/usr/bin/firefox-esr'].map(plain),
    // Flatpaks always see ~/.var/app/ID (docs.flatpak.org, sandbox permissions).
    ...['/var/lib/flatpak/exports/bin', `${home}/.local/share/flatpak/exports/bin`].map((folder) => ({
      binary: `${folder}/org.mozilla.firefox`,
      profiles: `${home}/.var/app/org.mozilla.firefox/data`,
    })),
  ]
}
