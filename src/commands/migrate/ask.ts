import { ask } from '../../login/prompt.ts'
import type { Plan, Transaction } from '../../migrate/plan.ts'
import type { Context } from '../context.ts'
import { shortPath } from './shown.ts'

/** Whether a person says yes. There is a terminal: it was looked for before anything else. */
export async function confirmed({ world, signal }: Context, message: string): Promise<boolean> {
  return (await ask(world, { kind: 'confirm', message }, signal)) === 'yes'
}

/** `plan` with the repositories that a person chooses; where there is one only, nothing is asked. */
export async function chosenOf<P extends Plan>({ world, signal }: Context, plan: P): Promise<P> {
  const wanted = plan.transactions.filter(({ edits }) => edits.length > 0)
  const roots = [...new Set(wanted.map(({ root }) => root))]
  if (roots.length < 2) return plan
  const options = roots.map((root) => {
    const count = wanted.filter((one) => one.root === root).flatMap(({ edits }) => edits).length
    return `${shortPath(root, world.home)} (${count})`
  })
  const answer = await ask(world, { kind: 'several', message: 'Which of these?', options }, signal)
  const chosen = new Set((answer ?? '').split(' ').map((place) => roots[Number(place)]))
  const stays = ({ root, edits }: Transaction) => edits.length === 0 || chosen.has(root)
  return {
    ...plan,
    transactions: plan.transactions.map((one) => (stays(one) ? one : { ...one, edits: [], sources: [] })),
  }
}
