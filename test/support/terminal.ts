import { closeSync, constants, openSync, writeSync } from 'node:fs'
import type { ReadStream } from 'node:tty'
import { spawn } from '@lydell/node-pty'
import { onTestFinished } from 'vitest'

/** A program that runs on a terminal of its own (a pty). */
export interface OnTerminal {
  readonly pid: number
  /** All that the terminal was sent so far, escape sequences included. */
  output(): string
  /** Waits until the output from `from` on matches, and returns where the match ends. Rejects when the program ends first. */
  shows(expected: string | RegExp, from?: number): Promise<number>
  type(text: string): void
  /** Hangs the terminal up, as closing its window does. */
  hangUp(): void
  /** The exit code, or `SIGnn`. */
  readonly ended: Promise<number | string>
}

const endMark = '\x1b]end\x07'

/** Starts `command` on a terminal of 120 columns; it is ended with the test. */
export function onTerminal(
  command: string,
  args: readonly string[],
  options: { env: Record<string, string>; cwd?: string },
): OnTerminal {
  let output = ''
  let over = false
  const looking = new Set<() => void>()
  const pty = spawn(command, [...args], {
    name: 'xterm-256color',
    cols: 120,
    rows: 40,
    cwd: options.cwd ?? options.env.HOME ?? '/',
    env: { ...options.env, TERM: 'xterm-256color' },
  })
  // On a busy machine what a program says last is lost: libuv takes the hang-up of a terminal for its end though more is to be read.
  // So the other end is held open here as well, until a mark has come through that is written after the program has ended, which
  // is when the library would close.
  const { _socket: socket, ptsName } = pty as unknown as { _socket: ReadStream; ptsName: string }
  const held = openSync(ptsName, constants.O_WRONLY | constants.O_NOCTTY)
  const close = socket.destroy.bind(socket)
  socket.destroy = () => {
    writeSync(held, endMark)
    return socket
  }
  const hangUp = () => {
    socket.destroy = close
    closeSync(held)
    socket.destroy()
  }
  const look = () => {
    for (const check of [...looking]) check()
  }
  pty.onData((data) => {
    output += data
    if (output.endsWith(endMark)) {
      output = output.slice(0, -endMark.length)
      hangUp()
    }
    look()
  })
  const ended = new Promise<number | string>((resolve) =>
    pty.onExit(({ exitCode, signal }) => {
      over = true
      look()
      resolve(signal ? `SIG${signal}` : exitCode)
    }),
  )
  onTestFinished(() => {
    if (!over) pty.kill('SIGKILL')
  })
  return {
    pid: pty.pid,
    output: () => output,
    shows: (expected, from = 0) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const end = endOf(output.slice(from), expected)
          if (end === undefined && !over) return
          looking.delete(check)
          if (end === undefined) reject(new Error(`the program ended without showing ${expected}:\n${output.slice(from)}`))
          else resolve(from + end)
        }
        looking.add(check)
        check()
      }),
    type: (text) => pty.write(text),
    hangUp,
    ended,
  }
}

function endOf(text: string, expected: string | RegExp): number | undefined {
  if (typeof expected === 'string') {
    const at = text.indexOf(expected)
    return at < 0 ? undefined : at + expected.length
  }
  const match = expected.exec(text)
  return match ? match.index + match[0].length : undefined
}
