import { counted, printable } from '../../base/text.ts'
import { journalToUndo, listJournals, type Undone, undo } from '../../migrate/apply/undo.ts'
import type { Context } from '../context.ts'
import { clockTime, columns } from '../shown.ts'
import { unwanted, wantTerminal, wantYes } from './ask.ts'
import { print, printJson } from './print.ts'
import { progressLine, telling } from './progressLine.ts'

/** Prints the runs that have a journal; the exit code. */
export async function listRuns(context: Context, json: boolean): Promise<number> {
  const { world } = context
  const runs = listJournals(world)
  if (json) {
    printJson(context, runs)
    return 0
  }
  if (runs.length === 0) print(context, ['no run has changed anything'])
  const now = world.now()
  const rows = runs.map(({ id, created, files, folders, state }) => [
    id,
    clockTime(created.toISOString(), now),
    counted(files.length, 'file'),
    state,
    folders.join(' '),
  ])
  print(context, columns(rows).map(printable))
  return 0
}

/** Restores what a run has changed; the exit code. */
export async function undoRun(
  context: Context,
  { id, yes, json }: { id: string | undefined; yes: boolean; json: boolean },
): Promise<number> {
  const { world, signal } = context
  if (!yes) wantTerminal(context, 'migrate --undo', '--yes')
  const run = journalToUndo(world, id)
  if (!yes) {
    await wantYes(
      context,
      `Restore ${counted(run.files.length, 'file')} of the run ${run.id}?`,
      unwanted('restored', 'awsfed migrate --undo'),
    )
  }
  const progress = progressLine(context.stderr)
  const undone = await progress.during(undo(world, run.id, { progress: telling(progress), signal }))
  if (json) printJson(context, undone)
  else print(context, undoneLines(undone))
  return undone.refused.length > 0 ? 1 : 0
}

function undoneLines({ restored, refused, removed }: Undone): string[] {
  const lines = [
    ...restored.map((file) => `restored ${file}`),
    ...refused.flatMap(({ file, line, reason, hint }) => [`refused ${file}:${line}: ${reason}`, `  ${hint}`]),
    ...removed.map((file) => `removed ${file}, which a run that was ended had left`),
  ]
  return lines.length === 0 ? ['everything was as before already'] : lines.map(printable)
}
