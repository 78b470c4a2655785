// `npm run demo`: makes the machine ready, builds, and shows awsfed's main job in the sandbox.
import { makeReady, runTool } from './lib/machine.js'

makeReady()
process.exitCode = runTool('scripts/build.js', []) || runTool('bin/awsfed.js', ['sandbox', '--demo', ...process.argv.slice(2)])
