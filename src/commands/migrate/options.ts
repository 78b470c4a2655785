import type { Form } from '../../migrate/url/codeCommitUrl.ts'

/** What `awsfed migrate` is asked for. */
export interface MigrateOptions {
  /** Absolute, and there. */
  readonly folders: readonly string[]
  readonly to: Form
  readonly accounts: ReadonlyMap<string, string>
  readonly region: string | undefined
  readonly dryRun: boolean
  readonly diff: boolean
  readonly yes: boolean
  readonly bridge: boolean
  readonly verify: boolean
  readonly json: boolean
}
