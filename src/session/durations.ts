import path from 'node:path'
import { readIfThere, writeWhole } from '../base/files.ts'
import { fileNameOf, type Paths } from '../base/paths.ts'
import type { World } from '../base/world.ts'
import type { Assumed, TooLong } from './sts.ts'

const hour = 3600

/** What STS gives when no duration is asked for (STS API, AssumeRoleWithSAML), and the least maximum that a role can have. */
export const defaultDuration = hour

const rungs = [12 * hour, 8 * hour, 4 * hour, 2 * hour, hour]

/** After a week a refused duration is tried again: a role's maximum may have been raised. The cost is one call more. */
const memory = 7 * 24 * hour * 1000

/** What was learned of a role's maximum: the smallest duration, in seconds, that was refused, and when (ISO 8601). */
interface Learned {
  readonly role: string
  readonly refused: number
  readonly learned: string
}

/**
 * The durations to try in turn, in seconds: the one wanted, then shorter ones down to the hour that every role allows;
 * without those that are known to be too long.
 */
export function durationsToTry(wanted: number, refused: number | undefined): number[] {
  return [wanted, ...rungs.filter((rung) => rung < wanted)].filter(
    (seconds) => seconds <= hour || refused === undefined || seconds < refused,
  )
}

/**
 * The session of the longest duration up to `wanted` that STS gives for `role`: STS does not name a role's maximum, so it
 * is found by stepping down, with the same assertion, and remembered for the next login.
 */
export async function longestSession(
  world: World,
  role: string,
  wanted: number,
  assume: (seconds: number) => Promise<Assumed | TooLong>,
): Promise<Assumed> {
  const known = readLearned(world.paths, role)
  const isRecent = known !== undefined && Math.abs(world.now().getTime() - Date.parse(known.learned)) < memory
  const [first = defaultDuration, ...shorter] = durationsToTry(wanted, isRecent ? known.refused : undefined)
  let taken = first
  let answer = await assume(taken)
  for (const seconds of shorter) {
    if (!('tooLong' in answer)) break
    world.trace(`sts: ${taken} s is too long for ${role}`)
    learn(world, role, taken)
    taken = seconds
    answer = await assume(taken)
  }
  if ('tooLong' in answer) throw answer.tooLong
  if (taken < first && known?.refused !== readLearned(world.paths, role)?.refused) {
    world.say(`${role} allows less than ${hoursAndMinutes(wanted)}: the session is of ${hoursAndMinutes(taken)}`)
  }
  return answer
}

function learn(world: World, role: string, refused: number): void {
  const learned: Learned = { role, refused, learned: world.now().toISOString() }
  writeWhole(learnedFile(world.paths, role), `${JSON.stringify(learned, null, 2)}\n`)
}

function learnedFile(paths: Paths, role: string): string {
  return path.join(paths.state, 'roles', `${fileNameOf(role)}.json`)
}

function readLearned(paths: Paths, role: string): Learned | undefined {
  const text = readIfThere(learnedFile(paths, role))
  if (text === undefined) return undefined
  try {
    const value: Partial<Learned> | null = JSON.parse(text)
    const { refused, learned } = value ?? {}
    if (value?.role !== role || typeof refused !== 'number' || typeof learned !== 'string') return undefined
    return Number.isNaN(Date.parse(learned)) ? undefined : { role, refused, learned }
  } catch {
    return undefined // damaged: it is learned anew
  }
}

/** `8h`, `1h30m`: as the configuration has it. */
function hoursAndMinutes(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / hour), Math.round((seconds % hour) / 60)]
  return `${hours > 0 ? `${hours}h` : ''}${minutes > 0 ? `${minutes}m` : ''}`
}
