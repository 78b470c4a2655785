import type { Portal } from '../../base/config.ts'
import type { World } from '../../base/world.ts'
import { signInHosts } from '../../session/acs.ts'
import type { ChromiumBrowser } from './candidates.ts'
import { type Behind, behindFlags, proxyFlags } from './proxy.ts'

/** Parts of the browser that speak to servers that are not the portal, or offer what a login does not need. */
const unwantedFeatures = [
  'AutofillServerCommunication',
  'CertificateTransparencyComponentUpdater',
  'GlobalMediaControls',
  'InterestFeedContentSuggestions',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationGuideModelDownloading',
  'OptimizationHints',
  'OptimizationHintsFetching',
  'PasswordLeakDetection',
  'Translate',
]

const nowhere = 'http://127.0.0.1:9/'

/** What `browserFlags` needs to know of a run. */
export interface FlagsOf {
  readonly portal: Pick<Portal, 'acsHosts' | 'browserArgs' | 'proxy'>
  readonly browser: ChromiumBrowser
  /** The driver's version, which is the browser's. */
  readonly version: string | undefined
  readonly headless: boolean
  readonly folder: string
  readonly world: Pick<World, 'env' | 'platform'>
  readonly root: boolean
  /** In the place of the company's proxy. */
  readonly behind?: Behind | undefined
  /** Keys of servers whose certificates awsfed has found good. */
  readonly trustedKeys?: readonly string[] | undefined
}

/**
 * The command line of the browser. Language and certificates are left to the system. `browser_args` of the portal come last
 * and win, but for lists, which are joined: Chromium takes only the last of several.
 */
export function browserFlags(given: FlagsOf): string[] {
  const { portal, browser, version, headless, folder, world, root, behind, trustedKeys = [] } = given
  const agent = headless && version !== undefined ? userAgent(browser, version, world.platform) : undefined
  const flags = [
    `--user-data-dir=${folder}`,
    ...(headless ? ['--headless=new', '--window-size=1280,900'] : ['--window-size=1000,800']),
    ...(agent === undefined ? [] : [`--user-agent=${agent}`]),
    '--no-first-run',
    '--no-default-browser-check',
    '--no-pings',
    '--disable-background-networking',
    '--disable-breakpad',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-search-engine-choice-screen',
    '--disable-sync',
    // There is no switch for these two: which Google accounts there are (chromiumembedded/cef #4276), and what the list of models
    // on the device is. They are sent to the discard port, to which Chromium does not connect.
    `--gaia-url=${nowhere}`,
    `--component-updater=url-source=${nowhere}`,
    `--disable-features=${unwantedFeatures.join(',')}`,
    // The failsafe: should the interception fail, the assertion still finds no way to AWS. (Through a proxy, which resolves
    // names by itself, the interception is alone.)
    `--host-resolver-rules=${signInHosts(portal.acsHosts)
      .map((host) => `MAP ${host} ~NOTFOUND`)
      .join(', ')}`,
    ...(behind ? behindFlags(behind) : proxyFlags(portal.proxy, world.env)),
    ...(trustedKeys.length > 0 ? [`--ignore-certificate-errors-spki-list=${trustedKeys.join(',')}`] : []),
    // In containers /dev/shm is small, and Chromium crashes on the first large page.
    ...(headless && world.platform === 'linux' ? ['--disable-dev-shm-usage'] : []),
    // Chromium refuses to start as root with its sandbox.
    ...(root && world.platform === 'linux' ? ['--no-sandbox'] : []),
  ]
  return joinLists([...flags, ...portal.browserArgs])
}

/**
 * The preferences of the fresh profile: no password manager, nothing filled in, no password sent anywhere to be checked; and an
 * empty first page (4: the pages named), since the usual one comes from the search engine, and takes half a second.
 */
export const browserPreferences = {
  credentials_enable_service: false,
  'profile.password_manager_enabled': false,
  'profile.password_manager_leak_detection': false,
  'autofill.profile_enabled': false,
  'autofill.credit_card_enabled': false,
  'translate.enabled': false,
  'net.network_prediction_options': 2,
  'search.suggest_enabled': false,
  'signin.allowed': false,
  'session.restore_on_startup': 4,
  'session.startup_urls': ['about:blank'],
}

/**
 * What the same browser says of itself with a window; headless it would say `HeadlessChrome`. Portals tie sessions and "this
 * device is known" to it (Okta), and choose their pages by it (ADFS's WIASupportedUserAgents): the cookies of a login in a
 * window must be good without one. Its words are frozen but for the major version (chromium.org, user-agent reduction).
 */
function userAgent(browser: ChromiumBrowser, version: string, platform: NodeJS.Platform): string {
  const major = version.split('.')[0]
  const system =
    platform === 'win32'
      ? 'Windows NT 10.0; Win64; x64'
      : platform === 'darwin'
        ? 'Macintosh; Intel Mac OS X 10_15_7'
        : 'X11; Linux x86_64'
  const edge = browser === 'edge' ? ` Edg/${major}.0.0.0` : ''
  return `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36${edge}`
}

function joinLists(flags: readonly string[]): string[] {
  const lists = new Map<string, string[]>()
  const others: string[] = []
  for (const flag of flags) {
    const [, name, list] =
      /^(?:--)?((?:disable|enable)-(?:blink-)?features|ignore-certificate-errors-spki-list)=(.*)$/.exec(flag) ?? []
    if (name === undefined || list === undefined) others.push(flag)
    else lists.set(name, [...(lists.get(name) ?? []), list])
  }
  return [...others, ...[...lists].map(([name, values]) => `--${name}=${values.join(',')}`)]
}
