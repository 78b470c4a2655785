import type { Writable } from 'node:stream'
import { withoutPasswords } from '../../base/redact.ts'
import { printable } from '../../base/text.ts'

/** How far a long work is: one line that is written over, on a terminal; else only what a person has to know. */
export function progressLine(stderr: Writable & { isTTY?: boolean; columns?: number }) {
  const live = stderr.isTTY === true
  let open = false
  const clear = () => {
    if (open) stderr.write('\r\u001b[K')
    open = false
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
    say(text: string): void {
      clear()
      stderr.write(`${printable(withoutPasswords(text))}\n`)
    },
    end: clear,
  }
}
