import { codecommitUrls } from './codecommitUrls.ts'
import type { Entry } from './gitConfig.ts'
import { isOurs } from './helperValue.ts'

/**
 * What in git's configuration works against awsfed: git takes credential settings in their order, not by how specific
 * they are, so that a general one behind ours overrides it.
 */
export function gitWarnings(entries: readonly Entry[]): string[] {
  const ours = entries.findIndex(({ key, value }) => key === `credential.${codecommitUrls[0]}.helper` && isOurs(value))
  if (ours < 0) return []
  const later = entries.slice(ours)
  const where = ({ origin }: Entry) => (origin?.startsWith('file:') ? ` in ${origin.slice('file:'.length)}` : '')
  const httpPath = later.find(({ key, value }) => key === 'credential.usehttppath' && /^(false|no|off|0|)$/i.test(value))
  const helper = later.find(
    ({ key, value }) => /^credential\.(.*git-codecommit.*\.)?helper$/.test(key) && value !== '' && !isOurs(value),
  )
  return [
    ...(httpPath
      ? [`credential.useHttpPath=false${where(httpPath)} comes later and overrides ours: CodeCommit needs the path; remove it`]
      : []),
    ...(helper
      ? [`credential helper ${helper.value}${where(helper)} comes later: git hands it awsfed's credentials to keep; move it up`]
      : []),
  ]
}
