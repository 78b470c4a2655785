import type { CodeCommitHost } from '../../codecommit/host.ts'
import type { Form, Use } from './codeCommitUrl.ts'

/** Where a URL leads, in full. */
export interface Destination {
  readonly host: CodeCommitHost
  /** Of the form that is written: a profile of awsfed, an SSH key id or user, a profile of the AWS CLI. */
  readonly account: string | undefined
  readonly path: string
}

/** The URL for git itself. */
export function gitUrl(form: Form, { host, account, path }: Destination): string {
  if (form === 'grc') {
    return `codecommit::${host.region}://${account === undefined ? '' : `${account}@`}${path.replace('/v1/repos/', '')}`
  }
  return `${form}://${account === undefined ? '' : `${encodeURIComponent(account)}@`}${host.name}${path}`
}

/** A URL for git as `use` reads it, with what only that reader understands. */
export function wrapped(url: string, suffix: string, use: Use): string {
  return `${use === 'dependency' ? 'git+' : ''}${url}${suffix}`
}

/** Why a destination cannot be written in `form`; undefined when it can. */
export function unwritable(form: Form, { host, account, path }: Destination, use: Use): string | undefined {
  if (form !== 'grc') return undefined
  if (use === 'dependency' || use === 'pnpm-repo') return 'package managers know no codecommit:// URLs'
  if (host.fips || host.vpce) return `codecommit:// cannot name ${host.name}`
  if (account !== undefined && /[@/?#\s]/.test(account)) return `codecommit:// cannot name the profile "${account}"`
  if (!path.startsWith('/v1/repos/')) return 'codecommit:// has no path before the repository'
  return undefined
}
