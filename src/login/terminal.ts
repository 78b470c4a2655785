import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'

/** The terminal that this process was started from, whatever became of stdin and stdout: inside git those are git's. */
export interface Terminal {
  readonly input: ReadStream
  readonly output: WriteStream
  /** Gives it back as it was: echo on, cursor shown. */
  close(): void
}

/**
 * Opens the terminal; undefined where there is none (cron, an editor, CI), and where this process is in its background: the
 * kernel would stop it there (SIGTTIN and SIGTTOU of termios(3)), and git with it, until somebody brings it back.
 */
export function openTerminal(platform: NodeJS.Platform): Terminal | undefined {
  const descriptors = descriptorsOf(platform)
  if (!descriptors) return undefined
  const input = new Keyboard(descriptors.input)
  const output = new WriteStream(descriptors.output)
  // Of a terminal without a size (0 by 0: `script`, expect, a serial line) prompts would be wrapped after each letter.
  output.columns ||= 80
  output.rows ||= 24
  const restore = () => {
    if (output.writable) output.write('\u001b[?25h')
    if (!input.destroyed) input.setRawMode(false)
  }
  const forget = restoredAtEveryEnd(restore)
  return {
    input,
    output,
    close() {
      forget()
      restore()
      input.destroy()
      output.end(() => output.destroy())
    },
  }
}

/** Node throws where the mode of a terminal cannot be set (EIO: it was hung up), also out of readline's own listeners. */
class Keyboard extends ReadStream {
  override setRawMode(mode: boolean): this {
    try {
      return super.setRawMode(mode)
    } catch {
      return this // its end is told by its events
    }
  }
}

/** Whether `openTerminal` would find one. */
export function hasTerminal(platform: NodeJS.Platform): boolean {
  const descriptors = descriptorsOf(platform)
  if (!descriptors) return false
  closeSync(descriptors.input)
  closeSync(descriptors.output)
  return true
}

function descriptorsOf(platform: NodeJS.Platform): { input: number; output: number } | undefined {
  const windows = platform === 'win32'
  let input: number | undefined
  try {
    // Windows: the console's own devices; with the prefix, or Node would look for a file of that name.
    input = openSync(windows ? '\\\\.\\CONIN$' : '/dev/tty', windows ? 'r+' : 'r')
    if (windows || isInForeground(platform)) {
      return { input, output: openSync(windows ? '\\\\.\\CONOUT$' : '/dev/tty', windows ? 'r+' : 'w') }
    }
  } catch {
    // ENXIO: no controlling terminal. Any other reason comes to the same: nobody can be asked there.
  }
  if (input !== undefined) closeSync(input)
  return undefined
}

/** Whether the process group of this process is the one that its terminal listens to. */
function isInForeground(platform: NodeJS.Platform): boolean {
  const [own, foreground] = platform === 'linux' ? groupsByProc() : groupsByPs()
  return own !== undefined && own === foreground
}

/** Fields 5 and 8 of /proc/PID/stat (proc(5)); the second, the program's name, may hold blanks and parentheses. */
function groupsByProc(): (string | undefined)[] {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return [group, foreground]
}

function groupsByPs(): (string | undefined)[] {
  const text = execFileSync('ps', ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(process.pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return text.trim().split(/\s+/)
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Has `restore` run when the process exits or is ended by a signal. A signal that nobody else listens to then does what it
 * would have done.
 * @returns what takes that back
 */
function restoredAtEveryEnd(restore: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    restore()
    forget()
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = () => {
    process.off('exit', restore)
    for (const signal of endings) process.off(signal, onSignal)
  }
  process.on('exit', restore)
  for (const signal of endings) process.on(signal, onSignal)
  return forget
}
