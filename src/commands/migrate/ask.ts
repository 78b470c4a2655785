import { AwsfedError } from '../../base/errors.ts'
import { ask, type Question } from '../../login/prompt.ts'
import { hasTerminal } from '../../login/terminal.ts'
import type { Plan, Transaction } from '../../migrate/plan.ts'
import type { Context } from '../context.ts'
import { shortPath } from './shown.ts'

/** @throws AwsfedError `usage` where nobody can be asked. @param instead what to give then */
export function wantTerminal({ world }: Context, command: string, instead: string): void {
  if (hasTerminal(world.platform)) return
  throw new AwsfedError('usage', `awsfed ${command} asks before it writes, and there is no terminal`, { hint: `give ${instead}` })
}

/** What is told where a person does not want it: nothing has happened yet. */
export function unwanted(what: string, command: string): AwsfedError {
  return new AwsfedError('cancelled', `nothing was ${what}`, { hint: `run \`${command}\` again` })
}

/** Asks for a yes. @throws AwsfedError `without` it. There is a terminal: it was looked for before anything else. */
export async function wantYes(context: Context, message: string, without: AwsfedError): Promise<void> {
  if ((await answer(context, { kind: 'confirm', message }, without)) !== 'yes') throw without
}

/**
 * `plan` with the repositories that a person chooses; where there is one only, nothing is asked.
 * @throws AwsfedError `without` an answer
 */
export async function chosenOf<P extends Plan>(context: Context, plan: P, without: AwsfedError): Promise<P> {
  const wanted = plan.transactions.filter(({ edits }) => edits.length > 0)
  const roots = [...new Set(wanted.map(({ root }) => root))]
  if (roots.length < 2) return plan
  const options = roots.map((root) => {
    const count = wanted.filter((one) => one.root === root).flatMap(({ edits }) => edits).length
    return `${shortPath(root, context.world.home)} (${count})`
  })
  const places = await answer(context, { kind: 'several', message: 'Which of these?', options }, without)
  const chosen = new Set((places.match(/\d+/g) ?? []).map((place) => roots[Number(place)]))
  const stays = ({ root, edits }: Transaction) => edits.length === 0 || chosen.has(root)
  return {
    ...plan,
    transactions: plan.transactions.map((one) => (stays(one) ? one : { ...one, edits: [], sources: [] })),
  }
}

/** Ctrl-C, Escape and a terminal that goes away are no answer. */
async function answer({ world, signal }: Context, question: Question, without: AwsfedError): Promise<string> {
  try {
    return (await ask(world, question, signal)) ?? ''
  } catch (error) {
    throw error instanceof AwsfedError && error.kind === 'cancelled' ? without : error
  }
}
