import { parseHost } from '../../codecommit/host.ts'
import type { CodeCommitUrl, Form, Use } from './codeCommitUrl.ts'
import { parseUrl } from './parse.ts'
import { accountOf, type Knowledge, type Place, type Translate } from './translate.ts'

/** The first pass over all URLs of a run: nothing is decided, and what must be asked before is noted. */
export interface Survey {
  /** To be given to every planner in the place of the translator; its verdict is always `none`. */
  readonly translate: Translate
  /** The hosts that ssh_config is to be asked for: aliases, and CodeCommit's own where the URL names no user. */
  hosts(): ReadonlySet<string>
  /** The profiles of the AWS CLI whose region is needed; undefined for its default. */
  profiles(): ReadonlySet<string | undefined>
  /** Every name that signs in by these URLs. */
  accounts(sshHost: Knowledge['sshHost']): ReadonlySet<string>
  /** Every URL that would move or be refused, as it was read, once. */
  urls(): ReadonlyMap<string, CodeCommitUrl>
}

export function survey(to: Form): Survey {
  const seen = new Map<string, { text: string; url: CodeCommitUrl; place: Place }>()
  const all = () => [...seen.values()]
  const ssh = () => all().filter(({ url }) => url.form === 'ssh' && url.host !== undefined)
  const grc = () => all().filter(({ url }) => url.form === 'grc' && url.region === undefined && url.problem === undefined)
  return {
    translate(text: string, use: Use, place: Place = {}) {
      const url = parseUrl(text, use)
      if (url && url.form !== to) seen.set(`${use} ${place.sshUser ?? ''} ${text}`, { text, url, place })
      return { verdict: 'none' }
    },
    hosts: () =>
      new Set(
        ssh().flatMap(({ url: { host = '', account }, place }) =>
          parseHost(host) && (account ?? place.sshUser) !== undefined ? [] : [host],
        ),
      ),
    profiles: () => new Set(grc().map(({ url }) => url.account)),
    accounts: (sshHost) =>
      new Set(
        all().flatMap(({ url, place }) => {
          // A name of somebody else's host, and the profile that an https URL already has, stand for nothing here.
          if (url.form === 'https' || url.problem !== undefined) return []
          const host = url.host
          if (host !== undefined && !parseHost(host) && !parseHost(sshHost(host)?.hostname ?? '')) return []
          return accountOf(url, place, sshHost) ?? []
        }),
      ),
    urls: () => new Map(all().map(({ text, url }) => [text, url])),
  }
}
