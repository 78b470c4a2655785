import type { Writable } from 'node:stream'
import { AwsfedError } from '../../base/errors.ts'
import { withoutPasswords } from '../../base/redact.ts'
import { printable } from '../../base/text.ts'
import type { Progress } from '../../migrate/apply/apply.ts'

/** How far a long work is: one line that is written over, on a terminal; else only what a person has to know. */
export function progressLine(stderr: Writable & { isTTY?: boolean; columns?: number }) {
  const live = stderr.isTTY === true
  let open = false
  const clear = () => {
    if (open) stderr.write('\r\u001b[K')
    open = false
  }
  const say = (text: string) => {
    clear()
    stderr.write(`${printable(withoutPasswords(text))}\n`)
  }
  return {
    /** What is under way. */
    show(text: string): void {
      if (!live) return
      clear()
      stderr.write(printable(text).slice(0, (stderr.columns || 80) - 1))
      open = true
    },
    /** What stays. */
    say,
    /** `work` with its line cleared at the end. What is to be done where it was cancelled half way is told here. */
    async during<T>(work: Promise<T>): Promise<T> {
      try {
        return await work
      } catch (error) {
        if (error instanceof AwsfedError && error.kind === 'cancelled' && error.hint) {
          for (const line of [`awsfed: ${error.message}`, `  hint: ${error.hint}`]) say(line)
        }
        throw error
      } finally {
        clear()
      }
    },
  }
}

export type Progressing = ReturnType<typeof progressLine>

/** Shows how far a run or an undo is. */
export function telling(progress: Progressing): (state: Progress) => void {
  return (state) =>
    state.kind === 'waiting'
      ? progress.say(`waiting for the awsfed of process ${state.pid}`)
      : progress.show(`changing: ${state.done} of ${state.of}`)
}
