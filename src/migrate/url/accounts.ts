import { isKeyId } from './codeCommitUrl.ts'

/** What the names of one run stand for: key ids and ssh users, profiles of the AWS CLI, profiles of awsfed. */
export interface Accounts {
  /**
   * Who takes the place of `name` in a URL for HTTPS: a profile of awsfed; nobody, where it is the only name in the run
   * that nothing is known of; or several such names, and then no one may choose among them.
   */
  profileOf(name: string): { readonly name: string | undefined } | { readonly unknown: readonly string[] }
  /** The way back: the names of that kind that stand for the profile of awsfed. */
  namesOf(profile: string, kind: 'ssh' | 'grc'): readonly string[]
}

/**
 * @param mapped `--account NAME=PROFILE` over `[account]` of config.toml
 * @param found every name that the URLs of this run use
 */
export function accountsOf(mapped: ReadonlyMap<string, string>, found: Iterable<string>): Accounts {
  const unknown = [...new Set(found)].filter((name) => !mapped.has(name)).sort()
  return {
    profileOf(name) {
      const profile = mapped.get(name)
      if (profile !== undefined) return { name: profile }
      return unknown.some((other) => other !== name) ? { unknown } : { name: undefined }
    },
    namesOf(profile, kind) {
      const names = [...mapped].filter(([, one]) => one === profile).map(([name]) => name)
      const keys = names.filter(isKeyId)
      if (kind === 'ssh') return keys.length > 0 ? keys : names
      return names.filter((name) => !isKeyId(name))
    },
  }
}
