import path from 'node:path'
import colours from 'picocolors'
import { counted, printable } from '../../base/text.ts'
import { type DiffLine, diffOf } from '../../migrate/diff.ts'
import type { Edit, KeyUse, Plan, Refused } from '../../migrate/plan.ts'

/** What came of a run, or would. */
export interface Outcome {
  readonly plan: Plan
  /** What could have changed: a person may have left some of it. */
  readonly all: readonly Edit[]
  readonly changed: readonly Edit[]
  readonly refused: readonly Refused[]
  readonly journal: string | undefined
}

/** `~/code/app` for a path below `home`. */
export function shortPath(file: string, home: string): string {
  const below = path.relative(home, file)
  return printable(below !== '' && !below.startsWith('..') && !path.isAbsolute(below) ? path.join('~', below) : file)
}

/** The edits of `plan`, by repository. */
export function planLines({ transactions }: Plan, home: string): string[] {
  const roots = new Map<string, Edit[]>()
  for (const { root, edits } of transactions) if (edits.length > 0) roots.set(root, [...(roots.get(root) ?? []), ...edits])
  return [...roots].flatMap(([root, edits]) => [
    shortPath(root, home),
    ...edits.map(({ file, line, from, to }) => {
      const below = path.relative(root, file) || path.basename(file)
      return `  ${printable(`${below}:${line}: ${from} → ${to}`)}`
    }),
  ])
}

/** The changes of `plan` as a unified diff. */
export function diffLines(plan: Plan, colour: boolean): string[] {
  const paint = colours.createColors(colour)
  const painted: Record<DiffLine['kind'], (text: string) => string> = {
    file: paint.bold,
    hunk: paint.cyan,
    old: paint.red,
    new: paint.green,
    same: (text) => text,
  }
  return diffOf(plan).map(({ kind, text }) => painted[kind](text.split('\t').map(printable).join('\t')))
}

/** What a person is told at the end. */
export function outcomeLines(
  { plan, changed, refused, journal }: Outcome,
  keys: readonly KeyUse[],
  { dryRun, home }: { dryRun: boolean; home: string },
): string[] {
  const place = (file: string, line: number) => `${shortPath(file, home)}:${line}`
  const done = dryRun ? 'would change' : 'changed'
  return [
    changed.length === 0 ? 'nothing to change' : `${done} ${countOf(changed)}`,
    ...grouped(refused, ({ reason, hint }) => `${reason}\n${hint}`).flatMap((group) => refusalLines(group, place)),
    ...(plan.reported.length > 0 ? ['for you to change:'] : []),
    ...plan.reported.map(({ file, line, url, to, branch }) => {
      const where = branch === undefined ? '' : ` on ${branch}`
      return `  ${place(file, line)}${printable(`${where}: ${url}${to === undefined ? '' : ` → ${to}`}`)}`
    }),
    ...keys.flatMap((key) => keyLines(key, place)),
    ...(dryRun && changed.length > 0 ? ['nothing was changed'] : []),
    ...(journal === undefined ? [] : [`to undo it: awsfed migrate --undo ${journal}`]),
  ]
}

/** Of several for one reason each file is named once: a lock may have hundreds of lines. */
function refusalLines(group: Group<Refused>, place: (file: string, line: number) => string): string[] {
  const [{ file, line, url, reason, hint }] = group
  if (group.length === 1) {
    return [
      `refused ${place(file, line)}: ${printable(url === undefined ? reason : `${url}: ${reason}`)}`,
      `  ${printable(hint)}`,
    ]
  }
  const files = grouped(group, (one) => one.file).map(([first, ...others]) => {
    const rest = others.length > 0 ? `, and ${others.length} more in it` : ''
    return `    ${place(first.file, first.line)}${printable(first.url === undefined ? '' : `: ${first.url}`)}${rest}`
  })
  return [`refused ${group.length}: ${printable(reason)}`, `  ${printable(hint)}`, ...files]
}

type Group<T> = readonly [T, ...T[]]

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Group<T>[] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const group = groups.get(keyOf(one))
    if (group) group.push(one)
    else groups.set(keyOf(one), [one])
  }
  return [...groups.values()]
}

function keyLines({ id, uses }: KeyUse, place: (file: string, line: number) => string): string[] {
  if (uses.length > 0) return [`SSH key ${id} is still used:`, ...uses.map(({ file, line }) => `  ${place(file, line)}`)]
  return [
    `SSH key ${id} is no longer used here; to deactivate it (it can be activated again):`,
    `  aws iam update-ssh-public-key --user-name USER --ssh-public-key-id ${id} --status Inactive`,
  ]
}

/** `3 URLs in 2 files` */
export function countOf(edits: readonly Edit[]): string {
  const files = new Set(edits.map(({ file }) => file)).size
  return `${counted(edits.length, 'URL')} in ${counted(files, 'file')}`
}
