import { parseHost } from '../../codecommit/host.ts'
import { repositoryOfPath } from '../../codecommit/repository.ts'
import type { CodeCommitUrl, Use } from './codeCommitUrl.ts'
import { hostOfRegion } from './region.ts'

/**
 * What `text` names when `use` reads it; undefined when that is not CodeCommit and no alias could make it so. Whether an
 * alias does, ssh_config knows: that is asked elsewhere.
 */
export function parseUrl(text: string, use: Use): CodeCommitUrl | undefined {
  const { body, suffix } = parts(text, use)
  const [, scheme, after = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(body) ?? []
  if (/^codecommit::/.test(body) || scheme === 'codecommit') return parseGrc(body, suffix, use)
  if (scheme === undefined) return parseScp(body, suffix, use) ?? misplaced(body, suffix)
  if (scheme === 'https') return parseHttps(after, suffix, use)
  if (['ssh', 'git+ssh', 'ssh+git'].includes(scheme)) return parseSsh(after, suffix, use, text)
  if (/^(https?|file|codecommit)$/i.test(scheme)) return undefined
  return namesCodeCommit(after) ? malformed(suffix, `git knows no URL that begins with ${scheme}://`) : undefined
}

/** `text` without what only its reader understands, and that. */
function parts(text: string, use: Use): { body: string; suffix: string } {
  if (use === 'dependency') {
    const body = text.replace(/^git\+(?=[a-z]+:)/, '')
    const end = body.indexOf('#')
    return end < 0 ? { body, suffix: '' } : { body: body.slice(0, end), suffix: body.slice(end) }
  }
  return { body: text, suffix: '' }
}

function parseHttps(after: string, suffix: string, use: Use): CodeCommitUrl | undefined {
  const { authority, path } = authorityAndPath(after)
  const at = authority.lastIndexOf('@')
  const host = parseHost(authority.slice(at + 1))
  if (!host) return undefined
  const [user = ''] = authority.slice(0, Math.max(at, 0)).split(':') // a password is none of awsfed's
  return {
    form: 'https',
    host: host.name,
    region: undefined,
    account: decoded(user) || undefined,
    ...repository(decoded(path), suffix, use),
  }
}

/** `[PROFILE@]NAME` after `codecommit://` or `codecommit::REGION://`, as git-remote-codecommit reads it by Python's urlparse. */
function parseGrc(body: string, suffix: string, use: Use): CodeCommitUrl {
  const [, region, after] = /^codecommit(?:::([^:/]*))?:\/\/(.*)$/s.exec(body) ?? []
  if (after === undefined) return malformed(suffix, 'it is neither codecommit::REGION://NAME nor codecommit://NAME', 'grc')
  const { authority, path } = authorityAndPath(after)
  const at = authority.indexOf('@')
  const lower = region?.toLowerCase() // as urlparse has a scheme
  const known = lower === undefined || hostOfRegion(lower) !== undefined
  const rest = repository(`/v1/repos/${authority.slice(at + 1)}${path}`, suffix, use)
  return {
    form: 'grc',
    host: undefined,
    region: lower,
    ...rest,
    ...userOf(authority.slice(0, Math.max(at, 0)), known ? rest.problem : `"${region}" is no region of AWS`),
  }
}

function parseSsh(after: string, suffix: string, use: Use, text: string): CodeCommitUrl | undefined {
  const url = decoded(after) // whole and first, as git does (url_decode in url.c)
  const { authority, path } = authorityAndPath(url)
  const at = authority.lastIndexOf('@')
  const account = authority.slice(0, Math.max(at, 0))
  const colon = authority.indexOf(':', at + 1)
  if (colon < 0) return sshUrl(account, authority.slice(at + 1), path, suffix, use)
  const port = authority.slice(colon + 1)
  // npm reads git+ssh://HOST:PATH like HOST:PATH (npm-package-arg, matchGitScp).
  if (use === 'dependency' && !/^\d/.test(port)) return parseScp(url, suffix, use) ?? misplaced(text, suffix)
  const parsed = sshUrl(account, authority.slice(at + 1, colon), path, suffix, use)
  if (!parsed || Number(port) === 22 || parsed.problem !== undefined) return parsed
  return { ...parsed, problem: `it names the port "${port}", and CodeCommit's SSH has 22 only` }
}

/** `[USER@]HOST:PATH`, also with the brackets that may hold a port: there is no slash before the colon (git-fetch(1), GIT URLS). */
function parseScp(body: string, suffix: string, use: Use): CodeCommitUrl | undefined {
  const [, outer, inner, bracketed, port, user, plain, path = ''] =
    /^(?:(?:([^/[\]]*)@)?\[(?:([^/[\]]*)@)?([^/:[\]@]+)(?::(\d+))?\]|(?:([^/:[\]]*)@)?([^/:[\]@]+)):(.*)$/s.exec(body) ?? []
  const host = bracketed ?? plain
  if (host === undefined) return undefined
  const parsed = sshUrl(outer ?? inner ?? user ?? '', host, path === '' || path.startsWith('/') ? path : `/${path}`, suffix, use)
  if (!parsed || parsed.problem !== undefined) return parsed
  if (port !== undefined && Number(port) !== 22)
    return { ...parsed, problem: `it names the port ${port}, and CodeCommit's SSH has 22 only` }
  if (path === '') return { ...parsed, problem: 'the rule ends at the colon: whether a slash follows is not known' }
  return parsed
}

function sshUrl(account: string, host: string, path: string, suffix: string, use: Use): CodeCommitUrl | undefined {
  const ours = parseHost(host)?.name
  const rest = repository(path, suffix, use)
  const common = { form: 'ssh', region: undefined, ...rest, ...userOf(account, rest.problem) } as const
  if (ours !== undefined && !host.includes(':')) return { ...common, host: ours }
  if (host.endsWith('.') && parseHost(host.slice(0, -1))) return malformed(suffix, 'its host ends in a dot')
  // Nothing that ssh would take for an option, and nothing that only a shell could mean.
  const alias = /^[A-Za-z0-9_][A-Za-z0-9_.+=~^-]*$/.test(host) && /^\/v1\/repos\//.test(path)
  if (alias) return { ...common, host }
  return namesCodeCommit(`${host}${path}`) ? malformed(suffix, 'it is no URL of CodeCommit') : undefined
}

/** `git-codecommit…/v1/repos/NAME` without a scheme, which git takes for a folder. */
function misplaced(body: string, suffix: string): CodeCommitUrl | undefined {
  return /^[^/:]*git-codecommit(-fips)?\.[^/]*\.amazonaws\.com(\.cn)?\/v1\/repos\//i.test(body)
    ? malformed(suffix, 'it has no scheme: git takes it for a folder')
    : undefined
}

function repository(path: string, suffix: string, use: Use): Pick<CodeCommitUrl, 'path' | 'suffix' | 'problem'> {
  if (use === 'prefix') {
    const fits = '/v1/repos/'.startsWith(path) || /^\/v1\/repos\/[A-Za-z0-9._-]*\/?$/.test(path)
    return { path, suffix, problem: fits ? undefined : 'it is not the beginning of a URL of CodeCommit' }
  }
  const name = path.startsWith('//') ? undefined : repositoryOfPath(path)
  if (name !== undefined) return { path: `/v1/repos/${name}`, suffix, problem: undefined }
  const why = path.replace(/\/$/, '').endsWith('.git')
    ? 'a name in CodeCommit does not end in ".git"'
    : 'its path is not /v1/repos/NAME'
  return { path, suffix, problem: why }
}

/** Who signs in by what stands before the `@`, where only a name can: a password there is nobody's, and not to be shown. */
function userOf(text: string, problem: string | undefined): Pick<CodeCommitUrl, 'account' | 'problem'> {
  if (text.includes(':')) return { account: undefined, problem: 'there is a password in it, which nothing would take' }
  // Git keeps from ssh what it would take for an option (looks_like_command_line_option in connect.c).
  if (/^-|[\s\p{Cc}]/u.test(text)) return { account: undefined, problem: 'what stands before its "@" is nobody\'s name' }
  return { account: text || undefined, problem }
}

function malformed(suffix: string, problem: string, form: 'ssh' | 'grc' = 'ssh'): CodeCommitUrl {
  return { form, host: undefined, region: undefined, account: undefined, path: '', suffix, problem }
}

function namesCodeCommit(text: string): boolean {
  return /git-codecommit(-fips)?\.[a-z0-9-]/i.test(text)
}

function authorityAndPath(after: string): { authority: string; path: string } {
  const slash = after.indexOf('/')
  return slash < 0 ? { authority: after, path: '' } : { authority: after.slice(0, slash), path: after.slice(slash) }
}

/** A `%` that begins no byte stays, as git has it; what is no UTF-8 is no name of ours either. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => {
    try {
      return decodeURIComponent(bytes)
    } catch {
      return bytes
    }
  })
}
