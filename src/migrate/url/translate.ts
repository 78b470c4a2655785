import { parseHost } from '../../codecommit/host.ts'
import type { Remote } from '../plan.ts'
import type { Accounts } from './accounts.ts'
import type { CodeCommitUrl, Form, Use } from './codeCommitUrl.ts'
import { parseUrl } from './parse.ts'
import { hostOfRegion } from './region.ts'
import { type Destination, gitUrl, unwritable, wrapped } from './write.ts'

/** What becomes of one URL: nothing (it is not CodeCommit's, or already right), another URL, or a refusal with its hint. */
export type Verdict =
  | { readonly verdict: 'none' }
  | { readonly verdict: 'move'; readonly to: string; readonly reason: string; readonly remote: Remote | undefined }
  | { readonly verdict: 'refuse'; readonly reason: string; readonly hint: string }

/** What a URL's surroundings say of it. */
export interface Place {
  /** The user of `ssh -l USER` in the core.sshCommand that holds here; ssh prefers it to the user of the URL. */
  readonly sshUser?: string | undefined
}

/** The one question that every planner asks, of each URL that it finds. */
export type Translate = (url: string, use: Use, place?: Place) => Verdict

/** What `ssh -G` says of a host. */
export interface SshHost {
  readonly hostname: string
  /** The `User` of ssh_config; undefined where ssh falls back on the local user. */
  readonly user: string | undefined
  readonly port: number
}

/** What is known of the world when a run is planned. */
export interface Knowledge {
  readonly to: Form
  readonly accounts: Accounts
  /** What ssh_config makes of a host; undefined where ssh could not be asked. */
  readonly sshHost: (host: string) => SshHost | undefined
  /** The region for `codecommit://[PROFILE@]NAME`. */
  readonly regionOf: (profile: string | undefined) => string | undefined
}

/** The function that decides over each URL of a run. */
export function translator(knowledge: Knowledge): Translate {
  return (text, use, place = {}) => {
    const url = parseUrl(text, use)
    if (!url || url.form === knowledge.to) return none
    const resolved = resolve(url, place, knowledge)
    if ('verdict' in resolved) return resolved
    const account = accountFor(resolved.account, url.form, knowledge)
    if ('verdict' in account) return account
    const destination = { host: resolved.host, account: account.name, path: url.path }
    const why = unwritable(knowledge.to, destination, use)
    if (why !== undefined) return refuse(why, 'leave it, or choose another --to')
    const to = gitUrl(knowledge.to, destination)
    const remote = use === 'prefix' ? undefined : { from: resolved.gitUrl, to }
    return { verdict: 'move', to: wrapped(to, url.suffix, use), reason: reasons[url.form], remote }
  }
}

/** The name that signs in by `url` as far as that is known: by the place, the URL, or ssh_config. */
export function accountOf(url: CodeCommitUrl, place: Place, sshHost: Knowledge['sshHost']): string | undefined {
  if (url.form !== 'ssh') return url.account
  // In this order by ssh itself: its -l comes before the user of its destination, and both before ssh_config.
  return place.sshUser ?? url.account ?? (url.host === undefined ? undefined : sshHost(url.host)?.user)
}

const none: Verdict = { verdict: 'none' }

const reasons: Readonly<Record<Form, string>> = {
  ssh: 'an SSH key signs in',
  grc: 'git-remote-codecommit signs in',
  https: 'the credential helper signs in',
}

function refuse(reason: string, hint: string): Verdict & { verdict: 'refuse' } {
  return { verdict: 'refuse', reason, hint }
}

/** Host and account of `url`, and how git is asked for it today. */
function resolve(
  url: CodeCommitUrl,
  place: Place,
  knowledge: Knowledge,
): (Pick<Destination, 'host' | 'account'> & { gitUrl: string }) | Verdict {
  const account = accountOf(url, place, knowledge.sshHost)
  const host = hostOf(url, knowledge)
  if ('verdict' in host) return host
  if (url.problem !== undefined) return refuse(`malformed: ${url.problem}`, 'correct it by hand')
  if (url.form === 'grc') return { host, account, gitUrl: gitUrl('grc', { host, account, path: url.path }) }
  // As it was written: an alias stays one, and no user is added that ssh_config has anyway.
  const user = url.account === undefined ? '' : `${encodeURIComponent(url.account)}@`
  return { host, account, gitUrl: `${url.form}://${user}${url.host ?? host.name}${url.path}` }
}

function hostOf(url: CodeCommitUrl, { sshHost, regionOf }: Knowledge): Destination['host'] | Verdict {
  const malformed = refuse(`malformed: ${url.problem}`, 'correct it by hand')
  if (url.form === 'grc') {
    if (url.problem !== undefined) return malformed
    const region = url.region ?? regionOf(url.account)
    const host = region === undefined ? undefined : hostOfRegion(region)
    return host ?? refuse('it names no region, and nothing else does', 'give --region REGION')
  }
  if (url.host === undefined) return malformed
  const ours = parseHost(url.host)
  if (ours) return ours
  const asked = sshHost(url.host)
  if (!asked)
    return refuse(`what ssh_config makes of "${url.host}" is not known`, 'install ssh, or correct ~/.ssh/config, and try again')
  const host = parseHost(asked.hostname)
  if (!host) return none
  if (asked.port === 22) return host
  return refuse(
    `ssh_config has "${url.host}" on the port ${asked.port}, and CodeCommit's SSH has 22 only`,
    'correct ~/.ssh/config',
  )
}

/** Who takes the account's place in the form that is written. */
function accountFor(
  account: string | undefined,
  from: Form,
  { to, accounts }: Knowledge,
): { name: string | undefined } | Verdict {
  if (account === undefined) return { name: undefined }
  const profile = from === 'https' ? { name: account } : accounts.profileOf(account)
  if ('unknown' in profile) {
    const all = profile.unknown
    return refuse(
      `several accounts, and no profile is given for ${account}: ${all.join(', ')}`,
      `give ${all.map((name) => `--account ${name}=PROFILE`).join(' ')}, or the same in [account] of config.toml`,
    )
  }
  if (to === 'https' || profile.name === undefined) return profile
  const [name, ...others] = accounts.namesOf(profile.name, to)
  if (others.length === 0) return { name: name ?? (to === 'grc' ? profile.name : undefined) }
  return refuse(
    `several accounts stand for the profile ${profile.name}: ${[name, ...others].join(', ')}`,
    'leave one of them in [account] of config.toml',
  )
}
