import { apply } from '../../migrate/apply/apply.ts'
import { distinct } from '../../migrate/distinct.ts'
import { keyUses } from '../../migrate/keys.ts'
import type { Edit, Plan, Refused } from '../../migrate/plan.ts'
import { asksAwsfed } from '../../setup/git.ts'
import type { Context } from '../context.ts'
import { chosenOf, unwanted, wantTerminal, wantYes } from './ask.ts'
import type { MigrateOptions } from './options.ts'
import { planOf } from './planOf.ts'
import { print, printJson } from './print.ts'
import { progressLine, telling } from './progressLine.ts'
import { countOf, diffLines, type Outcome, outcomeLines, planLines } from './shown.ts'

/** Plans, shows, asks, applies, and tells what came of it; the exit code. */
export async function migrate(context: Context, options: MigrateOptions): Promise<number> {
  const { world, signal } = context
  const asks = !options.dryRun && !options.yes
  if (asks) wantTerminal(context, 'migrate', '--yes, or --dry-run to see what it would do')
  const progress = progressLine(context.stderr)
  const planned = await progress.during(planOf(context, options, progress))
  signal.throwIfAborted()
  const human = !options.json
  const shown = editsOf(planned).length > 0 && (asks || options.dryRun)
  if (human && shown) print(context, planLines(planned, world.home))
  if (human && options.diff) print(context, diffLines(planned, context.colour))
  const without = unwanted('changed', 'awsfed migrate')
  const plan = asks ? await chosenOf(context, planned, without) : planned
  const all = editsOf(planned)
  if (options.dryRun) {
    return told(context, options, { plan, all, changed: all, refused: refusedOf(plan), journal: undefined })
  }
  if (asks && editsOf(plan).length > 0) await wantYes(context, `Change ${countOf(editsOf(plan))}?`, without)
  const applying = { progress: telling(progress), signal }
  const applied = await progress.during(apply(world, { ...plan, folders: planned.folders }, applying))
  const refused = [...refusedOf(plan), ...applied.refused]
  return told(context, options, { plan, all, changed: applied.changed, refused, journal: applied.journal })
}

/** Prints what came of it, and gives the exit code. */
async function told(context: Context, { json, dryRun, to }: MigrateOptions, outcome: Outcome): Promise<number> {
  const { plan, all, changed, refused, journal } = outcome
  const done = new Set(changed)
  const left = all.filter(
    (edit) => !done.has(edit) && !refused.some(({ file, line }) => file === edit.file && line === edit.line),
  )
  const keys = keyUses(changed, [...left, ...refused, ...plan.reported])
  if (json) {
    const document = {
      changed: distinct(changed.map(({ file, line, from, to: into, kind }) => ({ file, line, from, to: into, kind }))),
      refused: distinct(
        refused.map(({ file, line, url, reason, hint }) => ({
          file,
          line,
          url: url ?? null,
          reason: [reason, hint].filter(Boolean).join('; '),
        })),
      ),
      reported: plan.reported.map(({ file, line, url, to: into, branch }) => ({
        file,
        line,
        url,
        ...(into !== undefined && { to: into }),
        ...(branch !== undefined && { branch }),
      })),
      keys,
      journal: journal ?? null,
    }
    printJson(context, document)
  } else {
    print(context, outcomeLines(outcome, keys, { dryRun, home: context.world.home }))
    const wants = to === 'https' && changed.length > 0 && !(await asksAwsfed(context.world))
    if (wants) print(context, ['next: awsfed setup git (git does not ask awsfed for CodeCommit yet)'])
  }
  return refused.length > 0 ? 1 : 0
}

function editsOf({ transactions }: Plan): Edit[] {
  return transactions.flatMap(({ edits }) => edits)
}

function refusedOf({ transactions, refused }: Plan): Refused[] {
  return [...transactions.flatMap((transaction) => transaction.refused), ...refused]
}
