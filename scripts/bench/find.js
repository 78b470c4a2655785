// What it costs to find the repositories of a code folder and to read what they and the manifests say.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { compete, contender, judge, median } from '../lib/contest.js'
import { makeCodeTree } from './codeTree.js'

const contenders = fileURLToPath(new URL('contenders', import.meta.url))
const repositories = 2000

/**
 * @param {string} folder a temporary one, for its files
 * @param {number} rounds
 */
export async function benchFind(folder, rounds) {
  const tree = path.join(folder, 'code')
  const entries = makeCodeTree(tree, repositories)
  console.log(`\n${repositories} repositories among ${entries} files and folders`)

  const outfile = path.join(folder, 'find.mjs')
  const entry = path.join(contenders, 'find.js')
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20.19', minify: true })
  const node = (/** @type {string} */ title, /** @type {string} */ script, /** @type {object} */ more = {}) =>
    contender(title, process.execPath, [path.resolve(contenders, script), tree], more)
  const expect = `${repositories} repositories`
  const bare = node('node, an empty file', 'empty.js')
  const walked = node('a bare readdir walk', 'walk.js')
  const found = node('awsfed: find and read', outfile, { expect })
  const globbed = node("globby('**/.git')", 'globby.js', { every: 3, expect })
  const looped = node('git config for each repository', 'gitConfig.js', { every: 3 })
  compete([bare, walked, found, globbed, looped], rounds, { PATH: process.env.PATH, HOME: folder })

  const net = (/** @type {typeof bare} */ one) => median(one.times) - median(bare.times)
  const ratio = net(found) / net(walked)
  judge([
    ['find and read / a bare walk, both less bare Node', ratio, '≤ 1.3', ratio <= 1.3],
    ['globby / find and read', net(globbed) / net(found)],
    ['git config / find and read', net(looped) / net(found)],
  ])
}
