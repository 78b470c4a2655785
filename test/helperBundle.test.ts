import { expect, test } from 'vitest'
import { buildHelper } from '../scripts/build.js'

const { metafile = { inputs: {}, outputs: {} } } = await buildHelper(false)
const [output] = Object.values(metafile.outputs).filter((candidate) => candidate.inputs['src/helper.ts'])
const inputs = Object.keys(metafile.inputs)

test('the hot path holds no room of ours but base, the session cache and codecommit', () => {
  const ours = inputs.filter((file) => !file.startsWith('node_modules/') && !file.includes(':'))
  const allowed = /^src\/(helper|session\/(cache|freshness)|(base|codecommit)\/\w+)\.ts$/
  expect(ours).toContain('src/helper.ts')
  expect(ours.filter((file) => !allowed.test(file))).toEqual([])
})

test('it holds no package but the TOML parser, and the cipher of sealed sessions', () => {
  const packages = new Set(
    inputs.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter((name) => name !== undefined),
  )
  expect([...packages].sort()).toEqual(['@noble/ciphers', 'smol-toml'])
})

test('it loads what Node has loaded anyway, and the login when it needs it', () => {
  const loaded = new Set(output?.imports.map((one) => `${one.kind} ${one.path}`))
  expect([...loaded].sort()).toEqual(['dynamic-import ./login.js', 'require-call node:fs', 'require-call node:path'])
})

test('it is small: V8 reads all of it before the first line runs', () => {
  expect(output?.bytes).toBeLessThan(52 * 1024)
})
