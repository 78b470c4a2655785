import { type ChildProcess, spawn } from 'node:child_process'
import { codeOf, messageOf } from '../../base/errors.ts'

export interface Ran {
  /** The exit code; -1 when it did not start or a signal ended it. */
  readonly code: number
  readonly stdout: string
}

interface Running {
  readonly cwd?: string
  /** What stands before each line of output, to tell parallel commands apart. */
  readonly prefix?: string
  /** What is printed of stdout in its place, when that is not what it says. */
  readonly shownStdout?: (stdout: string) => string
  /** Nothing of it is for the reader. */
  readonly quiet?: boolean
}

/** What a person reads: commands as typed, their output as it comes, comments, and checks. */
export class Transcript {
  passed = 0
  failed = 0
  readonly #out: (text: string) => void
  readonly #env: Record<string, string>
  readonly #signal: AbortSignal | undefined

  constructor(out: (text: string) => void, env: Record<string, string>, signal: AbortSignal | undefined) {
    this.#out = out
    this.#env = env
    this.#signal = signal
  }

  line(text = ''): void {
    this.#out(`${text}\n`)
  }

  comment(text: string): void {
    this.line()
    for (const line of text.split('\n')) this.line(`# ${line}`)
  }

  command(text: string): void {
    this.line(`$ ${text}`)
  }

  check(what: string, holds: boolean): void {
    if (holds) this.passed++
    else this.failed++
    this.line(`${holds ? '✓' : '✗'} ${what}`)
  }

  /** Runs a program to its end, its output printed as it comes. Never throws for an exit code, but when the signal ended it. */
  run(program: string, args: readonly string[], running: Running = {}): Promise<Ran> {
    return new Promise((resolve, reject) => {
      this.#signal?.throwIfAborted()
      const child = spawn(program, args, {
        cwd: running.cwd,
        env: this.#env,
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        // A group of its own, so that the signal ends git and what git has started too.
        detached: process.platform !== 'win32',
      })
      const end = () => endGroup(child)
      this.#signal?.addEventListener('abort', end)
      const lines = new Lines((line) => {
        if (!running.quiet) this.line(`${running.prefix ?? ''}${line}`)
      })
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text
        if (!running.shownStdout) lines.add(text)
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => lines.add(text))
      child.on('error', (error) => lines.add(`${program}: ${messageOf(error)}\n`))
      child.on('close', (code) => {
        this.#signal?.removeEventListener('abort', end)
        if (running.shownStdout) lines.add(running.shownStdout(stdout))
        lines.end()
        if (this.#signal?.aborted) reject(this.#signal.reason)
        else resolve({ code: code ?? -1, stdout })
      })
    })
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  if (process.platform === 'win32') {
    child.kill()
    return
  }
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch (error) {
    // ESRCH: it has just ended by itself.
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

/** Hands on whole lines, so that what runs side by side does not mix within one. */
class Lines {
  readonly #print: (line: string) => void
  #rest = ''

  constructor(print: (line: string) => void) {
    this.#print = print
  }

  add(text: string): void {
    const lines = (this.#rest + text).split(/\r?\n/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#print(line)
  }

  end(): void {
    if (this.#rest !== '') this.#print(this.#rest)
    this.#rest = ''
  }
}
