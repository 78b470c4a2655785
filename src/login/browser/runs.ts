import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, messageOf } from '../../base/errors.ts'
import { readIfThere, writeWhole } from '../../base/files.ts'
import type { Environment } from '../../base/paths.ts'
import type { World } from '../../base/world.ts'
import { killNow, listProcesses, type ProcessInfo, processesMarked, sameStart, startOfSelf } from './processes.ts'
import { socketFolders } from './socketFolder.ts'

/**
 * One run of a browser: its folder, which is in the command line of all its processes (so that they are known by it), and
 * its record beside the other runs', which says whose it is.
 */
export interface Run {
  readonly folder: string
  readonly record: string
}

/** The process that has something, as its record names it. */
export interface Owner {
  readonly pid: number
  readonly started: string
  /** Which machine or container: pids of another one mean nothing here. */
  readonly machine: string
}

interface RunOwner extends Owner {
  readonly folder: string
}

type Place = Pick<World, 'env' | 'paths' | 'platform' | 'trace'>

/** Makes the folder of a new run, 0700, in `profiles` where a confined browser needs it there, else with awsfed's state. */
export function createRun({ paths, platform }: Place, profiles: string | undefined): Run {
  const id = randomBytes(8).toString('hex')
  const records = recordsOf(paths.state)
  const run = {
    folder: path.join(profiles ? path.join(profiles, 'awsfed') : records, id),
    record: path.join(records, `${id}.json`),
  }
  const owner: RunOwner = { ...ownerNow(platform), folder: run.folder }
  // The record stands before the folder and goes after it: there is never a folder of which nobody knows whose it is.
  writeWhole(run.record, `${JSON.stringify(owner)}\n`)
  mkdirSync(run.folder, { recursive: true, mode: 0o700 })
  return run
}

/** Ends what is left of `run` and removes its folder. May be called again, and by two processes at once. */
export async function endRun({ env, platform, trace }: Place, run: Run): Promise<void> {
  await killMarked(platform, run.folder, trace)
  removeRun(env, run)
}

/** Removes the files of a run whose processes have ended. */
export function removeRun(env: Environment, run: Run): void {
  removeSingleton(env, run.folder)
  rmSync(run.folder, { recursive: true, force: true, maxRetries: 5 })
  rmSync(run.record, { force: true })
}

/**
 * Ends the browsers and removes the folders of earlier runs whose awsfed process is gone, as after a SIGKILL. Leaves alone
 * the runs of processes that live, and processes that are not this user's. Costs one look into a folder when there are none.
 */
export async function reapBrowsers(world: Place): Promise<void> {
  const records = recordsOf(world.paths.state)
  let names: string[]
  try {
    names = readdirSync(records)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  const runs = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(records, name))
    .flatMap((record) => {
      const owner = ownerOf(readIfThere(record), path.basename(record, '.json'))
      return owner ? [{ record, owner }] : []
    })
  if (runs.length === 0) return
  const processes = await listProcesses(world.platform)
  const machine = machineId(world.platform)
  for (const { record, owner } of runs) {
    if (owner.machine !== machine || lives(owner, processes, world.platform)) continue
    world.trace(`browser: ending what process ${owner.pid} left behind`)
    try {
      await endRun(world, { folder: owner.folder, record })
    } catch (error) {
      // What another run left must not keep this login from its browser; the next run tries again.
      world.trace(`browser: ${record} stays: ${messageOf(error)}`)
    }
  }
}

/** This very process. */
export function ownerNow(platform: NodeJS.Platform): Owner {
  return { pid: process.pid, started: startOfSelf(platform), machine: machineId(platform) }
}

function recordsOf(state: string): string {
  return path.join(state, 'browsers')
}

/** Whether `owner`, of this machine, is among `processes`. */
export function lives(owner: Owner, processes: readonly ProcessInfo[], platform: NodeJS.Platform): boolean {
  return processes.some(({ pid, started }) => pid === owner.pid && sameStart(started, owner.started, platform))
}

/** Undefined for a file that is no record, or names a folder that is not its own: nothing is removed by such a one. */
function ownerOf(text: string | undefined, id: string): RunOwner | undefined {
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as Partial<Record<keyof RunOwner, unknown>> | null
    const { pid, started, machine, folder } = value ?? {}
    if (typeof pid !== 'number' || typeof started !== 'string') return undefined
    if (typeof machine !== 'string' || typeof folder !== 'string') return undefined
    return path.isAbsolute(folder) && path.basename(folder) === id ? { pid, started, machine, folder } : undefined
  } catch {
    return undefined // being written whole it is never half a record: somebody else's file
  }
}

/** The host, and on Linux the process namespace: a home may be shared by containers whose pids are not comparable. */
function machineId(platform: NodeJS.Platform): string {
  return platform === 'linux' ? `${os.hostname()} ${readlinkSync('/proc/self/ns/pid')}` : os.hostname()
}

/** How its processes are known: every one has a switch whose value is the folder or a file in it. */
function markOf(folder: string): string {
  return `=${folder}`
}

async function killMarked(platform: NodeJS.Platform, folder: string, trace: World['trace']): Promise<void> {
  // The system has no event for the end of a process that is not our child, so it is asked again; a killed one takes
  // milliseconds. One that cannot be killed (it hangs in the kernel) is left to the next run.
  for (let round = 0; round < 100; round++) {
    const left = processesMarked(await listProcesses(platform), markOf(folder))
    if (left.length === 0) return
    if (round === 0) trace(`browser: killing ${left.length} processes`)
    for (const { pid } of left) killNow(pid)
    await delay(20)
  }
  trace(`browser: processes of ${folder} do not end`)
}

/** Chromium's lock is a link in the profile to a socket in a folder of its own below TMPDIR, which a killed one leaves. */
function removeSingleton(env: Environment, folder: string): void {
  try {
    const socket = readlinkSync(path.join(folder, 'SingletonSocket'))
    const parent = path.dirname(socket)
    if (socketFolders(env).includes(path.dirname(parent)) && path.basename(socket) === 'SingletonSocket') {
      rmSync(parent, { recursive: true, force: true })
    }
  } catch (error) {
    // ENOENT: it ended in order, or never began. EINVAL: no link. Windows has none of it.
    if (!['ENOENT', 'EINVAL', 'UNKNOWN', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
  }
}
