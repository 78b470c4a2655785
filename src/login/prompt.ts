import { once } from 'node:events'
import { printable } from '../base/text.ts'
import type { World } from '../base/world.ts'
import { cancelled } from './cancelled.ts'
import { openTerminal, type Terminal } from './terminal.ts'

/** Asks a person. */
export type Question =
  | { readonly kind: 'text'; readonly message: string }
  /** What is typed is not shown. */
  | { readonly kind: 'secret'; readonly message: string }
  /** Answered by the place of the chosen one among the options. */
  | { readonly kind: 'choice'; readonly message: string; readonly options: readonly string[] }

/**
 * Asks `question` on the terminal. The answer to a choice is its number as text.
 * @returns undefined where there is no terminal
 * @throws AwsfedError `cancelled` by Ctrl-C or Escape, when `signal` aborts, or when the terminal goes away
 */
export async function ask(world: World, question: Question, signal: AbortSignal | undefined): Promise<string | undefined> {
  if (signal?.aborted) throw cancelled(signal.reason)
  const terminal = openTerminal(world.platform)
  if (!terminal) return undefined
  const gone = new AbortController()
  // A terminal whose window is closed ends or fails; there is nobody left who could answer.
  for (const event of ['error', 'end', 'close']) terminal.input.on(event, () => gone.abort())
  terminal.output.on('error', () => gone.abort())
  try {
    return await answerTo(question, terminal, signal ? AbortSignal.any([signal, gone.signal]) : gone.signal)
  } finally {
    terminal.close()
    if (!terminal.input.closed) await once(terminal.input, 'close')
  }
}

async function answerTo(question: Question, { input, output }: Terminal, signal: AbortSignal): Promise<string> {
  const prompts = await import('@clack/prompts')
  const message = printable(question.message)
  const common = { message, input, output, signal, withGuide: false }
  const validate = (value: string | undefined) => (value ? undefined : 'An answer is needed; Ctrl-C cancels.')
  const answer = await (question.kind === 'text'
    ? prompts.text({ ...common, validate })
    : question.kind === 'secret'
      ? prompts.password({ ...common, validate, mask: '•' })
      : prompts.select({ ...common, options: question.options.map((option, value) => ({ value, label: printable(option) })) }))
  if (prompts.isCancel(answer)) throw cancelled()
  return String(answer)
}
