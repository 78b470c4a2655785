import { rmSync } from 'node:fs'
import path from 'node:path'
import { AwsfedError } from '../../base/errors.ts'
import { readIfThere, writeWhole } from '../../base/files.ts'
import type { World } from '../../base/world.ts'
import { endIfCancelled } from '../cancelled.ts'
import type { Report, Status } from '../status.ts'
import { type Claim, claim } from './claim.ts'
import { type Asked, answers, errorOf, type Failure, failureOf, type Message } from './messages.ts'
import { isUnsupported, makePlace, type Place, placesOf } from './place.ts'
import { turnOf } from './turn.ts'
import { waitFor } from './waiter.ts'

export type { Asked } from './messages.ts'

/** Work that only one process at a time may do, and whose fruit serves all who ask for it. */
export interface Work<T> {
  /** The lock's name: among all processes of this user, one at a time works under it. */
  readonly lock: string
  /** For those who wait: what is being done. */
  readonly what: string
  readonly asked: Asked
  readonly report: Report
  readonly signal: AbortSignal | undefined
  /** The fruit of another's work, if that will do: looked for after each wait and before the work. */
  already(): T | undefined
  /** Does the work; `announce` tells those who wait how far it is. */
  work(announce: Report): Promise<T>
}

/**
 * The fruit of `work`, done by this process or by another one, which this process then waited for.
 * A failure of the other is thrown here too where it answers what was asked (see `answers`).
 * @throws AwsfedError what `work` throws; `cancelled` when the signal aborts; `failed` when the lock's folder cannot be used.
 */
export async function oneAtATime<T>(world: World, work: Work<T>): Promise<T> {
  for (;;) {
    const { place, outcome } = await claimed(world, work)
    if ('server' in outcome) return own(world, place, outcome, work)
    const waited = await waitFor(outcome.owner, work.signal, (message) => pass(message, work.report))
    endIfCancelled(work.signal)
    if (waited?.kind === 'failed' && answers(waited.failure, work.asked)) throw errorOf(waited.failure)
    const fruit = waited && work.already()
    if (fruit !== undefined) return fruit
    world.trace('lock: the owner has gone, contending anew')
  }
}

async function claimed(world: World, work: Work<unknown>): Promise<{ place: Place; outcome: Claim }> {
  const places = placesOf(world, work.lock)
  for (const [index, place] of places.entries()) {
    makePlace(place)
    try {
      return { place, outcome: await claim(place, work.signal) }
    } catch (error) {
      endIfCancelled(work.signal)
      if (index === places.length - 1 || !isUnsupported(error)) throw unusable(place, error)
      world.trace(`lock: ${place.folder} cannot hold sockets`)
    }
  }
  throw unusable({ folder: world.paths.state, pipe: undefined }, new Error('its path is too long'))
}

async function own<T>(world: World, place: Place, { server }: Extract<Claim, { server: unknown }>, work: Work<T>): Promise<T> {
  world.trace(`lock: ${work.lock} is ours`)
  const turn = turnOf(server, work.what)
  const file = path.join(place.folder, 'failed.json')
  let result: Parameters<typeof turn.end>[0]
  try {
    const earlier = failureOf(readIfThere(file) ?? '')
    if (earlier && answers(earlier, work.asked)) {
      result = { kind: 'failed', failure: earlier }
      throw errorOf(earlier)
    }
    const fruit = work.already() ?? (await work.work((status) => turn.announce(redacted(world, status))))
    if (earlier) rmSync(file, { force: true })
    result = { kind: 'done' }
    return fruit
  } catch (error) {
    const failure = result || work.signal?.aborted ? undefined : failureBy(world, error, work.asked)
    if (failure) {
      result = { kind: 'failed', failure }
      keep(world, file, failure)
    }
    throw error
  } finally {
    await turn.end(result)
  }
}

/** Keeps `failure` for those who have asked already but have not come to the lock yet. */
function keep(world: World, file: string, failure: Failure): void {
  try {
    writeWhole(file, JSON.stringify(failure))
  } catch (error) {
    // The failure itself is what its caller must see; without this file a latecomer only tries once more.
    world.trace(`lock: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Statuses that are for a person, wherever he looks; the rest is told where the work is done. */
const forAll = new Set<Status['kind']>(['approval', 'window', 'portal-says'])

function pass(message: Message, report: Report): void {
  if (message.kind === 'hello') report({ kind: 'waiting-for-other', pid: message.pid, what: message.what })
  if (message.kind === 'status' && forAll.has(message.status.kind)) report(message.status)
}

function failureBy(world: World, error: unknown, asked: Asked): Failure | undefined {
  if (!(error instanceof AwsfedError)) return undefined
  const hint = error.hint === undefined ? undefined : world.redactor.redact(error.hint)
  const { subject, means } = asked
  return { errorKind: error.kind, message: world.redactor.redact(error.message), hint, subject, means, at: Date.now() }
}

function redacted(world: World, status: Status): Status {
  return status.kind === 'portal-says' ? { ...status, text: world.redactor.redact(status.text) } : status
}

function unusable(place: Place, cause: unknown): AwsfedError {
  if (cause instanceof AwsfedError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new AwsfedError('failed', `cannot take the lock in ${place.folder}: ${why}`, {
    hint: 'check who owns that folder; AWSFED_HOME names another place',
    cause,
  })
}
