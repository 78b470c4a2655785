import path from 'node:path'
import type { Project } from '../manifests/project.ts'
import type { Reported, Transaction } from '../plan.ts'
import type { Translate } from '../url/translate.ts'
import { mentionsIn } from './mentions.ts'

const manifests = new Set(['package.json', 'pnpm-workspace.yaml'])

/** The URLs of manifests that are none of those decided over: in `scripts`, in pnpm's `packageExtensions`. */
export function leftInManifests(
  projects: readonly Project[],
  transactions: readonly Transaction[],
  translate: Translate,
): Reported[] {
  const decided = new Map<string, (string | undefined)[]>()
  const note = (place: string, url: string | undefined) => {
    const urls = decided.get(place) ?? []
    urls.push(url)
    decided.set(place, urls)
  }
  for (const { edits, refused } of transactions) {
    for (const { file, line, from } of edits) note(`${file}:${line}`, from)
    // Of a file that is refused as a whole nothing is known.
    for (const { file, line, url } of refused) note(url === undefined ? file : `${file}:${line}`, url)
  }
  return projects
    .flatMap(({ files }) => files)
    .filter(({ file }) => manifests.has(path.basename(file)) && !decided.has(file))
    .flatMap(({ file, text }) => mentionsIn({ file, text }, translate))
    .filter(({ file, line, url }) => !decided.get(`${file}:${line}`)?.some((one) => one?.startsWith(url)))
}
