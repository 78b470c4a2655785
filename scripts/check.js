// `npm run check`: types, lint with the floors of the house, dead code, and the published package.
import { makeReady, runTool } from './lib/machine.js'

makeReady()

/** @type {readonly [title: string, script: string, ...args: string[]][]} */
const checks = [
  ['types', 'node_modules/typescript/bin/tsc', '-p', '.'],
  ['lint, format, floors', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  ['dead code', 'node_modules/knip/bin/knip.js'],
  ['build', 'scripts/build.js'],
  ['package', 'node_modules/publint/src/cli.js', '--strict'],
]
let failed = 0
for (const [title, script, ...args] of checks) {
  process.stdout.write(`# ${title}\n`)
  if (runTool(script, args) !== 0) failed += 1
}
process.stdout.write(`check: ${checks.length - failed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
