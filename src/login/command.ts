import { type ChildProcess, spawn } from 'node:child_process'
import { AwsfedError } from '../base/errors.ts'
import { shortened } from '../base/text.ts'
import type { World } from '../base/world.ts'
import { cancelled } from './cancelled.ts'

/** A command that the user wrote into the configuration. */
export interface ConfiguredCommand {
  /** Where it stands there: `portal.corp.password_command`. Errors name it, never what it printed. */
  readonly key: string
  readonly command: string
}

const longestOutput = 64 * 1024

/**
 * The first line that `command` writes to stdout, without its line end. The shell runs it (`sh -c`, `cmd.exe`), in the
 * user's home (git runs us inside repositories, and cmd.exe looks for programs in the folder it stands in), without
 * stdin, which is git's. In a process group of its own, so that nothing of it is left when it is ended.
 * @param limit milliseconds after which it is ended
 * @throws AwsfedError `failed` when it fails, prints nothing or takes too long; `cancelled` when `signal` aborts
 */
export function firstLineOf(
  world: World,
  { key, command }: ConfiguredCommand,
  signal: AbortSignal | undefined,
  limit = 60_000,
): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelled())
    const child = spawn(command, {
      shell: true,
      cwd: world.home,
      env: { ...world.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: world.platform !== 'win32',
      windowsHide: true,
    })
    const stdout: Buffer[] = []
    let complaint = ''
    let settled = false
    let size = 0
    let grace: NodeJS.Timeout | undefined

    const settle = (outcome: () => void) => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      clearTimeout(grace)
      signal?.removeEventListener('abort', cancel)
      // What it has left running keeps neither this process nor its pipes.
      child.stdout.destroy()
      child.stderr.destroy()
      outcome()
    }
    const fail = (what: string, cause?: unknown) => {
      if (settled) return
      world.trace(`${key} ${what}: ${shortened(complaint.trim(), 500)}`)
      const hint = 'run that command by itself to see why; AWSFED_DEBUG=1 shows what it wrote to stderr'
      settle(() => reject(new AwsfedError('failed', `${key} ${what}`, { hint, cause })))
    }
    const cancel = () => {
      end(child, world.platform)
      settle(() => reject(cancelled()))
    }
    const timer = setTimeout(() => {
      end(child, world.platform)
      fail(`did not end within ${Math.round(limit / 1000)} seconds`)
    }, limit)
    const take = () => {
      const [line = ''] = Buffer.concat(stdout).toString('utf8').split('\n')
      const answer = line.replace(/\r$/, '')
      if (answer === '') fail('printed nothing')
      else settle(() => resolve(answer))
    }

    signal?.addEventListener('abort', cancel, { once: true })
    child.stdout.on('data', (chunk: Buffer) => {
      if (size < longestOutput) stdout.push(chunk)
      size += chunk.length
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(-2000)
    })
    child.on('error', (error) => fail('cannot be run', error))
    const conclude = (code: number | null, killer: NodeJS.Signals | null) => {
      if (code === 0) take()
      else fail(killer ? `was ended by ${killer}` : `failed (exit code ${code})`)
    }
    child.on('exit', (code, killer) => {
      // An agent that it started may hold the pipes open for ever: what it printed itself is here within moments.
      grace = setTimeout(conclude, 1000, code, killer)
    })
    child.on('close', conclude)
  })
}

/** Ends `child` and all that it started: its process group, on Windows its tree. */
function end(child: ChildProcess, platform: NodeJS.Platform): void {
  if (child.pid === undefined) return
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () =>
      child.kill(),
    )
    return
  }
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL') // the group has gone with its last process
  }
}
