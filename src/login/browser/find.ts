import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'
import type { Portal } from '../../base/config.ts'
import { AwsfedError } from '../../base/errors.ts'
import {
  type ChromiumBrowser,
  chromiums,
  driverNames,
  type Machine,
  type Place,
  places,
  programFolders,
  titles,
} from './candidates.ts'

export interface FoundBrowser {
  readonly browser: ChromiumBrowser
  readonly binary: string
  /** Undefined when the browser is there but no driver of it. */
  readonly driver: string | undefined
  /** Where its profile has to be, if not just anywhere: see `Place`. */
  readonly profiles: string | undefined
}

type Choice = Pick<Portal, 'name' | 'browser' | 'browserBinary' | 'driverBinary'>

/**
 * The browser for `portal` and its driver: what the configuration names, else the first installed one that has a driver,
 * else the first installed one. Pure: `exists` tells whether a path is a program.
 * @throws AwsfedError `failed` when a configured path is missing (names its key) or when nothing is found (says what to install).
 */
export function findBrowser(portal: Choice, machine: Machine, exists: (file: string) => boolean): FoundBrowser {
  const driver = configuredProgram(portal, 'driver_binary', portal.driverBinary, machine, exists)
  const binary = configuredProgram(portal, 'browser_binary', portal.browserBinary, machine, exists)
  if (binary !== undefined) {
    const browser = browserNamed(portal) ?? kindOf(binary, machine)
    const known = places(machine).find((place) => place.binary === binary)
    const drivers = known?.drivers ?? besideOf(binary, browser, machine)
    return {
      browser,
      binary,
      driver: driver ?? firstOf([...drivers, ...driversOnPath(browser, machine)], exists),
      profiles: known?.profiles,
    }
  }
  const named = browserNamed(portal)
  const wanted = named === undefined ? wantedBy(driver) : [named]
  const installed = places(machine).filter((place) => wanted.includes(place.browser) && exists(place.binary))
  const found = (place: Place, itsDriver: string | undefined): FoundBrowser => ({
    browser: place.browser,
    binary: place.binary,
    driver: itsDriver,
    profiles: place.profiles,
  })
  const [first] = installed
  if (!first) throw noBrowser(wanted, machine.platform)
  if (driver !== undefined) return found(first, driver)
  for (const driversOf of [(place: Place) => place.drivers, (place: Place) => driversOnPath(place.browser, machine)]) {
    for (const place of installed) {
      const its = firstOf(driversOf(place), exists)
      if (its !== undefined) return found(place, its)
    }
  }
  return found(first, undefined)
}

/** Whether any Chromium, Chrome or Edge is installed, with or without a driver. */
export function hasChromium(machine: Machine, exists: (file: string) => boolean): boolean {
  return places(machine).some(({ binary }) => exists(binary))
}

/** Whether `file` is a file that may be run, on this machine. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false // missing or not ours to run: for the search both mean "not here"
  }
}

/** A configured path: absolute, below `~`, or a bare name that is looked up on the PATH. */
export function configuredProgram(
  portal: Pick<Portal, 'name'>,
  key: string,
  value: string | undefined,
  machine: Machine,
  exists: (file: string) => boolean,
): string | undefined {
  if (value === undefined) return undefined
  const { join } = pathOf(machine)
  const bare = !/[/\\]/.test(value)
  const file = bare
    ? firstOf(
        programFolders(machine).map((folder) => join(folder, value)),
        exists,
      )
    : /^~[/\\]/.test(value)
      ? join(machine.home, value.slice(2))
      : value
  if (file !== undefined && exists(file)) return file
  throw new AwsfedError('failed', `[portal.${portal.name}] ${key} names ${value}, which is no program on this machine`, {
    hint: `correct portal.${portal.name}.${key}, or remove it to have it found`,
  })
}

/** Firefox is found elsewhere (firefox/find.ts). */
function browserNamed({ browser }: Choice): ChromiumBrowser | undefined {
  return browser === 'firefox' ? undefined : browser
}

/** Which browser a configured program is, by its name. */
function kindOf(binary: string, machine: Machine): ChromiumBrowser {
  const name = pathOf(machine).basename(binary).toLowerCase()
  if (name.includes('edge')) return 'edge'
  return name.includes('chromium') ? 'chromium' : 'chrome'
}

/** A driver that is configured alone tells by its name whose it is. */
function wantedBy(driver: string | undefined): readonly ChromiumBrowser[] {
  if (driver === undefined) return chromiums
  return /edgedriver[^/\\]*$/i.test(driver) ? ['edge'] : ['chrome', 'chromium']
}

function besideOf(binary: string, browser: ChromiumBrowser, machine: Machine): string[] {
  const { dirname, join } = pathOf(machine)
  return driverNames(browser, machine.platform).map((name) => join(dirname(binary), name))
}

function driversOnPath(browser: ChromiumBrowser, machine: Machine): string[] {
  const names = driverNames(browser, machine.platform)
  return programFolders(machine).flatMap((folder) => names.map((name) => pathOf(machine).join(folder, name)))
}

function firstOf(files: readonly string[], exists: (file: string) => boolean): string | undefined {
  return files.find((file) => exists(file))
}

function pathOf(machine: Machine): path.PlatformPath {
  return machine.platform === 'win32' ? path.win32 : path.posix
}

/** What to install for a browser and its driver. */
export function installHint(browser: ChromiumBrowser, platform: NodeJS.Platform): string {
  if (platform === 'darwin') {
    return browser === 'edge'
      ? '`brew install --cask microsoft-edge`, and msedgedriver of the same version from developer.microsoft.com/microsoft-edge/tools/webdriver'
      : '`brew install --cask google-chrome chromedriver`'
  }
  if (platform === 'win32') {
    return browser === 'edge'
      ? '`winget install Microsoft.Edge` and `winget install Microsoft.EdgeDriver`'
      : '`winget install Google.Chrome` and `winget install Chromium.ChromeDriver`'
  }
  return browser === 'edge'
    ? 'microsoft-edge-stable, and msedgedriver of the same version from developer.microsoft.com/microsoft-edge/tools/webdriver'
    : '`apt install chromium chromium-driver` (Fedora: `dnf install chromium chromedriver`; Ubuntu: `snap install chromium`)'
}

function noBrowser(wanted: readonly ChromiumBrowser[], platform: NodeJS.Platform): AwsfedError {
  // Where none is named Firefox would have been taken too.
  const names = [...wanted.map((browser) => titles[browser]), ...(wanted === chromiums ? ['Firefox'] : [])].join(', ')
  return new AwsfedError('failed', `no browser for the login: looked for ${names}`, {
    hint: `install one: ${installHint(wanted[0] ?? 'chromium', platform)}; or name one by browser_binary in its [portal]`,
  })
}
