// A folder of code as a developer may have it.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** How much of what a project has, besides its git directory. */
const project = { sourceFolders: 30, filesInEach: 8, packages: 8, filesInPackage: 5 }
const extensions = ['ts', 'ts', 'tsx', 'js', 'py', 'java', 'md', 'json', 'css', 'html', 'png', 'go', 'svg', 'yml']

const origin = (/** @type {number} */ index) =>
  index % 4 === 0
    ? `ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/project-${index}`
    : `https://github.com/org/project-${index}.git`

const config = (/** @type {string} */ url) => `[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = false
\tlogallrefupdates = true
[remote "origin"]
\turl = ${url}
\tfetch = +refs/heads/*:refs/remotes/origin/*
[branch "main"]
\tremote = origin
\tmerge = refs/heads/main
`

const lock = JSON.stringify(
  {
    lockfileVersion: 3,
    packages: Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `node_modules/p${index}`,
        { version: '1.0.0', resolved: `https://registry.npmjs.org/p${index}/-/p${index}-1.0.0.tgz` },
      ]),
    ),
  },
  null,
  2,
)

/**
 * Makes `count` repositories below `folder`: one in four has its origin in CodeCommit, all have a manifest, a script, a
 * Dockerfile and a file of CI, half a lock, a quarter installed packages.
 * @param {string} folder
 * @param {number} count
 * @returns {number} how many files and folders that makes
 */
export function makeCodeTree(folder, count) {
  let entries = 0
  const put = (/** @type {string} */ file, text = '') => {
    writeFileSync(file, text)
    entries += 1
  }
  const open = (/** @type {string[]} */ ...steps) => {
    const made = path.join(...steps)
    mkdirSync(made, { recursive: true })
    entries += 1
    return made
  }
  for (let index = 0; index < count; index++) {
    const repository = open(folder, `team-${index % 20}`, `project-${index}`)
    gitDirectory(path.join(repository, '.git'), origin(index), open, put)
    put(path.join(repository, 'package.json'), JSON.stringify({ name: `project-${index}`, dependencies: { a: '^1', b: '^2' } }))
    if (index % 2) put(path.join(repository, 'package-lock.json'), lock)
    put(path.join(repository, 'Dockerfile'), 'FROM node:20\nCOPY . .\nRUN npm ci\n')
    put(path.join(repository, 'deploy.sh'), '#!/bin/sh\nset -e\nexec npm publish\n')
    put(path.join(open(repository, '.github', 'workflows'), 'ci.yml'), 'on: push\njobs: {}\n')
    for (let part = 0; part < project.sourceFolders; part++) {
      const sources = open(repository, 'src', `part-${part % 6}`, `unit-${part}`)
      for (let file = 0; file < project.filesInEach; file++) {
        put(path.join(sources, `some-module-${file}.${extensions[(part + file) % extensions.length]}`))
      }
    }
    if (index % 4 !== 1) continue
    for (let one = 0; one < project.packages; one++) {
      const installed = open(repository, 'node_modules', `package-${one}`)
      for (let file = 0; file < project.filesInPackage; file++) put(path.join(installed, `file-${file}.js`))
    }
  }
  return entries
}

/**
 * What `git clone` leaves: packed objects and references, sample hooks.
 * @param {string} folder
 * @param {string} url
 * @param {(...steps: string[]) => string} open
 * @param {(file: string, text?: string) => void} put
 */
function gitDirectory(folder, url, open, put) {
  for (const name of ['hooks', 'info', 'logs', 'objects/info', 'objects/pack', 'refs/heads', 'refs/remotes', 'refs/tags']) {
    open(folder, name)
  }
  for (let hook = 0; hook < 13; hook++) put(path.join(folder, 'hooks', `hook-${hook}.sample`))
  for (const name of ['HEAD', 'description', 'index', 'packed-refs', 'info/exclude', 'logs/HEAD']) put(path.join(folder, name))
  for (let object = 0; object < 24; object++) put(path.join(open(folder, 'objects', (16 + object).toString(16)), 'f00d'))
  put(path.join(folder, 'config'), config(url))
}
