import type { Profile } from '../base/config.ts'
import { printable } from '../base/text.ts'
import type { Role } from '../session/roles.ts'
import type { Answering } from './answering.ts'

/**
 * Asks which of `roles` the profile is to have.
 * @throws AwsfedError `login-needed` where nobody can be asked; its hint lists the roles and says what to write
 */
export async function chooseRole(profile: Profile, roles: readonly Role[], answers: Answering): Promise<Role> {
  const sorted = [...roles].sort((a, b) => (a.account + a.name < b.account + b.name ? -1 : 1))
  const providers = new Set(sorted.map(({ provider }) => provider))
  // One role by two providers shows twice: say which is which then.
  const twice = (role: Role) => providers.size > 1 && sorted.filter((other) => other.role === role.role).length > 1
  const options = sorted.map((role) => `${role.account}  ${role.name}${twice(role) ? `  by ${role.provider}` : ''}`)
  const list = sorted.map(({ role }) => role).join(', ')
  const answer = await answers.person(
    { kind: 'choice', message: `Role for ${profile.name}`, options },
    `a choice among ${sorted.length} roles`,
    `write role = "${sorted[0]?.role}" into [profile.${profile.name}], or another one of: ${printable(list)}`,
  )
  const chosen = sorted[Number(answer)]
  if (!chosen) throw new RangeError(`no role ${answer}`)
  return chosen
}
