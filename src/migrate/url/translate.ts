import { type CodeCommitHost, parseHost } from '../../codecommit/host.ts'
import type { Remote } from '../plan.ts'
import type { Account, Successor } from './accounts.ts'
import type { CodeCommitUrl, Form, Use } from './codeCommitUrl.ts'
import { parseUrl } from './parse.ts'
import { hostOfRegion } from './region.ts'
import { gitUrl, unwritable, wrapped } from './write.ts'

/** What becomes of one URL: nothing (it is not CodeCommit's, or already right), another URL, or a refusal with its hint. */
export type Verdict = { readonly verdict: 'none' } | Move | Refusal

/** As in `Edit` of plan.ts. */
interface Move {
  readonly verdict: 'move'
  readonly to: string
  readonly reason: string
  readonly account: string | undefined
  readonly remote: Remote | undefined
}

/** As in `Refused` of plan.ts. */
interface Refusal {
  readonly verdict: 'refuse'
  readonly account: string | undefined
  readonly reason: string
  readonly hint: string
}

/** What a URL's surroundings say of it. */
export interface Place {
  /** The user of `ssh -l USER` in the core.sshCommand that holds here; ssh prefers it to the user of the URL. */
  readonly sshUser?: string | undefined
  /** Whether that ssh reads another configuration than the user's (`-F`), so that nothing is known of its aliases. */
  readonly ownConfig?: boolean | undefined
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
  readonly successorOf: (account: Account) => Successor
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
    const account = accountOf(url, place, knowledge.sshHost)
    const refuse = (why: Why): Refusal => ({ verdict: 'refuse', account, ...why })
    const host = hostOf(url, place, knowledge)
    if (host === undefined) return none
    if ('reason' in host) return refuse(host)
    const successor = account === undefined ? { name: undefined } : knowledge.successorOf({ name: account, form: url.form })
    if ('reason' in successor) return refuse(successor)
    const destination = { host, account: successor.name, path: url.path }
    const reason = unwritable(knowledge.to, destination, use)
    if (reason !== undefined) return refuse({ reason, hint: 'leave it, or choose another --to' })
    const to = gitUrl(knowledge.to, destination)
    const remote = use === 'prefix' ? undefined : { from: today(url, host), to }
    return { verdict: 'move', to: wrapped(to, url.suffix, use), reason: reasons[url.form], account, remote }
  }
}

/** The name that signs in by `url` as far as that is known: by the place, the URL, or ssh_config. */
export function accountOf(url: CodeCommitUrl, place: Place, sshHost: Knowledge['sshHost']): string | undefined {
  if (url.form !== 'ssh') return url.account
  // In this order by ssh itself: its -l comes before the user of its destination, and both before ssh_config.
  const named = place.sshUser ?? url.account
  return named ?? (url.host === undefined || place.ownConfig ? undefined : sshHost(url.host)?.user)
}

const none: Verdict = { verdict: 'none' }

const reasons: Readonly<Record<Form, string>> = {
  ssh: 'an SSH key signs in',
  grc: 'git-remote-codecommit signs in',
  https: 'the credential helper signs in',
}

/** Why a URL is refused. */
type Why = Pick<Refusal, 'reason' | 'hint'>

/** How git is asked for `url` now: an alias stays one, and no user is added that ssh_config has anyway. */
function today({ form, host: written, account, path }: CodeCommitUrl, host: CodeCommitHost): string {
  if (form === 'grc') return gitUrl('grc', { host, account, path })
  return `${form}://${account === undefined ? '' : `${encodeURIComponent(account)}@`}${written ?? host.name}${path}`
}

/** The host of CodeCommit that `url` leads to; undefined for an alias of somebody else's. */
function hostOf(url: CodeCommitUrl, place: Place, knowledge: Knowledge): CodeCommitHost | Why | undefined {
  const malformed = url.problem === undefined ? undefined : { reason: `malformed: ${url.problem}`, hint: 'correct it by hand' }
  if (url.form === 'grc') return malformed ?? hostOfGrc(url, knowledge)
  const host = url.host === undefined ? undefined : (parseHost(url.host) ?? hostOfAlias(url.host, place, knowledge))
  // Only an alias whose host is ours has a problem that is any of ours.
  return url.host !== undefined && host === undefined ? undefined : (malformed ?? host)
}

function hostOfGrc({ region, account }: CodeCommitUrl, { regionOf }: Knowledge): CodeCommitHost | Why {
  const known = region ?? regionOf(account)
  if (known === undefined) return { reason: 'it names no region, and nothing else does', hint: 'give --region REGION' }
  return hostOfRegion(known) ?? { reason: `"${known}" is no region of AWS`, hint: 'see AWS_REGION, ~/.aws/config, --region' }
}

function hostOfAlias(alias: string, { ownConfig }: Place, { sshHost }: Knowledge): CodeCommitHost | Why | undefined {
  const hint = 'correct ~/.ssh/config'
  if (ownConfig) {
    // That file is not to be asked: its `Match exec` would run what a repository says.
    const reason = `what ssh makes of "${alias}" is not known: core.sshCommand gives it another configuration (-F)`
    return { reason, hint: 'write the host of CodeCommit in the place of the alias, if it is that' }
  }
  const asked = sshHost(alias)
  if (!asked) return { reason: `what ssh makes of "${alias}" is not known`, hint: `see what \`ssh -G ${alias}\` says` }
  const host = parseHost(asked.hostname)
  if (!host || asked.port === 22) return host
  return { reason: `ssh_config has "${alias}" on the port ${asked.port}, and CodeCommit's SSH has 22 only`, hint }
}
