import { execFile, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { codeOf } from '../../base/errors.ts'

/** A running process, as far as the system tells. */
export interface ProcessInfo {
  readonly pid: number
  /** Undefined where the system does not tell (Windows). */
  readonly user: number | undefined
  /** When it started, in the platform's own words: together with `pid` it names one process for good. */
  readonly started: string
  /** The command line; arguments are separated by blanks, and not to be told apart for sure. */
  readonly command: string
}

const run = promisify(execFile)

/** All processes that run now, zombies left out: by /proc on Linux, `ps` on macOS and other Unixes, PowerShell on Windows. */
export async function listProcesses(platform: NodeJS.Platform): Promise<ProcessInfo[]> {
  if (platform === 'linux') return processesOfProc()
  const options = { maxBuffer: 64 * 1024 * 1024, windowsHide: true, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } }
  if (platform === 'win32') {
    const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', windowsQuery], options)
    return processesOfWindows(stdout)
  }
  const { stdout } = await run('ps', ['-axwwo', 'pid=,uid=,stat=,lstart=,command='], options)
  return processesOfPs(stdout)
}

/** When this very process started, in the words of `ProcessInfo.started`. */
export function startOfSelf(platform: NodeJS.Platform): string {
  if (platform === 'linux') return statOf(readFileSync('/proc/self/stat', 'utf8')).started
  // Nothing replaces a process by exec on Windows, so that Node's own start is the process's.
  if (platform === 'win32') return new Date(performance.timeOrigin).toISOString()
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(process.pid)], { env, encoding: 'utf8' }).trim()
}

/** Whether `a` and `b` are the start of one process; on Windows they come from two clocks that are read seconds apart. */
export function sameStart(a: string, b: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? Math.abs(Date.parse(a) - Date.parse(b)) < 10_000 : a === b
}

/** Those of `processes` that are this user's and hold `mark` in their command line; never this process itself. */
export function processesMarked(processes: readonly ProcessInfo[], mark: string): ProcessInfo[] {
  const user = process.getuid?.()
  return processes.filter(({ pid, user: owner, command }) => pid !== process.pid && owner === user && command.includes(mark))
}

/** Ends a process at once. Returns false when it was gone already. */
export function killNow(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false
    throw error
  }
}

function processesOfProc(): ProcessInfo[] {
  const processes: ProcessInfo[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = statOf(readFileSync(`/proc/${name}/stat`, 'utf8'))
      if (stat.state === 'Z') continue
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      const user = statSync(`/proc/${name}`).uid
      processes.push({ pid: Number(name), user, started: stat.started, command })
    } catch (error) {
      // It ended while it was read (ESRCH), or belongs to another user and is hidden.
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw error
    }
  }
  return processes
}

/** Fields of /proc/PID/stat (proc(5)): the name in parentheses may hold anything, so they are counted from its end. */
function statOf(text: string): { state: string; started: string } {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  // Of the whole line they are the fields 3, state, and 22, starttime.
  return { state: fields[0] ?? '', started: fields[19] ?? '' }
}

/** Reads `ps -axwwo pid=,uid=,stat=,lstart=,command=`; lstart is five words, `Mon Nov 23 22:19:00 2026`. */
export function processesOfPs(text: string): ProcessInfo[] {
  const line = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\d{4})\s(.*)$/
  return text.split('\n').flatMap((row) => {
    const [, pid, user, state, started = '', command = ''] = line.exec(row) ?? []
    if (pid === undefined || state?.startsWith('Z')) return []
    return [{ pid: Number(pid), user: Number(user), started, command: command.trim() }]
  })
}

const windowsQuery = [
  '[Console]::OutputEncoding = [Text.Encoding]::UTF8;',
  'Get-CimInstance Win32_Process | Where-Object { $_.CommandLine } | ForEach-Object {',
  '[PSCustomObject]@{ pid = $_.ProcessId; command = $_.CommandLine;',
  "started = $_.CreationDate.ToUniversalTime().ToString('o') } } | ConvertTo-Json -Compress",
].join(' ')

/** Reads the JSON of the PowerShell query; one process alone comes without a list around it. */
export function processesOfWindows(json: string): ProcessInfo[] {
  const value: unknown = JSON.parse(json || '[]')
  const rows = Array.isArray(value) ? value : [value]
  return rows.map((row) => ({
    pid: Number(row.pid),
    user: undefined,
    started: String(row.started),
    command: String(row.command),
  }))
}
