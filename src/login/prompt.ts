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
  /** All are chosen at first. Answered by the places of the chosen ones, with blanks between them. */
  | { readonly kind: 'several'; readonly message: string; readonly options: readonly string[] }
  /** Answered by `yes` or `no`. */
  | { readonly kind: 'confirm'; readonly message: string }

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
  const optionsOf = (options: readonly string[]) => options.map((option, value) => ({ value, label: printable(option) }))
  const asked = (): Promise<unknown> => {
    switch (question.kind) {
      case 'text':
        return prompts.text({ ...common, validate })
      case 'secret':
        return prompts.password({ ...common, validate, mask: '•' })
      case 'choice':
        return prompts.select({ ...common, options: optionsOf(question.options) })
      case 'several': {
        const options = optionsOf(question.options)
        return prompts.multiselect({ ...common, options, initialValues: options.map(({ value }) => value), required: false })
      }
      case 'confirm':
        return prompts.confirm({ ...common, initialValue: true })
    }
  }
  const answer = await asked()
  if (prompts.isCancel(answer)) throw cancelled()
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no'
  return Array.isArray(answer) ? answer.join(' ') : String(answer)
}
