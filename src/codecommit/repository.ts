import { AwsfedError } from '../base/errors.ts'
import { shortened } from '../base/text.ts'
import { type CodeCommitHost, parseHost } from './host.ts'

/** A repository as an https remote names it. */
export interface Repository {
  readonly host: CodeCommitHost
  readonly name: string
  /** The user of `https://USER@…`, decoded: with awsfed the name of a profile. */
  readonly user: string | undefined
}

/**
 * Whether CodeCommit could have a repository of this name: 1 to 100 letters, digits, `.`, `_`, `-`, not ending in `.git`
 * (CreateRepository in the CodeCommit API). `.` and `..` are steps of a path and no names.
 */
export function isRepositoryName(name: string): boolean {
  return /^[A-Za-z0-9._-]{1,100}$/.test(name) && !name.endsWith('.git') && name !== '.' && name !== '..'
}

/** The name in `v1/repos/NAME`, with or without a slash before and after it; undefined for any other path. */
export function repositoryOfPath(path: string): string | undefined {
  const from = path.startsWith('/') ? 1 : 0
  const to = path.length > from && path.endsWith('/') ? -1 : path.length
  const trimmed = path.slice(from, to)
  const folder = 'v1/repos/'
  if (!trimmed.startsWith(folder)) return undefined
  const name = trimmed.slice(folder.length)
  return isRepositoryName(name) ? name : undefined
}

/**
 * The repository that git asks for by `path`, which it sends decoded and only with useHttpPath.
 * @throws AwsfedError `failed` for a path that is missing or no repository's, with the command that mends it.
 */
export function requestedRepository(host: CodeCommitHost, path: string | undefined): string {
  if (path === undefined || path === '') {
    throw new AwsfedError('failed', 'git did not say which repository it wants: credential.useHttpPath is off for CodeCommit', {
      hint: `run \`awsfed setup git\`, or \`git config --global credential.https://${host.name}.useHttpPath true\``,
    })
  }
  const name = repositoryOfPath(path)
  if (name !== undefined) return name
  throw new AwsfedError('failed', `"${shown(path)}" is no repository of CodeCommit`, {
    hint: `the URL is https://${host.name}/v1/repos/NAME, with a NAME of letters, digits, ".", "_", "-" and without ".git"; correct it by \`git remote set-url\``,
  })
}

/** `path` for a message: one word's worth, nothing that could be taken for something else. */
function shown(path: string): string {
  return shortened(path.replace(/[^\x21-\x7e]/g, '?'), 120)
}

/** The repository of an https URL; undefined when that is not one of CodeCommit. A password in it is dropped. */
export function parseRepositoryUrl(url: string): Repository | undefined {
  // Not by URL: it folds `..`, backslashes, tabs and full-width letters into what looks like ours.
  const scheme = /^https:\/\//i.exec(url)?.[0]
  if (scheme === undefined) return undefined
  const slash = url.indexOf('/', scheme.length)
  if (slash < 0) return undefined
  const authority = url.slice(scheme.length, slash)
  const at = authority.lastIndexOf('@')
  const host = parseHost(authority.slice(at + 1))
  const name = repositoryOfPath(url.slice(slash))
  if (!host || name === undefined) return undefined
  const [encoded = ''] = authority.slice(0, Math.max(at, 0)).split(':')
  const user = decoded(encoded)
  return user === undefined ? undefined : { host, name, user: user || undefined }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined // a stray `%`: no URL that git would take
  }
}

/** The https URL of `repository`, as `git clone` takes it. */
export function repositoryUrl(repository: Repository): string {
  const user = repository.user === undefined ? '' : `${encodeURIComponent(repository.user)}@`
  return `https://${user}${repository.host.name}/v1/repos/${repository.name}`
}
