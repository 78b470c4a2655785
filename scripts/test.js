// `npm test [-- VITEST OPTIONS]`: makes the machine ready, builds, and runs every test.
import { makeReady, runTool } from './lib/machine.js'

makeReady({ tests: true })
process.exitCode = runTool('node_modules/vitest/vitest.mjs', ['run', ...process.argv.slice(2)])
