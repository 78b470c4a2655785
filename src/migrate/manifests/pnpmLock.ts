import { asByteText, type ByteText } from '../bytes.ts'
import { type Decisions, together } from '../decided.ts'
import type { Translate } from '../url/translate.ts'
import { type Style, settled } from './entries.ts'
import { isCatalog } from './packageJson.ts'
import { named, type Reading, range, split, type TextFile, type UrlIn } from './readings.ts'
import { collidingKeys, decideInLock } from './tree.ts'
import { refusedFile, unreadable } from './unreadable.ts'
import { type YamlString, yamlStrings } from './yaml.ts'
import { type DecidedString, yamlEntries } from './yamlEntries.ts'

type Path = readonly (string | number)[]

/** What is to change in a pnpm-lock.yaml of version 6 (pnpm 8) or 9 (pnpm 9 and 10). */
export function planPnpmLock(file: TextFile, translate: Translate): Decisions {
  const version = /^lockfileVersion: *['"]?([\d.]+)/m.exec(file.text)?.[1] ?? ''
  if (!/^[69]\./.test(version)) {
    return refusedFile(
      file,
      1,
      `awsfed knows pnpm's lock of version 6 and 9, not "${version}"`,
      'install with pnpm 8, 9 or 10 first',
    )
  }
  const { items, badLine } = yamlStrings(file.text)
  if (badLine !== undefined) return unreadable(file, badLine, "pnpm's lock")
  const resolved = version.startsWith('6') ? idsOf(items) : depPath
  const all = items.map((item): DecidedString => {
    return { item, decisions: decideInLock(file, item, readingOf(item, resolved), translate) }
  })
  const sorted = ['packages', 'snapshots'].map((section) => {
    const ofSection = ({ path }: YamlString) => path.length === 2 && path[0] === section
    return settled(
      file,
      yamlEntries(file.text, all, ofSection, (key) => [key]),
      style,
    )
  })
  const others = all.filter(({ item }) => item.path[0] !== 'packages' && item.path[0] !== 'snapshots')
  const refused = all.flatMap(({ decisions }) => decisions.refused)
  return together([
    { edits: [], refused: [...refused, ...collidingKeys(file, others)] },
    ...others.map(({ decisions }) => ({ edits: decisions.edits, refused: [] })),
    ...sorted,
  ])
}

/** pnpm sorts by code units (lexCompare of @pnpm/util.lex-comparator), and a key stands alone. */
const style: Style = { header: (keys) => asByteText(keys.join(', ')), sortedBy: (keys) => keys[0] ?? '', merge: mergedFlags }

/**
 * Two entries may differ by who needs them: only optional dependencies, only development (`dev: true`), only production
 * (`dev: false`). Needed in both ways, the entry has no such line.
 */
function mergedFlags(one: ByteText, other: ByteText): ByteText | undefined {
  const flag = /\r?\n {4}(?:dev|optional): (?:true|false)(?=\r?\n|$)/g
  const plain = (body: ByteText) => body.replace(flag, '').replace(/^: \{\}$/, ':')
  if (plain(one) !== plain(other)) return undefined
  const flags = new Set(other.match(flag))
  return one.replace(flag, (line) => (flags.has(line) ? line : '')).replace(/^:$/, ': {}')
}

const resolvedFields = new Set<string | number | undefined>(['dependencies', 'devDependencies', 'optionalDependencies'])

/** @param resolved how this version writes what a dependency is resolved to */
function readingOf({ path, isKey }: YamlString, resolved: Reading): Reading | undefined {
  const [section] = path
  if (section === 'packages' || section === 'snapshots') return readingOfPackage(path, isKey, resolved)
  if (section === 'overrides' && path.length === 2) return isKey ? named : range
  if (isKey || !holdsDependency(path)) return undefined
  return path.at(-1) === 'specifier' ? range : path.at(-1) === 'version' ? resolved : undefined
}

function readingOfPackage([, , field, name, ...more]: Path, isKey: boolean, resolved: Reading): Reading | undefined {
  if (isKey) return field === undefined ? resolved : undefined
  if (name === undefined) return field === 'id' ? resolved : undefined
  if (more.length > 0) return undefined
  if (field === 'resolution') return name === 'repo' ? repo : undefined
  if (field === 'peerDependencies') return range
  return resolvedFields.has(field) ? resolved : undefined
}

/** `importers.FOLDER.FIELD.NAME.x`, without workspaces `FIELD.NAME.x`, and `catalogs.CATALOG.NAME.x` */
function holdsDependency(path: Path): boolean {
  if (path[0] === 'importers') return path.length === 5 && resolvedFields.has(path[2])
  return (path.length === 3 && resolvedFields.has(path[0])) || isCatalog(path.slice(0, -1))
}

/** `resolution.repo`, which pnpm hands to git. */
const repo: Reading = (value) => [{ index: 0, written: value, url: value, use: 'pnpm-repo', write: (to) => to }]

/** `NAME@URL#COMMIT(PEER@URL#COMMIT)(PEER@VERSION)`, as version 9 has it; of an importer the first name may be absent. */
const depPath: Reading = (value) =>
  split(value, /[()]/g).flatMap(({ index, part }) => {
    const name = /^(?:@[^/@]+\/)?[^/@:]+@(?=[a-z][a-z0-9+.-]*:\/\/)/.exec(part)?.[0].length ?? 0
    return range(part.slice(name)).map((url) => ({ ...url, index: index + name }))
  })

/**
 * The same of version 6, `HOST/v1/repos/x/COMMIT(PEER@…)`. It has no scheme, so only the repositories that the lock itself
 * gives a URL for are known.
 */
function idsOf(items: readonly YamlString[]): Reading {
  const repos = items.flatMap(({ path, isKey, literal }) =>
    !isKey && path[0] === 'packages' && path[2] === 'resolution' && path[3] === 'repo' ? [literal.value] : [],
  )
  const known = [...new Set(repos)].map((url) => ({ url, written: withoutScheme(url).replace(':', '+') }))
  return (value) =>
    split(value, /[()]/g).flatMap(({ index, part }) =>
      known.flatMap(({ url, written }): UrlIn[] => {
        const name = part.startsWith(`${written}/`) ? 0 : part.indexOf(`@${written}/`) + 1
        const there = part.startsWith(`${written}/`, name) && !part.slice(0, name).includes(':')
        if (!there || (name > 0 && !/^(?:@[^/@]+\/)?[^/@]+@$/.test(part.slice(0, name)))) return []
        return [{ index: index + name, written, url, use: 'pnpm-repo', write: withoutScheme }]
      }),
    )
}

function withoutScheme(url: string): string {
  return url.replace(/^[a-z+]+:\/\//, '')
}
