/**
 * What a file is for the migration by its name: a manifest or lockfile that awsfed edits, git's list of submodules, what
 * leads to a git directory, the sign of a bare repository, or one whose URLs are only reported.
 */
export type FileRole = 'manifest' | 'gitmodules' | 'git' | 'head' | 'mention'

/** By its whole name. */
const roles = new Map<string, FileRole>([
  ['.gitmodules', 'gitmodules'],
  ['.git', 'git'],
  ['HEAD', 'head'],
  ...[
    ...['package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'bun.lock'],
    ...['pnpm-lock.yaml', 'pnpm-workspace.yaml'],
  ].map((name) => [name, 'manifest'] as const),
  ...[
    ...['Podfile', 'Podfile.lock', 'Gemfile', 'Gemfile.lock', 'gems.rb', 'gems.locked', 'Cargo.toml', 'Cargo.lock'],
    ...['composer.json', 'composer.lock', 'setup.py', 'setup.cfg', 'pyproject.toml', 'Pipfile', 'Pipfile.lock', 'poetry.lock'],
    ...['uv.lock', 'tox.ini', 'environment.yml', 'Package.swift', 'pubspec.yaml', 'mix.exs', 'flake.nix', 'Vagrantfile'],
    ...['Dockerfile', 'dockerfile', 'Containerfile', 'containerfile', 'Jenkinsfile', 'Makefile', 'makefile', 'GNUmakefile'],
    ...['justfile', 'Justfile', 'Rakefile', 'Brewfile', 'Earthfile', 'Taskfile.yml', 'bitbucket-pipelines.yml'],
    ...['appveyor.yml', 'appspec.yml'],
  ].map((name) => [name, 'mention'] as const),
])

/** By what follows the last dot. */
const mentioningExtensions = new Set([
  ...['tf', 'tfvars', 'tofu', 'hcl', 'sh', 'bash', 'zsh', 'ksh', 'fish', 'ps1', 'psm1', 'bat', 'cmd', 'mk', 'groovy'],
  ...['podspec', 'gemspec', 'dockerfile', 'Dockerfile', 'jenkinsfile', 'Jenkinsfile'],
])

const pip = /(?:requirements|constraints)[^\\/]*$|[\\/]requirements[\\/]/i
const yaml = new RegExp(
  [
    String.raw`[\\/](?:\.|action\.|[^\\/]*(?:buildspec|requirements|compose|pipeline|cloudbuild|workflow|gitlab))[^\\/]*$`,
    String.raw`[\\/._-](?:ci|cd|build|deploy|release)(?:[._-][^\\/]*)?$`,
    String.raw`[\\/](?:workflows|\.(?:github|gitlab|circleci|buildkite|woodpecker|azuredevops)|pipelines|\.?ci|requirements)[\\/]`,
  ].join('|'),
  'i',
)

/** Extensions that many other files have too, with what the path has to have beside: a name, or a folder of CI's or pip's. */
const mentioningPatterns = new Map([
  ['txt', pip],
  ['in', pip],
  ['yml', yaml],
  ['yaml', yaml],
])

/** Folders whose files are scripts, those too that have no extension. */
const scriptFolders = /[\\/](?:bin|scripts?|tools|\.?ci|(?:\.?git-?)?hooks|\.husky|\.buildkite)$/

/** What may stand before any extension, and an extension of two parts. */
const mentioningPrefix = /^(?:Docker|Container|Jenkins|Make)file[.\-_]/
const mentioningSuffix = '.tf.json'

// The last letters of all of these. They let nearly every file of a tree go without a look into the tables, which would cost
// as much as all of the search beside its walk.
const namesEnd = endingsOf([...roles.keys(), mentioningSuffix], 6)
const extensionsEnd = endingsOf(
  [...mentioningExtensions, ...mentioningPatterns.keys()].map((extension) => `.${extension}`),
  3,
)

/** The role of the file `name` in `folder`; undefined for a file that is of no interest. Called for each file of a tree. */
export function roleOf(name: string, folder: string): FileRole | undefined {
  if (namesEnd[ending(name, 6)] === 1) {
    const role = roles.get(name)
    if (role !== undefined || name.endsWith(mentioningSuffix)) return role ?? 'mention'
  }
  if (extensionsEnd[ending(name, 3)] === 1) {
    const extension = name.slice(name.lastIndexOf('.') + 1)
    if (mentioningExtensions.has(extension)) return 'mention'
    if (mentioningPatterns.get(extension)?.test(`${folder}/${name}`)) return 'mention'
  }
  if (name.includes('.')) return name.charCodeAt(0) < 0x4e && mentioningPrefix.test(name) ? 'mention' : undefined
  return mentioningPrefix.test(name) || scriptFolders.test(folder) ? 'mention' : undefined
}

/** A table of the endings of `texts`, by `letters` of each. */
function endingsOf(texts: Iterable<string>, letters: number): Uint8Array {
  const table = new Uint8Array(1 << 15)
  for (const text of texts) table[ending(text, letters)] = 1
  return table
}

/** A number of 15 bits. Different endings may share one, which only costs a look into the tables. */
function ending(text: string, letters: number): number {
  let number = 0
  for (let at = text.length - letters; at < text.length; at++) number = (number * 31 + text.charCodeAt(at)) & 0x7fff
  return number
}
