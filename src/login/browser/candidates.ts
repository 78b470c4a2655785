import path from 'node:path'
import type { Browser } from '../../base/config.ts'
import type { Environment } from '../../base/paths.ts'

/** Browsers that speak Chrome's protocol, in the order in which they are looked for. */
export const chromiums = ['chrome', 'chromium', 'edge'] as const satisfies readonly Browser[]
export type ChromiumBrowser = (typeof chromiums)[number]

export const titles: Readonly<Record<ChromiumBrowser, string>> = {
  chrome: 'Google Chrome',
  chromium: 'Chromium',
  edge: 'Microsoft Edge',
}

/** Where a browser may be installed. */
export interface Place {
  readonly browser: ChromiumBrowser
  readonly binary: string
  /** Drivers that come with this very installation; those on the PATH are tried after them. */
  readonly drivers: readonly string[]
  /** The only folder of the home that a confined browser (snap, flatpak) may write to: its profile has to be there. */
  readonly profiles?: string
}

/** What the tables need to know of a machine. */
export interface Machine {
  readonly env: Environment
  readonly platform: NodeJS.Platform
  readonly home: string
}

/** The places of all browsers on this platform, best first. */
export function places(machine: Machine): Place[] {
  if (machine.platform === 'win32') return windowsPlaces(machine)
  return machine.platform === 'darwin' ? macPlaces(machine) : linuxPlaces(machine)
}

/** The names of the driver's program; on Windows with their ending. */
export function driverNames(browser: ChromiumBrowser, platform: NodeJS.Platform): string[] {
  const names = browser === 'edge' ? ['msedgedriver'] : ['chromedriver']
  return platform === 'win32' ? names.map((name) => `${name}.exe`) : names
}

function linuxPlaces({ home }: Machine): Place[] {
  const beside = (browser: ChromiumBrowser, binary: string, ...drivers: string[]): Place => ({ browser, binary, drivers })
  // Snaps see no hidden folder of the home, and ~/.local/state is one (snapcraft.io/docs/home-interface).
  const snap = (browser: ChromiumBrowser, name: string): Place => ({
    browser,
    binary: `/snap/bin/${name}`,
    drivers: [`/snap/bin/${name}.chromedriver`],
    profiles: `${home}/snap/${name}/common`,
  })
  // Flatpaks always see ~/.var/app/ID (docs.flatpak.org, sandbox permissions), and bring no driver.
  const flatpak = (browser: ChromiumBrowser, id: string): Place[] =>
    ['/var/lib/flatpak/exports/bin', `${home}/.local/share/flatpak/exports/bin`].map((folder) => ({
      browser,
      binary: `${folder}/${id}`,
      drivers: [],
      profiles: `${home}/.var/app/${id}/data`,
    }))
  return [
    // /usr/bin/chromedriver is Debian's, of Chromium: no driver of Chrome's own.
    beside('chrome', '/opt/google/chrome/chrome', '/opt/google/chrome/chromedriver'),
    beside('chrome', '/usr/bin/google-chrome-stable', '/opt/google/chrome/chromedriver'),
    beside('chrome', '/usr/bin/google-chrome', '/opt/google/chrome/chromedriver'),
    beside('chromium', '/usr/bin/chromium', '/usr/bin/chromedriver', '/usr/lib/chromium/chromedriver'),
    snap('chromium', 'chromium'),
    // On Ubuntu this is a script that only says to install the snap, or starts it: after the snap.
    beside('chromium', '/usr/bin/chromium-browser', '/usr/bin/chromedriver', '/usr/lib/chromium-browser/chromedriver'),
    beside('chromium', '/opt/chromium/chromium', '/opt/chromium/chromedriver'),
    beside('edge', '/opt/microsoft/msedge/msedge', '/opt/microsoft/msedge/msedgedriver'),
    beside('edge', '/usr/bin/microsoft-edge-stable', '/usr/bin/msedgedriver'),
    beside('edge', '/usr/bin/microsoft-edge', '/usr/bin/msedgedriver'),
    ...flatpak('chrome', 'com.google.Chrome'),
    ...flatpak('chromium', 'org.chromium.Chromium'),
    ...flatpak('edge', 'com.microsoft.Edge'),
  ]
}

function macPlaces({ home }: Machine): Place[] {
  const apps: readonly [ChromiumBrowser, string][] = [
    ['chrome', 'Google Chrome'],
    ['chromium', 'Chromium'],
    ['edge', 'Microsoft Edge'],
  ]
  return apps.flatMap(([browser, name]) =>
    ['/Applications', `${home}/Applications`].map((folder) => ({
      browser,
      binary: `${folder}/${name}.app/Contents/MacOS/${name}`,
      drivers: [],
    })),
  )
}

function windowsPlaces({ env }: Machine): Place[] {
  const programs = [env.ProgramFiles, env['ProgramFiles(x86)'], env.ProgramW6432, env.LOCALAPPDATA]
  const roots = [...new Set(programs.filter((root): root is string => Boolean(root)))]
  const installed: readonly [ChromiumBrowser, string, string][] = [
    ['chrome', 'Google\\Chrome\\Application', 'chrome.exe'],
    ['chromium', 'Chromium\\Application', 'chrome.exe'],
    ['edge', 'Microsoft\\Edge\\Application', 'msedge.exe'],
  ]
  return installed.flatMap(([browser, folder, program]) =>
    roots.map((root) => ({
      browser,
      binary: path.win32.join(root, folder, program),
      drivers: driverNames(browser, 'win32').map((name) => path.win32.join(root, folder, name)),
    })),
  )
}

/** Folders of programs: the PATH, and those that the short PATH of a git client started from a desktop leaves out. */
export function programFolders({ env, platform }: Machine): string[] {
  const onPath = (env.PATH ?? env.Path ?? '').split(platform === 'win32' ? ';' : ':').filter(Boolean)
  const usual =
    platform === 'win32' ? [] : platform === 'darwin' ? ['/opt/homebrew/bin', '/usr/local/bin'] : ['/usr/local/bin', '/usr/bin']
  return [...new Set([...onPath, ...usual])]
}
