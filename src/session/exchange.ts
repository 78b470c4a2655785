import type { Profile } from '../base/config.ts'
import { AwsfedError, messageOf } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import { type Role, readAssertion } from './assertion.ts'
import { type Session, writeSession } from './cache.ts'
import type { Captured } from './captured.ts'
import { defaultDuration, longestSession } from './durations.ts'
import { rememberChoice, roleFor } from './roleChoice.ts'
import { roleArnParts } from './roles.ts'
import { writeSharedCredentials } from './sharedCredentials.ts'
import { type Assumed, assumeRole, assumeRoleWithSaml } from './sts.ts'
import { stsRegion } from './stsEndpoint.ts'

/** A chained session lasts at most an hour (IAM guide, "Role chaining"). */
const chainedMaximum = 3600

/**
 * Gives the assertion to STS for the session of `profile`, and keeps that session.
 *
 * Without `duration` in the configuration an hour is asked for, as AWS does: more than that is for the user to want, and
 * renewals are silent. With one, it is stepped down on the same assertion (`longestSession`).
 * @throws AwsfedError `refused` for the portal's or AWS's no, `failed` for the network or an unreadable assertion
 */
export async function exchangeAssertion(
  world: World,
  request: {
    profile: Profile
    captured: Captured
    /** Asks a person; called only when several roles are offered and neither the configuration nor an earlier choice says which. */
    chooseRole: (roles: Role[]) => Promise<Role>
    via: string
    /** As in `StsCall`. */
    proxy?: string | undefined
    signal?: AbortSignal | undefined
  },
): Promise<Session> {
  const { profile, captured, proxy, signal } = request
  // STS reads base64 with line breaks differently from one implementation to the next; without them all agree.
  const samlResponse = captured.samlResponse.replace(/\s+/g, '')
  world.redactor.conceal(captured.samlResponse)
  world.redactor.conceal(samlResponse)
  const facts = readAssertion(samlResponse)
  const ends = facts.notOnOrAfter?.toISOString() ?? 'unknown'
  world.trace(`assertion: ${facts.roles.length} roles, encrypted ${facts.encrypted}, good until ${ends}`)
  const role = await roleFor(world.paths, profile, facts, request.chooseRole)
  const call = { region: stsRegion(role.partition, profile.region, captured.acs), profile: profile.name, proxy, signal }
  const assumed = await longestSession(world, role.role, profile.duration ?? defaultDuration, (seconds) =>
    assumeRoleWithSaml(world, call, { role: role.role, provider: role.provider, samlResponse, seconds }),
  )
  rememberChoice(world.paths, profile, role)
  return keep(world, profile, assumed, { role: role.role, via: request.via })
}

/**
 * Assumes the role of `profile` with the session of its source, and keeps the session. It lasts an hour at most, whatever
 * the configuration's duration, and bears the source's session name.
 * @throws AwsfedError as `exchangeAssertion`
 */
export async function assumeFromSource(
  world: World,
  request: { profile: Profile; source: Session; proxy?: string | undefined; signal?: AbortSignal | undefined },
): Promise<Session> {
  const { profile, source, proxy, signal } = request
  const parts = roleArnParts(profile.role ?? '')
  if (profile.role === undefined || !parts) {
    throw new AwsfedError('failed', `[profile.${profile.name}] has a source, but no role to assume`, {
      hint: `set role = "arn:aws:iam::ACCOUNT:role/NAME" in [profile.${profile.name}]`,
    })
  }
  world.redactor.conceal(source.secretAccessKey)
  world.redactor.conceal(source.sessionToken)
  const answer = await assumeRole(
    world,
    { region: stsRegion(parts.partition, profile.region, undefined), profile: profile.name, proxy, signal },
    source,
    {
      role: profile.role,
      sessionName: sessionNameOf(source.arn),
      seconds: Math.min(profile.duration ?? chainedMaximum, chainedMaximum),
    },
  )
  if ('tooLong' in answer) throw answer.tooLong
  return keep(world, profile, answer, { role: profile.role, via: 'source' })
}

/** `jane` of `arn:aws:sts::123456789012:assumed-role/Dev/jane`: so that the account's trail tells who it was. */
function sessionNameOf(arn: string): string {
  const name = arn.split('/').at(-1) ?? ''
  return /^[\w+=,.@-]{2,64}$/.test(name) ? name : 'awsfed'
}

async function keep(world: World, profile: Profile, assumed: Assumed, how: { role: string; via: string }): Promise<Session> {
  world.redactor.conceal(assumed.secretAccessKey)
  world.redactor.conceal(assumed.sessionToken)
  const issued = world.now()
  const session: Session = {
    ...assumed,
    ...how,
    profile: profile.name,
    issued: issued.toISOString(),
    origin: profile.portal ?? profile.source ?? '',
  }
  if (Date.parse(session.expiration) <= issued.getTime()) {
    world.say(`warning: by the clock of this machine the session has ended already (${session.expiration}): set the clock`)
  }
  writeSession(world.paths, session, world.trace)
  if (profile.writeTo !== undefined) await writeTo(world, session, profile.writeTo)
  return session
}

/** The session is kept whatever comes of this: a login is not lost because another tool's file cannot be written. */
async function writeTo(world: World, session: Session, name: string): Promise<void> {
  try {
    await writeSharedCredentials(world, session, name)
  } catch (error) {
    const hint = error instanceof AwsfedError && error.hint !== undefined ? ` (${error.hint})` : ''
    world.say(`warning: the session was not written to [${name}]: ${messageOf(error)}${hint}`)
  }
}
