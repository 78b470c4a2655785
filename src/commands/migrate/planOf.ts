import { guard } from '../../migrate/apply/guard.ts'
import type { Rule } from '../../migrate/gitConfig/insteadOf.ts'
import { makePlan } from '../../migrate/makePlan.ts'
import type { Plan, Transaction } from '../../migrate/plan.ts'
import type { Verifying } from '../../migrate/verify.ts'
import { type Helper, helperValue } from '../../setup/helperValue.ts'
import type { Context } from '../context.ts'
import type { MigrateOptions } from './options.ts'
import type { Progressing } from './progressLine.ts'

/** What is to be done: found, planned, verified and guarded, as `options` have it. */
export async function planOf(context: Context, options: MigrateOptions, progress: Progressing) {
  const { world, signal } = context
  const { plan, overlooked, around } = await makePlan(
    world,
    { ...options, withDotGit: options.bridge ? undefined : (urls) => withDotGit(context, options, urls, progress) },
    {
      found: ({ folders, repositories, manifests }) =>
        progress.show(`looking: ${folders} folders, ${repositories} repositories, ${manifests} manifests`),
      asking: (hosts) =>
        progress.say(`asking ssh (ssh -G) about ${hosts.join(', ')}; it runs what Match exec of ssh_config says`),
    },
  )
  for (const { path: place, reason } of overlooked) progress.say(`not looked at: ${place}: ${reason}`)
  const sorted = { ...plan, transactions: [...plan.transactions].sort(byRoot) }
  const answering = options.verify ? await verifiedPlan(context, sorted, progress) : sorted
  const checking = (done: number, of: number) => progress.show(`checking ${done} of ${of}`)
  signal.throwIfAborted()
  const looking = { progress: checking, signal }
  if (!options.bridge) return guard(world, answering, options.folders, looking)
  const { folder, planned } = await bridge(context, answering, around)
  return guard(world, planned, [...options.folders, folder], looking)
}

/** A folder's configuration before its manifests, whatever the order in which the disk tells them. */
function byRoot(a: Transaction, b: Transaction): number {
  if (a.root !== b.root) return a.root < b.root ? -1 : 1
  return Number(a.gitDir === undefined) - Number(b.gitDir === undefined)
}

/** Those of `urls` that answer with `.git` behind them; none where nothing is to be verified. */
async function withDotGit(
  context: Context,
  { verify }: MigrateOptions,
  urls: readonly string[],
  progress: Progressing,
): Promise<ReadonlySet<string>> {
  if (!verify) return new Set()
  const { answering } = await import('../../migrate/verify.ts')
  const dotGit = (url: string) => `${url}.git`
  const there = await answering(context.world, urls.map(dotGit), verifyingBy(context, progress))
  return new Set(urls.filter((url) => there.has(dotGit(url))))
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

async function bridge({ world }: Context, plan: Plan, around: readonly Rule[]): Promise<{ folder: string; planned: Plan }> {
  const [{ bridged }, { globalText }] = await Promise.all([
    import('../../migrate/bridge.ts'),
    import('../../migrate/globalText.ts'),
  ])
  const { folder, ...global } = globalText(world)
  return { folder, planned: bridged(plan, global, around) }
}

function helperOf({ helperProgram }: Context): Helper {
  return { node: process.execPath, program: helperProgram }
}
