import path from 'node:path'
import { barredBy, type Decisions, nothing, together } from '../decided.ts'
import type { Bar } from '../find/fence.ts'
import type { Edit, Transaction } from '../plan.ts'
import { refusedEdit } from '../refusing.ts'
import { mayNameCodeCommit } from '../url/mention.ts'
import type { Translate } from '../url/translate.ts'
import { isBerryLock, planBerryLock } from './berryLock.ts'
import { type DotGit, forBerry } from './berryUrl.ts'
import { planBunLock } from './bunLock.ts'
import { planNpmLock } from './npmLock.ts'
import { planPackageJson, type Readers } from './packageJson.ts'
import { planPnpmLock } from './pnpmLock.ts'
import { planPnpmWorkspace } from './pnpmWorkspace.ts'
import type { TextFile } from './readings.ts'
import { refusedFile } from './unreadable.ts'
import { planYarnLock } from './yarnLock.ts'

/** A manifest or lockfile that may name CodeCommit. */
export interface ProjectFile extends TextFile {
  /** Why it may not be written, where it may not: whatever would change in it is refused. */
  readonly barred: Bar | undefined
}

/** What one package manager reads together: a package.json, those of its workspaces, and their lockfiles. */
export interface Project {
  /** As `Transaction.root`. */
  readonly root: string
  readonly files: readonly ProjectFile[]
  /** Whether yarn 2 or newer installs it. */
  readonly berry: boolean
}

/**
 * The edits of a project, all or none.
 * @param dotGit undefined where they stand for what a bridge leads, and yarn goes on reading the old URLs
 */
export function planProject(project: Project, translate: Translate, dotGit: DotGit | undefined): Transaction {
  const berry = project.berry || project.files.some((one) => path.basename(one.file) === 'yarn.lock' && isBerryLock(one.text))
  const dependencies = berry && dotGit ? forBerry(translate, dotGit) : translate
  const readers = { forPeople: translate, bun: project.files.some((one) => path.basename(one.file) === 'bun.lock') }
  const decisions = together(
    project.files.map((file) => {
      const own = planFile(file, dependencies, readers)
      return file.barred ? barredBy(file.barred, own) : own
    }),
  )
  const { edits, refused } = decisions.refused.length > 0 ? noneOf(decisions) : decisions
  const touched = new Set(edits.map(({ file }) => file))
  const sources = project.files.filter(({ file }) => touched.has(file)).map(({ file, text }) => ({ file, text }))
  return { root: project.root, gitDir: undefined, unit: 'all', edits: [...edits].sort(byPlace), refused, sources }
}

/** By the name of the file. */
const planners: Readonly<Record<string, typeof planPackageJson>> = {
  'package.json': planPackageJson,
  'pnpm-workspace.yaml': planPnpmWorkspace,
  'package-lock.json': planNpmLock,
  'npm-shrinkwrap.json': planNpmLock,
  'yarn.lock': (file, translate) => (isBerryLock(file.text) ? planBerryLock : planYarnLock)(file, translate),
  'pnpm-lock.yaml': planPnpmLock,
  'bun.lock': planBunLock,
  'bun.lockb': (file) =>
    refusedFile(file, 1, 'it is a lock in binary form', 'run `bun install --save-text-lockfile`, and remove bun.lockb'),
  '.yarnrc.yml': (file) => planYarnrc(file),
}

/** The names of the files that a project may have. */
export const fileNames: readonly string[] = Object.keys(planners)

function planFile(file: TextFile, translate: Translate, readers: Readers): Decisions {
  // The bytes first: a lock of 6 MB takes a tenth of a second to parse.
  if (!mayNameCodeCommit(file.text)) return nothing
  return planners[path.basename(file.file)]?.(file, translate, readers) ?? nothing
}

/** `approvedGitRepositories` has patterns of URLs, which are a person's to change. */
function planYarnrc(file: TextFile): Decisions {
  const approves = /^approvedGitRepositories:/m.test(file.text) && !/https:\/\/[^\s"']*codecommit/i.test(file.text)
  if (!approves) return nothing
  return refusedFile(
    file,
    1,
    'its approvedGitRepositories has no pattern for https:// URLs of CodeCommit',
    'add "https://git-codecommit.*/**" to approvedGitRepositories',
  )
}

/** One refusal is enough for nothing to move; what would have is said too, as its SSH keys stay in use. */
function noneOf({ edits, refused }: Decisions): Decisions {
  const [first] = refused
  const reason = `it moves only together with line ${first?.line} of ${first?.file}, which is refused`
  const placeOf = (file: string, line: number, url: string | undefined) => `${file}:${line}:${url}`
  const dropped = new Map(edits.map((edit) => [placeOf(edit.file, edit.line, edit.from), edit]))
  for (const { file, line, url } of refused) dropped.delete(placeOf(file, line, url))
  return {
    edits: [],
    refused: [...refused, ...[...dropped.values()].map((edit) => refusedEdit(edit, { reason, hint: first?.hint ?? '' }))],
  }
}

function byPlace(a: Edit, b: Edit): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.start - b.start || a.end - b.end
}
