/** Who signs in, and how: by the helper, by an SSH key, or by git-remote-codecommit with a profile of the AWS CLI. */
export type Form = 'https' | 'ssh' | 'grc'

/**
 * Who reads a URL, which decides its syntax and that of what takes its place:
 * - `git`: a whole URL, in git's configuration
 * - `prefix`: the beginning of one, in `url.*.insteadOf`
 * - `dependency`: package managers, `git+https://…#committish`; a bare https:// they would fetch as a tarball
 * - `pnpm-repo`: `resolution.repo` in pnpm's lock, which pnpm hands to git as it is
 */
export type Use = 'git' | 'prefix' | 'dependency' | 'pnpm-repo'

/** A URL that names CodeCommit, or may do so by an alias of ssh_config. */
export interface CodeCommitUrl {
  readonly form: Form
  /**
   * https: a host of CodeCommit in lower case. ssh: that, or what may be an alias, as it was written. grc: undefined.
   */
  readonly host: string | undefined
  /** grc: in lower case, undefined in `codecommit://`. Else undefined. */
  readonly region: string | undefined
  /** Decoded: an SSH key id or ssh user, a profile of the AWS CLI (grc), a profile of awsfed (https). */
  readonly account: string | undefined
  /** Decoded, with the slash before it: `/v1/repos/NAME`, without one at the end. Of a prefix as much as there is. */
  readonly path: string
  /** What follows the path, kept as it is: `#main`, `#semver:^1&path:/a`. */
  readonly suffix: string
  /** What is wrong with it, for a person: such a URL is refused and never guessed at. */
  readonly problem: string | undefined
}

/** Whether `name` has the shape of the id that IAM gives to an SSH public key. */
export function isKeyId(name: string): boolean {
  return /^APKA[A-Z0-9]{1,124}$/.test(name) // IAM API, SSHPublicKey: 20 to 128 letters and digits; documents shorten them
}
