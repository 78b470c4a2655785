import path from 'node:path'
import { readIfThere, writeWhole } from '../base/files.ts'
import type { Paths } from '../base/paths.ts'
import { codecommitUrls } from './codecommitUrls.ts'
import { linesOf, written } from './sectionText.ts'

// A profile as the user of a URL (`https://PROFILE@git-codecommit…`): libcurl would try that name with an empty password before
// git asks a helper, and CodeCommit answers wrong credentials with 403, upon which git gives up. With http.emptyAuth git asks
// first (git's http.c, init_curl_http_auth). There are as many such sections as profiles, so they have a file of their own.

/** The file of awsfed's own that git's configuration includes. */
export function userSectionsFile(paths: Paths): string {
  return path.join(paths.state, 'gitconfig')
}

/** Its text for these `profiles`. */
function userSections(profiles: readonly string[]): string {
  const sections = profiles.flatMap((profile) =>
    codecommitUrls.map((url) => {
      const user = encodeURIComponent(profile).replace(/[\\"]/g, '\\$&')
      return `[http "${url.replace('https://', `https://${user}@`)}"]\n\temptyAuth = true\n`
    }),
  )
  return `# Written by \`awsfed setup git\`: it writes this file anew, and --undo removes it.\n${sections.join('')}`
}

/** Whether the file holds what it should for `profiles`. */
export function hasUserSections(paths: Paths, profiles: readonly string[]): boolean {
  return readIfThere(userSectionsFile(paths)) === userSections(profiles)
}

export function writeUserSections(paths: Paths, profiles: readonly string[]): void {
  writeWhole(userSectionsFile(paths), userSections(profiles))
}

/** `file` as the value of `include.path`: git takes forward slashes on Windows too. */
export function includeValue(file: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? file.replaceAll('\\', '/') : file
}

export const includeKey = 'include.path'

export function includeSection(value: string): string {
  return `[include]\n\tpath = ${written(value)}\n`
}

/** `text` without what `includeSection` added: the line, and the header where nothing else stands under it. */
export function withoutInclude(text: string, value: string): string {
  const lines = linesOf(text)
  const at = lines.findIndex(
    (line, index) => line.trim() === `path = ${written(value)}` && lines[index - 1]?.trim() === '[include]',
  )
  if (at < 0) return text
  const alone = lines[at + 1] === undefined || /^\s*\[/.test(lines[at + 1] ?? '')
  return lines.filter((_, index) => index !== at && !(alone && index === at - 1)).join('')
}
