/** A role that a portal offers. */
export interface Role {
  /** The ARN of the role. */
  readonly role: string
  /** The ARN of the SAML provider by which it is assumed. */
  readonly provider: string
  /** Twelve digits. */
  readonly account: string
  /** The name of the role with its path: `Dev`, `team/Deploy`. */
  readonly name: string
  readonly partition: string
}

// IAM names (IAM guide, "IAM identifiers"); `role/` takes a path.
const roleArn = /^arn:(?<partition>aws[a-z-]*):iam::(?<account>\d{12}):role\/(?<name>[\w+=,.@/-]{1,576})$/
const providerArn = /^arn:aws[a-z-]*:iam::\d{12}:saml-provider\/[\w.-]{1,128}$/

/** What the ARN of a role says, or undefined when `arn` is none. */
export function roleArnParts(arn: string): Pick<Role, 'partition' | 'account' | 'name'> | undefined {
  const { partition, account, name } = roleArn.exec(arn)?.groups ?? {}
  return partition && account && name ? { partition, account, name } : undefined
}

/** The role of two ARNs, or undefined when they are not those of a role and a SAML provider. */
export function roleOf(role: string, provider: string): Role | undefined {
  const parts = roleArnParts(role)
  return parts && providerArn.test(provider) ? { role, provider, ...parts } : undefined
}

/**
 * The role of one value of the attribute `Role`: `ROLE,PROVIDER` or `PROVIDER,ROLE`, blanks around both. Every comma is
 * tried, since the name of a role may hold commas; undefined when none of them parts a role from a provider.
 */
export function roleOfPair(value: string): Role | undefined {
  for (let comma = value.indexOf(','); comma >= 0; comma = value.indexOf(',', comma + 1)) {
    const [first, second] = [value.slice(0, comma).trim(), value.slice(comma + 1).trim()]
    const role = roleOf(first, second) ?? roleOf(second, first)
    if (role) return role
  }
  return undefined
}
