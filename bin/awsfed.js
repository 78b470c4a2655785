#!/usr/bin/env node
// Syntax that old Nodes read too: on one of them this file has to say so, and not fail by its own words.
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = new URL('../dist/cli.js', import.meta.url)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`awsfed: Node ${process.versions.node} is too old`)
  console.error('  hint: install Node 20.19 or later, then run awsfed with it')
  process.exitCode = 1
} else if (!fs.existsSync(fileURLToPath(program))) {
  console.error(`awsfed: ${fileURLToPath(program)} is missing`)
  console.error('  hint: in a checkout run `npm run build`; else install awsfed again (README, Install)')
  process.exitCode = 1
} else {
  import(program.href)
}
