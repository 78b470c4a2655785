import { AwsfedError } from '../../base/errors.ts'
import { withoutPasswords } from '../../base/redact.ts'
import { printable, unprintable } from '../../base/text.ts'
import { hasTerminal } from '../../login/terminal.ts'
import { apply, type Progress } from '../../migrate/apply/apply.ts'
import { guard } from '../../migrate/apply/guard.ts'
import { journalToUndo, listJournals, type Undone, undo } from '../../migrate/apply/undo.ts'
import { keyUses } from '../../migrate/keys.ts'
import { makePlan } from '../../migrate/makePlan.ts'
import type { DotGit } from '../../migrate/manifests/berryUrl.ts'

import type { Edit, Plan, Refused, Transaction } from '../../migrate/plan.ts'
import type { Form } from '../../migrate/url/codeCommitUrl.ts'
import type { Verifying } from '../../migrate/verify.ts'
import { asksAwsfed } from '../../setup/git.ts'
import { type Helper, helperValue } from '../../setup/helperValue.ts'
import type { Context } from '../context.ts'
import { clockTime, columns } from '../shown.ts'
import { chosenOf, unwanted, wantYes } from './ask.ts'
import { progressLine } from './progressLine.ts'
import { diffLines, type Outcome, outcomeLines, planLines } from './shown.ts'

export interface MigrateOptions {
  /** Absolute, and there. */
  readonly folders: readonly string[]
  readonly to: Form
  readonly accounts: ReadonlyMap<string, string>
  readonly region: string | undefined
  readonly dryRun: boolean
  readonly diff: boolean
  readonly yes: boolean
  readonly bridge: boolean
  readonly verify: boolean
  readonly json: boolean
}

/** Plans, shows, asks, applies, and tells what came of it; the exit code. */
export async function migrate(context: Context, options: MigrateOptions): Promise<number> {
  const { world, signal } = context
  const asks = !options.dryRun && !options.yes
  if (asks) wantTerminal(context, 'migrate', '--yes, or --dry-run to see what it would do')
  const progress = progressLine(context.stderr)
  const planned = await planOf(context, options, progress).finally(progress.end)
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
  const applied = await apply(world, { ...plan, folders: planned.folders }, applying).finally(progress.end)
  const refused = [...refusedOf(plan), ...applied.refused]
  return told(context, options, { plan, all, changed: applied.changed, refused, journal: applied.journal })
}

type Progressing = ReturnType<typeof progressLine>

async function planOf(context: Context, options: MigrateOptions, progress: Progressing) {
  const { world, signal } = context
  const asks = new Set<string>()
  const planning = (dotGit: DotGit) =>
    makePlan(
      world,
      { ...options, dotGit },
      {
        found: ({ folders, repositories, manifests }) =>
          progress.show(`looking: ${folders} folders, ${repositories} repositories, ${manifests} manifests`),
        asking: (hosts) => {
          const fresh = hosts.filter((host) => !asks.has(host))
          for (const host of fresh) asks.add(host)
          if (fresh.length > 0) {
            progress.say(`asking ssh (ssh -G) about ${fresh.join(', ')}; it runs what Match exec of ssh_config says`)
          }
        },
      },
    )
  const unproven = new Set<string>()
  let { plan, overlooked } = await planning((url) => {
    unproven.add(url)
    return false
  })
  if (options.verify && unproven.size > 0) {
    const { answering: answers } = await import('../../migrate/verify.ts')
    const proven = await answers(
      world,
      [...unproven].map((url) => `${url}.git`),
      verifyingBy(context, progress),
    )
    if (proven.size > 0) ({ plan, overlooked } = await planning((url) => proven.has(`${url}.git`)))
  }
  for (const { path: place, reason } of overlooked) progress.say(`not looked at: ${place}: ${reason}`)
  const sorted = { ...plan, transactions: [...plan.transactions].sort(byRoot) }
  const answering = options.verify ? await verifiedPlan(context, sorted, progress) : sorted
  const checking = (done: number, of: number) => progress.show(`checking ${done} of ${of}`)
  signal.throwIfAborted()
  const looking = { progress: checking, signal }
  if (!options.bridge) return guard(world, answering, options.folders, looking)
  const { folder, planned } = await bridge(context, answering)
  return guard(world, planned, [...options.folders, folder], looking)
}

