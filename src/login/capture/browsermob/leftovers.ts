import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { codeOf, messageOf } from '../../../base/errors.ts'
import { readIfThere, writeWhole } from '../../../base/files.ts'
import type { World } from '../../../base/world.ts'
import { listProcesses, type ProcessInfo } from '../../browser/processes.ts'
import { lives, type Owner, ownerNow } from '../../browser/runs.ts'
import { type Belongings, sweep } from './sweep.ts'

type Place = Pick<World, 'env' | 'paths' | 'platform' | 'trace'>

/** Knows what a login has in a daemon, and removes it should this process die without having done so. */
export interface Custodian {
  readonly belongings: Belongings
  /** To be told before something is made where that is possible, else at once after it. */
  has(more: Partial<Belongings>): void
  /** Nothing is left. Resolves when the process that stood by has gone. */
  dismiss(): Promise<void>
}

/**
 * Starts a custodian: a record for the next run, and a process that waits for the end of its standard input, which ends
 * when this process ends in whatever way, by SIGKILL too. Told `done` before, it only goes.
 */
export function startCustodian({ env, paths, platform, trace }: Place, url: string): Custodian {
  const id = randomBytes(8).toString('hex')
  let belongings: Belongings = { url, id, proxies: [], daemon: undefined }
  const record = path.join(recordsOf(paths.state), `${id}.json`)
  const owner = ownerNow(platform)
  // In a session of its own: what ends awsfed's whole group must not end it. It holds none of our pipes but its input.
  const child = spawn(process.execPath, ['-e', script, '--', platform, record], {
    cwd: path.parse(record).root,
    // No NODE_OPTIONS.
    env: { PATH: env.PATH, SystemRoot: env.SystemRoot },
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    // Without it the login is as good, and the next run removes what a killed one leaves.
    child.once('error', (error) => {
      trace(`browsermob: nobody stands by: ${messageOf(error)}`)
      resolve()
    })
  })
  child.stdin.on('error', () => {}) // it ended first: told by `ended`
  child.unref()
  return {
    get belongings() {
      return belongings
    },
    has(more) {
      belongings = { ...belongings, ...more }
      writeWhole(record, `${JSON.stringify({ ...owner, belongings, recorded: Date.now() } satisfies Left)}\n`)
      child.stdin.write(`${JSON.stringify(belongings)}\n`)
    },
    dismiss() {
      rmSync(record, { force: true })
      child.ref()
      child.stdin.end('done\n')
      return ended
    },
  }
}

/** Waits for the end of its input, and sweeps what its last whole line names, but for `done`. */
const script = `
for (const name of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM']) process.on(name, () => {})
const [platform, record] = process.argv.slice(1)
let text = ''
process.stdin.setEncoding('utf8').on('data', (chunk) => { text += chunk })
process.stdin.on('error', () => {})
process.stdin.on('close', async () => {
  const last = text.split('\\n').at(-2)
  if (last === undefined || last === 'done') return
  await (${sweep})(JSON.parse(last), platform)
  process.getBuiltinModule('node:fs').rmSync(record, { force: true })
})
`

interface Left extends Owner {
  readonly belongings: Belongings
  /** When, in milliseconds of the epoch. */
  readonly recorded: number
}

/**
 * Removes what earlier logins have left whose process is gone, and whose custodian too. Leaves alone what living ones have.
 * Costs one look into a folder when there is nothing.
 */
export async function removeLeftovers(world: Place): Promise<void> {
  const records = recordsOf(world.paths.state)
  const left = filesIn(records).flatMap((name) => {
    const file = path.join(records, name)
    const found = leftOf(readIfThere(file))
    return found ? [{ file, found }] : []
  })
  if (left.length === 0) return
  const processes = await listProcesses(world.platform)
  for (const { file, found } of left) {
    const { belongings } = found
    if (found.machine !== ownerNow(world.platform).machine || lives(found, processes, world.platform)) continue
    world.trace(`browsermob: removing what process ${found.pid} left at ${belongings.url}`)
    await sweep({ ...belongings, daemon: daemonStill(found, processes, world.platform) }, world.platform)
    rmSync(file, { force: true })
  }
}

/** The number of the daemon's process, or 0 where it is another process's by now. On Linux processes tell themselves whose they are. */
function daemonStill({ belongings, recorded }: Left, processes: readonly ProcessInfo[], platform: NodeJS.Platform) {
  const { daemon } = belongings
  if (!daemon || platform === 'linux') return daemon
  const started = processes.find(({ pid }) => pid === daemon)?.started
  // It started before the record named it. A number is given again only after thousands of others.
  return started !== undefined && Date.parse(started) <= recorded ? daemon : 0
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

function recordsOf(state: string): string {
  return path.join(state, 'browsermob')
}

/** Undefined for a file that is no record: nothing is removed by such a one. */
function leftOf(text: string | undefined): Left | undefined {
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as Left | null
    const { url, id, proxies, daemon } = value?.belongings ?? ({} as Partial<Belongings>)
    const fits =
      typeof url === 'string' &&
      /^[0-9a-f]{16}$/.test(id ?? '') &&
      Array.isArray(proxies) &&
      proxies.every(Number.isInteger) &&
      (daemon === undefined || Number.isInteger(daemon))
    return fits ? (value ?? undefined) : undefined
  } catch {
    return undefined // being written whole it is never half a record: somebody else's file
  }
}
