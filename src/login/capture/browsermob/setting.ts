import type { Portal } from '../../../base/config.ts'
import type { Setting } from './daemon.ts'
import { notConfigured, notLoopback, otherProxy } from './failures.ts'

const loopbackHosts = /^(localhost|127(\.\d+){3}|\[::1\])$/
/** Switches of Chromium (net/docs/proxy.md) that would have a say in where requests go. */
const proxySwitch = /^(--)?(no-proxy-server|proxy-server|proxy-pac-url|proxy-auto-detect|proxy-bypass-list)(=|$)/

/**
 * What the configuration of `portal` says of the daemon.
 * @throws AwsfedError `failed` where it says nothing, where the daemon is not on this machine, or where the browser would not use it
 */
export function settingOf(portal: Portal): Setting {
  const { name, browsermob, browserArgs } = portal
  if (!browsermob) throw notConfigured(name)
  const url = URL.canParse(browsermob.url) ? new URL(browsermob.url) : undefined
  if (url?.protocol !== 'http:' || !loopbackHosts.test(url.hostname)) throw notLoopback(name, browsermob.url)
  const flag = browserArgs.find((argument) => proxySwitch.test(argument))
  if (flag !== undefined) throw otherProxy(name, flag)
  return { portal: name, url: url.origin, command: browsermob.command }
}
