import type { Entry } from '../git/config.ts'
import { codecommitUrls } from './codecommitUrls.ts'
import { isOurs } from './helperValue.ts'

export function helperKey(url: string): string {
  return `credential.${url}.helper`
}

export function httpPathKey(url: string): string {
  return `credential.${url}.usehttppath`
}

/**
 * The entries that come after awsfed's helper for any of CodeCommit's hosts and work against it: git takes credential
 * settings in their order, not by how specific they are. An empty helper takes ours away, another one is handed our
 * credentials to keep (the session token included), and without the path there is nothing to sign. None where git does not
 * ask awsfed.
 */
export function overriding(entries: readonly Entry[]): Entry[] {
  return [...new Set(codecommitUrls.flatMap((url) => overridingFor(entries, url)))]
}

function overridingFor(entries: readonly Entry[], url: string): Entry[] {
  const ours = entries.findLastIndex(({ key, value }) => key === helperKey(url) && isOurs(value))
  return ours < 0 ? [] : entries.slice(ours + 1).filter((entry) => isAgainst(entry, url))
}

/** Sections of ours for other hosts are not: their patterns match none of the hosts of `url`. */
function isAgainst({ key, value }: Entry, url: string): boolean {
  const [, of, name] = /^credential\.(?:(.*)\.)?(helper|usehttppath)$/s.exec(key) ?? []
  if (name === undefined || (of !== undefined && of !== url && (codecommitUrls.includes(of) || !/amazonaws/i.test(of))))
    return false
  return name === 'helper' ? !isOurs(value) : /^(false|no|off|0|)$/i.test(value)
}
