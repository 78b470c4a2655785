import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * A script of the tests, given as the text of a TypeScript module that imports by paths from the project's root, as one
 * file that Node can run: for tests that need processes of their own. To be called at the top of a test file or in its
 * `beforeAll`; removed when the file's tests have ended.
 */
export async function bundledScript(source: string): Promise<string> {
  // Where packages that are not bundled are found from.
  const cache = path.join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(path.join(cache, 'awsfed-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'script.mjs')
  await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: ['selenium-webdriver', '@napi-rs/keyring'],
    logLevel: 'error',
    banner: {
      js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(${JSON.stringify(`${root}/`)});`,
    },
  })
  return file
}
