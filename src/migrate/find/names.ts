import path from 'node:path'

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
    ...['uv.lock', 'tox.ini', 'environment.yml', 'Package.swift', 'pubspec.yaml', 'mix.exs', 'flake.nix'],
    ...['Dockerfile', 'Containerfile', 'Vagrantfile', 'Jenkinsfile', 'Makefile', 'makefile', 'GNUmakefile', 'justfile'],
    ...['Rakefile', 'Brewfile', 'Earthfile', 'Taskfile.yml', 'bitbucket-pipelines.yml', 'appveyor.yml', 'appspec.yml'],
  ].map((name) => [name, 'mention'] as const),
])

/** By what follows the last dot. */
const mentioningExtensions = new Set([
  ...['tf', 'tofu', 'hcl', 'sh', 'bash', 'zsh', 'fish', 'ps1', 'psm1', 'bat', 'cmd', 'mk'],
  ...['podspec', 'gemspec', 'dockerfile', 'Dockerfile'],
])

const pip = /requirements|constraints/i
const yaml = /^\.|^action\.|buildspec|compose|pipeline|cloudbuild|workflow|(^|[-_.])(ci|cd|build|deploy|release)([-_.]|$)/i

/** Extensions that many other files have too, with what the name has to have beside. */
const mentioningPatterns = new Map([
  ['txt', pip],
  ['in', pip],
  ['json', /\.tf\.json$/],
  ['yml', yaml],
  ['yaml', yaml],
])

/** Folders of CI whose every YAML file counts, and pip's usual folder. */
const mentioningFolders = new Set(['workflows', '.github', '.circleci', '.buildkite', '.woodpecker', 'requirements'])

/** What may stand before any extension. */
const mentioningPrefix = 'Dockerfile.'
const firstOfPrefix = mentioningPrefix.charCodeAt(0)

/**
 * The last three letters of all these names and extensions, the dot counted. They let most files of a tree go without a look
 * into the tables, which cost as much as the rest of the search beside its walk.
 */
const endings = new Uint8Array(1 << 15)
for (const name of roles.keys()) endings[endingOf(name)] = 1
for (const extension of [...mentioningExtensions, ...mentioningPatterns.keys()]) endings[endingOf(`.${extension}`)] = 1

/** The role of the file `name` in `folder`; undefined for a file that is of no interest. Called for each file of a tree. */
export function roleOf(name: string, folder: string): FileRole | undefined {
  if (endings[endingOf(name)] === 0) return hasMentioningPrefix(name) ? 'mention' : undefined
  const role = roles.get(name)
  if (role !== undefined) return role
  const dot = name.lastIndexOf('.')
  if (dot < 0) return undefined
  const extension = name.slice(dot + 1)
  if (mentioningExtensions.has(extension) || hasMentioningPrefix(name)) return 'mention'
  const pattern = mentioningPatterns.get(extension)
  return pattern && (pattern.test(name) || mentioningFolders.has(path.basename(folder))) ? 'mention' : undefined
}

/** A number of 15 bits; different endings may share one, which only costs a look into the tables. */
function endingOf(name: string): number {
  const last = name.length - 1
  return ((name.charCodeAt(last - 2) << 10) ^ (name.charCodeAt(last - 1) << 5) ^ name.charCodeAt(last)) & 0x7fff
}

function hasMentioningPrefix(name: string): boolean {
  return name.charCodeAt(0) === firstOfPrefix && name.startsWith(mentioningPrefix)
}
