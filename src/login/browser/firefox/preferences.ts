import type { Portal } from '../../../base/config.ts'
import type { World } from '../../../base/world.ts'
import { knownSignInHosts } from '../../../session/acs.ts'
import { proxyPreferences } from './proxy.ts'

export type Preferences = Readonly<Record<string, string | number | boolean>>

/** An address that is none: what it is given to does not ask for anything. */
const nowhere = 'data:,'

/**
 * The preferences of the fresh profile: one empty page, nothing of the browser's own business on the network, and no password
 * that is kept, filled in or looked up anywhere. What is not said here is as the user's system and language have it.
 */
const fixed: Preferences = {
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.preonboarding.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'startup.homepage_welcome_url': 'about:blank',
  'termsofuse.bypassNotification': true,
  'toolkit.cosmeticAnimations.enabled': false,

  'extensions.formautofill.addresses.enabled': false,
  'extensions.formautofill.creditCards.enabled': false,
  'signon.autofillForms': false,
  'signon.management.page.breach-alerts.enabled': false,
  'signon.rememberSignons': false,

  'app.normandy.enabled': false,
  'app.update.auto': false,
  'app.update.disabledForTesting': true,
  'browser.contentblocking.report.monitor.enabled': false,
  'browser.discovery.enabled': false,
  'browser.ml.enable': false,
  'browser.newtabpage.activity-stream.feeds.system.topstories': false,
  'browser.newtabpage.activity-stream.feeds.topsites': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'browser.safebrowsing.blockedURIs.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'browser.search.update': false,
  'browser.translations.enable': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.usage.uploadEnabled': false,
  'dom.push.connection.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'geo.provider.network.url': '',
  'identity.fxaccounts.enabled': false,
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-manager.url': nowhere,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.http.speculative-parallel-limit': 0,
  'network.prefetch-next': false,
  // Names are resolved by the system: a company's own are not known elsewhere.
  'network.trr.mode': 5,
  'privacy.trackingprotection.enabled': false,
  'security.remote_settings.crlite_filters.enabled': false,
  'security.remote_settings.intermediates.enabled': false,
  // Taken where MOZ_REMOTE_SETTINGS_DEVTOOLS is set, by Firefox's own word for no server.
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.server': nowhere,
  'toolkit.telemetry.unified': false,

  // Cookies of frames are kept for the frame, whatever page is around it: portals embed their second factors, and BiDi does not
  // tell for which page a cookie is kept.
  'network.cookie.CHIPS.enabled': false,
  'network.cookie.cookieBehavior': 0,
  // The company's certificate authorities, where the system has them (Windows, macOS).
  'security.enterprise_roots.enabled': true,
}

/** What the preferences depend on, beside the portal. */
interface Run extends Pick<World, 'env'> {
  readonly headless: boolean
  /** The profile. */
  readonly folder: string
}

/** All preferences of a login at `portal`. */
export function preferencesOf(portal: Pick<Portal, 'acsHosts' | 'proxy'>, { env, headless, folder }: Run): Preferences {
  return {
    ...fixed,
    ...(headless ? withoutWindow(folder) : {}),
    // The failsafe: should the interception fail, the assertion still finds no way to AWS: only to port 443 of this machine.
    'network.dns.localDomains': knownSignInHosts(portal.acsHosts).join(','),
    ...proxyPreferences(portal, env),
  }
}

/** Where nobody is, nothing is downloaded into the home, and nobody asked which of the system's certificates to show to a server. */
function withoutWindow(folder: string): Preferences {
  return {
    'browser.download.dir': folder,
    'browser.download.folderList': 2,
    'security.osclientcerts.autoload': false,
  }
}

/** The text of `user.js`, which Firefox reads before anything else. */
export function userJs(preferences: Preferences): string {
  return Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('')
}
