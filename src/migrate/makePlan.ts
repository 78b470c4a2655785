import path from 'node:path'
import type { World } from '../base/world.ts'
import type { Decisions } from './decided.ts'
import { distinct } from './distinct.ts'
import { type Counts, type Finding, type FoundRepository, find } from './find/find.ts'
import type { Rule } from './gitConfig/insteadOf.ts'
import { planGit } from './gitConfig/planGit.ts'
import { translateReported, translateWithin } from './gitConfig/surroundings.ts'
import { keysOf } from './keys.ts'
import { ambientOf } from './learn/ambient.ts'
import { type Known, learn } from './learn/known.ts'
import { regionsOf } from './learn/regions.ts'
import { sshHosts } from './learn/ssh.ts'
import type { DotGit } from './manifests/berryUrl.ts'
import { planProject } from './manifests/project.ts'
import type { Plan, Refused, Reported, Transaction } from './plan.ts'
import { leftInManifests } from './report/leftInManifests.ts'
import { mentionsIn } from './report/mentions.ts'
import { rulesInUse } from './report/rules.ts'
import { successorsOf } from './url/accounts.ts'
import type { Form } from './url/codeCommitUrl.ts'
import { survey } from './url/survey.ts'
import { type Translate, translator } from './url/translate.ts'

/** What a run is asked for. */
export interface Request {
  /** Absolute, and there. */
  readonly folders: readonly string[]
  readonly to: Form
  /** `--account NAME=PROFILE` over `[account]` of config.toml. */
  readonly accounts: ReadonlyMap<string, string>
  /** `--region` */
  readonly region: string | undefined
  /**
   * Tells which of the repositories that projects of yarn 2 or newer depend on are proven to answer with `.git` behind their
   * URLs; undefined for a bridge, which leaves such a project's files alone.
   */
  readonly withDotGit: ((urls: readonly string[]) => Promise<ReadonlySet<string>>) | undefined
}

/** Tells the person who waits. */
export interface Listener {
  readonly found?: (counts: Counts) => void
  /** Before ssh is asked for these hosts, which runs what `Match exec` of ssh_config says. */
  readonly asking?: (hosts: readonly string[]) => void
}

export interface Planned {
  readonly plan: Plan
  readonly counts: Counts
  /** The rules that hold outside of repositories, in git's order. */
  readonly around: readonly Rule[]
  /** What could not be looked at, beside what `plan` refuses for it: folders, other branches. Nothing fails for it. */
  readonly overlooked: readonly { readonly path: string; readonly reason: string }[]
}

/**
 * Finds, learns what must be known, and plans. Reads only: of programs it runs git and `ssh -G`, and nothing of a repository.
 * @throws AwsfedError `failed` when there is no git, or git cannot read the user's configuration
 */
export async function makePlan(world: Pick<World, 'env' | 'home'>, request: Request, listener: Listener = {}): Promise<Planned> {
  const ambient = await ambientOf(world)
  const abbreviations = ambient.rules.map(({ pattern }) => pattern)
  const finding = await find(request.folders, world.home, { abbreviations, progress: listener.found })
  const known = await learn(finding, ambient, request.folders, world)
  const moving = survey(request.to)
  const reported = survey(request.to)
  decide(known, moving.translate, request.withDotGit && (() => false))
  report(known, [], reported.translate)
  const hosts = [...new Set([...moving.hosts(), ...reported.hosts()])]
  if (hosts.length > 0) listener.asking?.(hosts)
  const asked = await sshHosts(hosts, world)
  const sshHost = (host: string) => asked.get(host)
  // What is only reported takes no part: nothing of it becomes one URL with what moves.
  const successorOf = successorsOf(request.to, request.accounts, moving.accounts(sshHost))
  const translate = translator({ to: request.to, successorOf, sshHost, regionOf: regionsOf(world, request.region) })
  const transactions = await decideProven(known, translate, request.withDotGit)
  const plan = {
    transactions,
    refused: finding.unreadable.flatMap((one) => (one.matters ? [unread(one)] : [])),
    reported: distinct([
      ...report(known, transactions, translate),
      ...rulesInUse(ambient.rules, transactions, (url, use) => translate(url, use, known.around.place)),
    ]),
  }
  const overlooked = [...finding.unreadable.filter(({ matters }) => !matters), ...known.overlooked]
  return { plan: { ...plan, keys: keysOf(plan) }, counts: finding.counts, around: known.around.rules, overlooked }
}

/** What becomes of all by `translate`. What wants a proof is asked for together, and then what it is wanted for is decided again. */
async function decideProven(known: Known, translate: Translate, withDotGit: Request['withDotGit']): Promise<Transaction[]> {
  const unproven = new Set<string>()
  const noted: DotGit = (url) => {
    unproven.add(url)
    return false
  }
  const decided = decide(known, translate, withDotGit && noted)
  const proven = withDotGit && unproven.size > 0 ? await withDotGit([...unproven]) : new Set<string>()
  return proven.size === 0 ? decided : decide(known, translate, (url) => proven.has(url))
}

function decide(known: Known, translate: Translate, dotGit: DotGit | undefined): Transaction[] {
  const elsewhere = translateWithin(known.around, translate)
  const repositories = known.repositories.flatMap((repository) => {
    const decisions = planGit(repository.files, repository.ambient, translate)
    return decisions.edits.length + decisions.refused.length === 0 ? [] : [transactionOf(repository, decisions)]
  })
  const projects = known.projects.map((project) => planProject(project, elsewhere, dotGit))
  return [...repositories, ...projects.filter(({ edits, refused }) => edits.length + refused.length > 0)]
}

function report({ mentions, repositories, projects, around }: Known, transactions: readonly Transaction[], translate: Translate) {
  const elsewhere = translateReported(around, translate)
  return [
    ...mentions.flatMap((source) => mentionsIn(source, elsewhere)),
    ...leftInManifests(projects, transactions, elsewhere),
    ...repositories.flatMap((repository) => reportedBranches(repository, elsewhere)),
  ]
}

function transactionOf({ dir, folder, files }: FoundRepository, { edits, refused }: Decisions): Transaction {
  const edited = new Set(edits.map(({ file }) => file))
  return {
    root: folder,
    gitDir: dir,
    unit: 'each',
    // The files in the order in which git reads them.
    edits: files.flatMap(({ file }) => edits.filter((edit) => edit.file === file).sort((a, b) => a.start - b.start)),
    refused,
    sources: files.flatMap(({ file, text }) => (edited.has(file) ? [{ file, text }] : [])),
  }
}

function reportedBranches({ folder, branches }: Known['repositories'][number], translate: Translate): Reported[] {
  const file = path.join(folder, '.gitmodules')
  return branches.flatMap(({ branch, line, text }) =>
    mentionsIn({ file, text }, translate, branch).map((mention) => ({ ...mention, line })),
  )
}

function unread({ path: file, reason }: Finding['unreadable'][number]): Refused {
  const hint = 'see who owns it and its mode, and run this again'
  return { file, line: 1, url: undefined, account: undefined, reason: `it cannot be read: ${reason}`, hint }
}
