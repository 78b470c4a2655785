// As a script would: git for each repository, whose places are told to it.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'

const tree = process.argv[2] ?? '.'
for (const team of readdirSync(tree)) {
  for (const project of readdirSync(path.join(tree, team))) {
    spawnSync('git', ['config', '--file', path.join(tree, team, project, '.git', 'config'), '--get-regexp', 'remote.*url'])
  }
}
