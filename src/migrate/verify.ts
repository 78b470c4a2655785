import pLimit from 'p-limit'
import type { World } from '../base/world.ts'
import { gitConfig } from '../git/config.ts'
import { headsOf } from '../git/heads.ts'
import type { Edit, Plan, Remote, Transaction } from './plan.ts'
import { refusedEdit, withoutEdits } from './refusing.ts'

/** What a verification needs beside the plan. */
export interface Verifying {
  /** The value of `credential.helper` that answers for the new URLs, whether or not git is set up to ask it. */
  readonly helper: string
  readonly progress?: (done: number, of: number, url: string) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * `plan` without the edits whose new URL does not answer, or has other heads than the old one while that still answers:
 * one `git ls-remote` for each URL. Of a manifest and its lock none is left when one is refused.
 */
export async function verified(world: World, plan: Plan, verifying: Verifying): Promise<Plan> {
  const remotes = new Map<string, Remote>()
  for (const { remote } of plan.transactions.flatMap(({ edits }) => edits)) {
    if (remote) remotes.set(`${remote.from} ${remote.to}`, remote)
  }
  const ssh = await sshWithoutQuestions(world)
  const answers = new Map<string, ReturnType<typeof headsOf>>()
  const asked = (url: string, options: Parameters<typeof headsOf>[2]) => {
    const known = answers.get(url) ?? headsOf(url, world, { ...options, signal: verifying.signal })
    answers.set(url, known)
    return known
  }
  const faults = new Map<string, string>()
  const ask = async ([key, { from, to }]: readonly [string, Remote]) => {
    const now = await asked(to, { config: settingsFor(to, verifying.helper) })
    const before = 'fault' in now ? undefined : await asked(from, { more: ssh })
    if ('fault' in now) faults.set(key, `${to} does not answer: ${now.fault}`)
    else if (before && 'heads' in before && before.heads !== now.heads) faults.set(key, `${to} has other heads than ${from}`)
  }
  await eachOf([...remotes], ([, { to }]) => to, ask, verifying)
  return { ...plan, transactions: plan.transactions.map((transaction) => without(transaction, faults)) }
}

/** Those of `urls` that answer. */
export async function answering(world: World, urls: readonly string[], verifying: Verifying): Promise<Set<string>> {
  const { helper, signal } = verifying
  const there = new Set<string>()
  const ask = async (url: string) => {
    if ('heads' in (await headsOf(url, world, { config: settingsFor(url, helper), signal }))) there.add(url)
  }
  await eachOf(urls, (url) => url, ask, verifying)
  return there
}

/** Asks about `all`, several at once: a request takes what the way there and back takes. @throws the signal's reason */
async function eachOf<T>(
  all: readonly T[],
  urlOf: (one: T) => string,
  ask: (one: T) => Promise<void>,
  { progress, signal }: Verifying,
): Promise<void> {
  let done = 0
  // ssh may ask a person whether a host is known: one at a time.
  const limit = pLimit(all.every((one) => urlOf(one).startsWith('https:')) ? 4 : 1)
  await limit.map(all, async (one) => {
    signal?.throwIfAborted()
    progress?.(done, all.length, urlOf(one))
    await ask(one)
    signal?.throwIfAborted()
    done += 1
  })
  progress?.(done, all.length, '')
}

/** The helper alone, and asked first: libcurl would else try the name in the URL with an empty password. */
function settingsFor(url: string, helper: string): string[] {
  const user = URL.canParse(url) && new URL(url).username !== ''
  return [
    'credential.helper=',
    `credential.helper=${helper}`,
    'credential.useHttpPath=true',
    ...(user ? ['http.emptyAuth=true'] : []),
  ]
}

/** A key with a passphrase and no agent must not stop the run to ask for it. */
async function sshWithoutQuestions(world: World): Promise<Record<string, string>> {
  if (world.env.GIT_SSH) return {}
  const configured = (await gitConfig(world).allEntries()).findLast(({ key }) => key === 'core.sshcommand')?.value
  const command = world.env.GIT_SSH_COMMAND ?? configured ?? 'ssh'
  return { GIT_SSH_COMMAND: `${command} -o BatchMode=yes -o ConnectTimeout=10` }
}

function without(transaction: Transaction, faults: ReadonlyMap<string, string>): Transaction {
  const faultOf = ({ remote }: Edit) => remote && faults.get(`${remote.from} ${remote.to}`)
  const wrong = transaction.edits.filter(faultOf)
  const [first] = wrong
  if (!first) return transaction
  const hint = 'see that the repository is there and the profile may read it: `git ls-remote` with the new URL'
  const together = `it moves only together with line ${first.line} of ${first.file}, whose new URL does not answer`
  const refused = transaction.unit === 'all' ? transaction.edits : wrong
  return withoutEdits(transaction, refused, (edit) => refusedEdit(edit, { reason: faultOf(edit) ?? together, hint }))
}
