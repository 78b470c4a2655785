import path from 'node:path'
import pLimit from 'p-limit'
import { AwsfedError } from '../base/errors.ts'
import type { World } from '../base/world.ts'
import type { Decisions } from './decided.ts'
import { type Counts, type Finding, type FoundManifest, type FoundRepository, find } from './find/find.ts'
import { isSubmodule } from './find/gitDir.ts'
import { planGit, type Variable } from './gitConfig/planGit.ts'
import { keysOf } from './keys.ts'
import { type Ambient, ambientOf } from './learn/ambient.ts'
import { byWorkTree, ignoredFiles } from './learn/ignored.ts'
import { regionsOf } from './learn/regions.ts'
import { sshHosts } from './learn/ssh.ts'
import type { DotGit } from './manifests/berryUrl.ts'
import { type Project, planProject } from './manifests/project.ts'
import { projectsOf } from './manifests/projects.ts'
import type { Plan, Refused, Reported, Source, Transaction } from './plan.ts'
import { type BranchLine, otherBranches } from './report/branches.ts'
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
  /** Asked of each repository that a project of yarn 2 or newer depends on. */
  readonly dotGit: DotGit
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
  const known = await learn(finding, ambient, request, world)
  const moving = survey(request.to)
  const reported = survey(request.to)
  decide(known, moving.translate, request.dotGit)
  report(known, reported.translate)
  const hosts = [...new Set([...moving.hosts(), ...reported.hosts()])]
  if (hosts.length > 0) listener.asking?.(hosts)
  const asked = await sshHosts(hosts, world)
  const sshHost = (host: string) => asked.get(host)
  // What is only reported takes no part: nothing of it becomes one URL with what moves.
  const successorOf = successorsOf(request.to, request.accounts, moving.accounts(sshHost))
  const translate = translator({ to: request.to, successorOf, sshHost, regionOf: regionsOf(world, request.region) })
  const transactions = decide(known, translate, request.dotGit)
  const plan = {
    transactions,
    refused: finding.unreadable.flatMap((one) => (one.matters ? [unread(one)] : [])),
    reported: [...report(known, translate), ...rulesInUse(ambient.rules, transactions, translate)],
  }
  const overlooked = [...finding.unreadable.filter(({ matters }) => !matters), ...known.overlooked]
  return { plan: { ...plan, keys: keysOf(plan) }, counts: finding.counts, overlooked }
}

/** All that planning needs, read. */
interface Known {
  readonly repositories: readonly (FoundRepository & {
    readonly ambient: readonly Variable[]
    readonly branches: readonly BranchLine[]
  })[]
  readonly projects: readonly Project[]
  readonly mentions: readonly Source[]
  readonly overlooked: Planned['overlooked']
}

async function learn(finding: Finding, ambient: Ambient, { folders }: Request, world: Pick<World, 'env'>): Promise<Known> {
  const overlooked: { path: string; reason: string }[] = []
  /** One repository that git cannot read is no reason to leave the others. */
  const tried = async <T>(place: string, otherwise: T, ask: () => Promise<T>) => {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof AwsfedError)) throw error
      overlooked.push({ path: place, reason: error.message })
      return otherwise
    }
  }
  const limit = pLimit(4) // processes at once: more are not faster
  const repositories = await limit.map(finding.repositories, async (repository) => ({
    ...repository,
    ambient: await tried(repository.dir, ambient.everywhere, () => ambient.around(repository.dir)),
    // Its superproject's branches bring a submodule's URL, not its own.
    branches: isSubmodule(repository.dir) ? [] : await tried(repository.dir, [], () => otherBranches(repository.dir, world)),
  }))
  const hits = finding.manifests.flatMap(({ file, text }) => (text === undefined ? [] : [file]))
  const trees = [...byWorkTree(hits, finding.workTrees)]
  const ignored = await limit.map(trees, ([tree, files]) => tried(tree, [], () => ignoredFiles(tree, files, world)))
  const { kept, dropped } = withoutIgnored(finding.manifests, new Set(ignored.flat()))
  const projects = await projectsOf(kept, folders)
  return { repositories, projects, mentions: [...finding.mentions(), ...dropped], overlooked }
}

/** A lock goes with its manifest, also when git ignores the lock alone; what is ignored as a whole is only reported. */
function withoutIgnored(
  manifests: readonly FoundManifest[],
  ignored: ReadonlySet<string>,
): { kept: FoundManifest[]; dropped: Source[] } {
  const folders = new Set(
    manifests.flatMap(({ file }) => (path.basename(file) === 'package.json' && !ignored.has(file) ? [path.dirname(file)] : [])),
  )
  const stays = ({ file }: FoundManifest) =>
    !ignored.has(file) || (path.basename(file) !== 'package.json' && folders.has(path.dirname(file)))
  return {
    kept: manifests.filter(stays),
    dropped: manifests.flatMap((one) => (stays(one) || one.text === undefined ? [] : [{ file: one.file, text: one.text }])),
  }
}

function decide(known: Known, translate: Translate, dotGit: DotGit): Transaction[] {
  const repositories = known.repositories.flatMap((repository) => {
    const decisions = planGit(repository.files, repository.ambient, translate)
    return decisions.edits.length + decisions.refused.length === 0 ? [] : [transactionOf(repository, decisions)]
  })
  const projects = known.projects.map((project) => planProject(project, translate, dotGit))
  return [...repositories, ...projects.filter(({ edits, refused }) => edits.length + refused.length > 0)]
}

function report({ mentions, repositories }: Known, translate: Translate): Reported[] {
  return [
    ...mentions.flatMap((source) => mentionsIn(source, translate)),
    ...repositories.flatMap((repository) => reportedBranches(repository, translate)),
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
