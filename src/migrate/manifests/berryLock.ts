import { asByteText } from '../bytes.ts'
import { type Decisions, together } from '../decided.ts'
import type { Translate } from '../url/translate.ts'
import { type Style, settled } from './entries.ts'
import { dependencyFields } from './packageJson.ts'
import { named, type Reading, range, shifted, split, type TextFile } from './readings.ts'
import { decideInLock } from './tree.ts'
import { unreadable } from './unreadable.ts'
import { type YamlString, yamlStrings } from './yaml.ts'
import { type DecidedString, yamlEntries } from './yamlEntries.ts'

/** Whether a yarn.lock is that of yarn 2 or newer. */
export function isBerryLock(text: string): boolean {
  return /^__metadata:/m.test(text)
}

/** What is to change in a yarn.lock of yarn 2 or newer. The checksums are those of the content, and stay. */
export function planBerryLock(file: TextFile, translate: Translate): Decisions {
  const { items, badLine } = yamlStrings(file.text)
  if (badLine !== undefined) return unreadable(file, badLine, "yarn's lock")
  const all = items.map((item): DecidedString => {
    return { item, decisions: decideInLock(file, item, readingOf(item), translate) }
  })
  const isEntry = ({ path }: YamlString) => path.length === 1 && path[0] !== '__metadata'
  const refused = all.flatMap(({ decisions }) => decisions.refused)
  return together([
    { edits: [], refused },
    settled(
      file,
      yamlEntries(file.text, all, isEntry, (key) => key.split(', ')),
      style,
    ),
  ])
}

/** As its Project.generateLockfile and stringifySyml have it. */
const style: Style = {
  header: (keys) => asByteText(JSON.stringify(keys.join(', '))),
  sortedBy: (keys) => keys.join(', '),
  merge: (one, other) => (one === other ? one : undefined),
}

function readingOf({ path, isKey }: YamlString): Reading | undefined {
  if (isKey) return path.length === 1 ? descriptors : undefined
  if (path.length === 2) return path[1] === 'resolution' ? locator : undefined
  return path.length === 3 && dependencyFields.has(path[1]) ? range : undefined
}

/** `NAME@RANGE, NAME@RANGE` */
const descriptors: Reading = (value) => split(value, /, /g).flatMap(({ index, part }) => named(part).map(shifted(index)))

/** `NAME@URL#commit=…`, where yarn leaves away the `git+` of an https URL (normalizeRepoUrl of its plugin-git). */
const locator: Reading = (value) =>
  named(value).map((url) => ({ ...url, write: (to) => url.write(to.replace(/^git\+(?=https:)/, '')) }))
