import type { Entry } from '../git/config.ts'
import { overriding } from './overriding.ts'

/** What in git's configuration works against awsfed, and where it stands. */
export function gitWarnings(entries: readonly Entry[]): string[] {
  return overriding(entries).map(warningOf)
}

function warningOf({ key, value, origin }: Entry): string {
  const where = origin?.startsWith('file:') ? ` in ${origin.slice('file:'.length)}` : ''
  const name = key.replace(/usehttppath$/, 'useHttpPath')
  if (key.endsWith('usehttppath')) {
    return `${name}=false${where} comes later and overrides ours: CodeCommit needs the path; remove it`
  }
  return value === ''
    ? `an empty ${name}${where} comes later and takes awsfed away: move it up`
    : `credential helper ${value}${where} comes later: git hands it awsfed's credentials to keep; move it up`
}
