import { rmSync } from 'node:fs'
import path from 'node:path'
import type { Profile } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import { readIfThere, writeWhole } from '../base/files.ts'
import { fileNameOf, type Paths } from '../base/paths.ts'
import { printable } from '../base/text.ts'
import type { AssertionFacts } from './assertion.ts'
import { type Role, roleOf } from './roles.ts'

/**
 * The role to assume: the configured one, which must be offered; else the only one; else the one that this profile chose
 * before, so that a silent renewal asks nobody; else the one that `chooseRole` returns.
 * @throws AwsfedError `refused` when the portal does not offer it, `failed` when an encrypted assertion hides the roles and
 * the configuration does not name them; whatever `chooseRole` throws.
 */
export async function roleFor(
  paths: Paths,
  profile: Profile,
  facts: AssertionFacts,
  chooseRole: (roles: Role[]) => Promise<Role>,
): Promise<Role> {
  if (facts.encrypted) return roleOfConfiguration(profile)
  if (facts.roles.length === 0) {
    throw new AwsfedError('refused', 'the portal offers no AWS role: its assertion has no attribute Role that AWS can read', {
      hint: 'ask those who run the portal to assign you one',
    })
  }
  if (profile.role !== undefined || profile.provider !== undefined) {
    const fitting = facts.roles.filter(
      ({ role, provider }) => role === (profile.role ?? role) && provider === (profile.provider ?? provider),
    )
    if (fitting.length === 0) throw notOffered(profile, facts.roles)
    // One role by two providers is one choice: either gives the same session.
    return chosen(paths, profile, fitting, chooseRole)
  }
  return chosen(paths, profile, facts.roles, chooseRole)
}

async function chosen(
  paths: Paths,
  profile: Profile,
  roles: readonly Role[],
  chooseRole: (roles: Role[]) => Promise<Role>,
): Promise<Role> {
  const [first] = roles
  if (first && roles.every(({ role }) => role === first.role)) return first
  const before = readIfThere(choiceFile(paths, profile.name))?.trim()
  return roles.find(({ role }) => role === before) ?? chooseRole([...roles])
}

/** Keeps the choice of a profile that names no role, once AWS has given the role. */
export function rememberChoice(paths: Paths, profile: Profile, role: Role): void {
  if (profile.role === undefined) writeWhole(choiceFile(paths, profile.name), `${role.role}\n`)
}

/** Forgets which role `profile` chose, so that the next login asks again. Returns whether there was a choice. */
export function forgetChoice(paths: Paths, profile: string): boolean {
  const there = readIfThere(choiceFile(paths, profile)) !== undefined
  rmSync(choiceFile(paths, profile), { force: true })
  return there
}

function choiceFile(paths: Paths, profile: string): string {
  return path.join(paths.state, 'choices', fileNameOf(profile))
}

function roleOfConfiguration(profile: Profile): Role {
  const role = roleOf(profile.role ?? '', profile.provider ?? '')
  if (role) return role
  const missing = [profile.role ? [] : ['role'], profile.provider ? [] : ['provider']].flat().join(' and ') || 'role and provider'
  throw new AwsfedError(
    'failed',
    `the assertion is encrypted: its roles cannot be seen, and [profile.${profile.name}] lacks ${missing}`,
    {
      hint: `set role = "arn:aws:iam::ACCOUNT:role/NAME" and provider = "arn:aws:iam::ACCOUNT:saml-provider/NAME" in [profile.${profile.name}]`,
    },
  )
}

function notOffered(profile: Profile, roles: readonly Role[]): AwsfedError {
  const wanted = [profile.role, profile.provider].filter(Boolean).join(' by ')
  const shown =
    profile.provider === undefined ? roles.map(({ role }) => role) : roles.map(({ role, provider }) => `${role} by ${provider}`)
  const offered = [...new Set(shown)]
  const list = offered.length <= 10 ? offered.join(', ') : `${offered.slice(0, 10).join(', ')} and ${offered.length - 10} more`
  return new AwsfedError('refused', `the portal does not offer ${wanted}; it offers ${printable(list)}`, {
    hint: `name one of these in [profile.${profile.name}] (all: \`awsfed roles\`), or ask those who run the portal`,
  })
}
