// `npm run bench [-- helper|find] [--runs N]`: the helper's hot path, and the search of a code folder, whole processes
// beside what others use. It measures and never fails: timings of a shared machine are no test.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { benchFind } from './bench/find.js'
import { benchHelper } from './bench/helper.js'
import { buildHelper } from './build.js'

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string' }, 'no-build': { type: 'boolean' } },
  allowPositionals: true,
})
const rounds = (/** @type {number} */ usual) => Math.max(3, Number.parseInt(values.runs ?? '', 10) || usual)
const wanted = (/** @type {string} */ name) => positionals.length === 0 || positionals.includes(name)

const folder = mkdtempSync(path.join(os.tmpdir(), 'awsfed-bench-'))
try {
  if (wanted('helper')) {
    if (!values['no-build']) await buildHelper()
    benchHelper(folder, rounds(41))
  }
  if (wanted('find')) await benchFind(folder, rounds(7))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
