/**
 * What went wrong, in the words of DESIGN's exit codes:
 * `failed` 1, `usage` 2, `login-needed` 3 (a login is needed but may not be asked for),
 * `refused` 4 (the portal or AWS said no), `cancelled` 130.
 */
export type FailureKind = 'failed' | 'usage' | 'login-needed' | 'refused' | 'cancelled'

const exitCodes: Record<FailureKind, number> = {
  failed: 1,
  usage: 2,
  'login-needed': 3,
  refused: 4,
  cancelled: 130,
}

interface Details {
  /** The next thing to do, if possible a command that can be pasted. */
  hint?: string | undefined
  cause?: unknown
}

/** An expected failure: what happened, and a hint that names the next command. Caught once per program. */
export class AwsfedError extends Error {
  override readonly name = 'AwsfedError'
  readonly kind: FailureKind
  readonly hint: string | undefined

  constructor(kind: FailureKind, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = kind
    this.hint = details.hint
  }

  /** By name: the helper and the login are bundled apart, so each has a copy of this class and meets the other's errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'AwsfedError' && 'kind' in value
  }

  get exitCode(): number {
    return exitCodes[this.kind]
  }
}

/** The message of anything thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The `code` of a system error (`ENOENT`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
