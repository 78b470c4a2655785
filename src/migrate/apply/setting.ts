import { type Entry, partsOf } from '../../git/config.ts'
import { realOf } from '../find/gitDir.ts'
import type { Edit } from '../plan.ts'

/** A variable as git lists it. */
export interface Setting {
  /** `remote.origin.url`: section and name in lower case. */
  readonly key: string
  readonly value: string
  /** The real path of the file that says it. */
  readonly file: string
}

/** What git lists with `--show-origin`. Where it read a copy, or an include leads to one, what the copy stands for is meant. */
export function settingsFrom(entries: readonly Entry[], copies: ReadonlyMap<string, string> = new Map()): Setting[] {
  return entries.map(({ key, value, origin }) => {
    const file = origin?.replace(/^file:/, '') ?? ''
    return { key, value: copies.get(value) ?? value, file: copies.get(file) ?? realOf(file) }
  })
}

/** Whether `edit` is to change `setting`, which stands in its file. */
export function changes({ kind, from }: Edit, { key, value }: Setting): boolean {
  const { section, subsection, name } = partsOf(key)
  if (section === 'url') return kind.startsWith('url.') && /^(push)?insteadof$/.test(name) && subsection === from
  return `${section}.${name}` === kind.toLowerCase() && value === from
}

/** `setting` as it is to be when `edits`, those of its file, are done. */
export function planned(setting: Setting, edits: readonly Edit[]): Setting {
  const edit = edits.find((one) => changes(one, setting))
  if (!edit) return setting
  if (edit.kind.startsWith('url.')) return { ...setting, key: `url.${edit.to}.${partsOf(setting.key).name}` }
  return { ...setting, value: edit.to }
}

/** What `settings` have that `others` have not, as often as they have it. */
export function beyond(settings: readonly Setting[], others: readonly Setting[]): Setting[] {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(textOf(other), (counts.get(textOf(other)) ?? 0) + 1)
  return settings.filter((setting) => {
    const count = counts.get(textOf(setting)) ?? 0
    counts.set(textOf(setting), count - 1)
    return count <= 0
  })
}

/**
 * Where each of `settings` is among `others`, when they say the same: each key has the same values in the same order, from
 * wherever they come. Undefined when they do not.
 */
export function places(settings: readonly Setting[], others: readonly Setting[]): number[] | undefined {
  const ahead = new Map<string, number[]>()
  for (const [index, { key }] of others.entries()) ahead.set(key, [...(ahead.get(key) ?? []), index])
  const found = settings.map(({ key }) => ahead.get(key)?.shift() ?? -1)
  const same =
    settings.length === others.length && settings.every(({ value }, index) => others[found[index] ?? -1]?.value === value)
  return same ? found : undefined
}

function textOf({ file, key, value }: Setting): string {
  return JSON.stringify([file, key, value])
}
