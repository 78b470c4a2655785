/** What stands in for the company's AWS accounts: who may assume which role, and what the role may do. */

/** The account whose profiles the sandbox's configuration names first. */
export const developmentAccount = '111122223333'
/** Another account: the role Deploy of the chained profile lives there. */
export const productionAccount = '444455556666'

export interface SandboxRole {
  /** `arn:aws:iam::ACCOUNT:role/PATH/NAME` */
  readonly arn: string
  /** Seconds, 3600 to 43200. */
  readonly maxSessionDuration: number
  /** The SAML provider that the role trusts; its assertion then offers the role. */
  readonly provider?: string
  /** The roles that may assume this one by AssumeRole. */
  readonly trustedRoles?: readonly string[]
  /** What its policy allows on the repositories of its account. */
  readonly repositories: 'push' | 'pull' | 'none'
}

const provider = (account: string) => `arn:aws:iam::${account}:saml-provider/Corp`

export const sandboxRoles = {
  dev: {
    arn: `arn:aws:iam::${developmentAccount}:role/Dev`,
    maxSessionDuration: 8 * 3600,
    provider: provider(developmentAccount),
    repositories: 'push',
  },
  // Has a path: sessions of a role name it without (IAM guide, "IAM identifiers").
  readonly: {
    arn: `arn:aws:iam::${developmentAccount}:role/audit/ReadOnly`,
    maxSessionDuration: 3600,
    provider: provider(developmentAccount),
    repositories: 'pull',
  },
  support: {
    arn: `arn:aws:iam::${productionAccount}:role/Support`,
    maxSessionDuration: 3600,
    provider: provider(productionAccount),
    repositories: 'none',
  },
  deploy: {
    arn: `arn:aws:iam::${productionAccount}:role/Deploy`,
    maxSessionDuration: 4 * 3600,
    trustedRoles: [`arn:aws:iam::${developmentAccount}:role/Dev`],
    repositories: 'push',
  },
} as const satisfies Record<string, SandboxRole>

export const accountOf = (arn: string): string => arn.split(':')[4] ?? ''
/** The name without its path. */
export const nameOfRole = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