/** A folder's configuration before its manifests, whatever the order in which the disk tells them. */
function byRoot(a: Transaction, b: Transaction): number {
  if (a.root !== b.root) return a.root < b.root ? -1 : 1
  return Number(a.gitDir === undefined) - Number(b.gitDir === undefined)
}

async function verifiedPlan(context: Context, plan: Plan, progress: Progressing): Promise<Plan> {
  const { verified } = await import('../../migrate/verify.ts')
  return verified(context.world, plan, verifyingBy(context, progress))
}

function verifyingBy(context: Context, progress: Progressing): Verifying {
  return {
    helper: helperValue(helperOf(context), context.world.platform),
    progress: (done, of, url) => progress.show(`asking ${done} of ${of}: ${url}`),
    signal: context.signal,
  }
}

async function bridge({ world }: Context, plan: Plan): Promise<{ folder: string; planned: Plan }> {
  const [{ bridged }, { globalText }] = await Promise.all([
    import('../../migrate/bridge.ts'),
    import('../../migrate/globalText.ts'),
  ])
  const { file, folder, text } = globalText(world)
  return { folder, planned: bridged(plan, file, text) }
}

function telling(progress: Progressing): (state: Progress) => void {
  return (state) =>
    state.kind === 'waiting'
      ? progress.say(`waiting for the awsfed of process ${state.pid}`)
      : progress.show(`changing: ${state.done} of ${state.of}`)
}

/** Where a URL is shown, its password is not: whatever file or program told of it. */
function print({ stdout }: Context, lines: readonly string[]): void {
  for (const line of lines) stdout.write(`${withoutPasswords(line)}\n`)
}

/** JSON itself leaves some of what a terminal would heed as it is. */
function printJson(context: Context, document: unknown): void {
  const escaped = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
  const text = JSON.stringify(document, null, 2)
  print(
    context,
    text.split('\n').map((line) => line.replace(unprintable, escaped)),
  )
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
      refused: distinct(refused.map(({ file, line, url, reason, hint }) => ({ file, line, url: url ?? null, reason, hint }))),
      reported: distinct(
        plan.reported.map(({ file, line, url, to: into, branch }) => ({
          file,
          line,
          url,
          ...(into !== undefined && { to: into }),
          ...(branch !== undefined && { branch }),
        })),
      ),
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

/** A line may hold a URL more than once: nobody needs to hear of it twice. */
function distinct<T>(entries: readonly T[]): T[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()]
}

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
    `${files.length} ${files.length === 1 ? 'file' : 'files'}`,
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
    const count = `${run.files.length} ${run.files.length === 1 ? 'file' : 'files'}`
    await wantYes(context, `Restore ${count} of the run ${run.id}?`, unwanted('restored', 'awsfed migrate --undo'))
  }
  const progress = progressLine(context.stderr)
  const undone = await undo(world, run.id, { progress: telling(progress), signal }).finally(progress.end)
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

function wantTerminal({ world }: Context, command: string, instead: string): void {
  if (hasTerminal(world.platform)) return
  throw new AwsfedError('usage', `awsfed ${command} asks before it writes, and there is no terminal`, { hint: `give ${instead}` })
}

function helperOf({ helperProgram }: Context): Helper {
  return { node: process.execPath, program: helperProgram }
}

function editsOf({ transactions }: Plan): Edit[] {
  return transactions.flatMap(({ edits }) => edits)
}

function refusedOf({ transactions, refused }: Plan): Refused[] {
  return [...transactions.flatMap((transaction) => transaction.refused), ...refused]
}

function countOf(edits: readonly Edit[]): string {
  const files = new Set(edits.map(({ file }) => file)).size
  const one = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
  return `${one(edits.length, 'URL')} in ${one(files, 'file')}`
}
