import { posixWord } from '../../base/shellLines.ts'
import type { Refused } from '../plan.ts'
import { type Form, isKeyId } from './codeCommitUrl.ts'

/** A name that a URL signs in by, which the form of the URL gives its kind (as in `CodeCommitUrl.account`). */
export interface Account {
  readonly name: string
  readonly form: Form
}

/** Who takes the place of an account in the URL that is written, if anybody; or why nobody can. */
export type Successor = { readonly name: string | undefined } | Pick<Refused, 'reason' | 'hint'>

/**
 * The successor of each account of a run in URLs of the form `to`. The profile of awsfed that it stands for is in the
 * middle: for HTTPS that is it; for SSH the one key id that stands for the profile, for git-remote-codecommit the one
 * profile of the AWS CLI, else that of the same name. Where nothing is known of one account in the whole run it is dropped;
 * of several, no one may choose among them.
 * @param mapped `--account NAME=PROFILE` over `[account]` of config.toml
 * @param found every account that the URLs of this run use
 */
export function successorsOf(
  to: Form,
  mapped: ReadonlyMap<string, string>,
  found: Iterable<Account>,
): (account: Account) => Successor {
  const profileOf = ({ name, form }: Account) => (form === 'https' ? name : mapped.get(name))
  const candidatesOf = (profile: string): readonly string[] => {
    if (to === 'https') return [profile]
    const names = [...mapped].filter(([, one]) => one === profile).map(([name]) => name)
    if (to === 'ssh') return names.filter(isKeyId) // CodeCommit's SSH knows no other users
    const own = names.filter((name) => !isKeyId(name))
    return own.length > 0 ? own : [profile]
  }
  /** Of those that nothing leads on from: the profile that each stands for, or its own name, and what tells awsfed more. */
  const unknown = new Map<string, readonly string[]>()
  for (const account of found) {
    const profile = profileOf(account)
    if (profile !== undefined && candidatesOf(profile).length > 0) continue
    const own = profile === undefined ? [`--account ${posixWord(`${account.name}=PROFILE`)}`] : []
    unknown.set(profile ?? account.name, to === 'ssh' ? [...own, `--account ${posixWord(`KEYID=${profile ?? 'PROFILE'}`)}`] : own)
  }
  return (account) => {
    const profile = profileOf(account)
    const [name, ...others] = profile === undefined ? [] : candidatesOf(profile)
    if (others.length > 0) {
      return {
        reason: `several accounts stand for the profile ${profile}: ${[name, ...others].join(', ')}`,
        hint: 'leave one of them in [account] of config.toml',
      }
    }
    const itself = profile ?? account.name
    if (name !== undefined || [...unknown.keys()].every((one) => one === itself)) return { name }
    const all = [...unknown].sort(([one], [other]) => (one < other ? -1 : 1))
    const wanted = to === 'ssh' ? 'SSH key id' : 'profile'
    return {
      reason: `several accounts, and no ${wanted} is given for ${itself}: ${all.map(([one]) => one).join(', ')}`,
      hint: `give ${all.flatMap(([, options]) => options).join(' ')}, or the same in [account] of config.toml`,
    }
  }
}
