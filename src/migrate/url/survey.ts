import { parseHost } from '../../codecommit/host.ts'
import type { Account } from './accounts.ts'
import type { CodeCommitUrl, Form, Use } from './codeCommitUrl.ts'
import { parseUrl } from './parse.ts'
import { accountOf, type Knowledge, type Place, type Translate } from './translate.ts'

/** A first pass over the URLs of a run: nothing is decided, and what must be asked before is noted. */
export interface Survey {
  /** To be given to every planner in the place of the translator; its verdict is always `none`. */
  readonly translate: Translate
  /** The hosts that ssh_config is to be asked for: aliases, and CodeCommit's own where the URL names no user. */
  hosts(): ReadonlySet<string>
  /** Everybody who signs in by these URLs. */
  accounts(sshHost: Knowledge['sshHost']): readonly Account[]
}

export function survey(to: Form): Survey {
  const seen = new Map<string, { url: CodeCommitUrl; place: Place }>()
  return {
    translate(text: string, use: Use, place: Place = {}) {
      const url = parseUrl(text, use)
      if (url && url.form !== to) seen.set(JSON.stringify([text, use, place]), { url, place })
      return { verdict: 'none' }
    },
    hosts: () =>
      new Set(
        [...seen.values()].flatMap(({ url: { form, host, account }, place }) => {
          if (form !== 'ssh' || host === undefined || place.ownConfig) return []
          return parseHost(host) && (account ?? place.sshUser) !== undefined ? [] : [host]
        }),
      ),
    accounts: (sshHost) =>
      [...seen.values()].flatMap(({ url, place }) => {
        if (url.problem !== undefined) return []
        // A name of somebody else's host stands for nothing here.
        const host = url.host
        if (host !== undefined && !parseHost(host) && !parseHost((!place.ownConfig && sshHost(host)?.hostname) || '')) return []
        const name = accountOf(url, place, sshHost)
        return name === undefined ? [] : [{ name, form: url.form }]
      }),
  }
}
