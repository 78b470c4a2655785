import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

/** The modules that are loaded with a file of dist/, before it has run a line: by the comments that esbuild leaves. */
function loadedWith(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return []
  seen.add(file)
  const text = readFileSync(file, 'utf8')
  const own = [...text.matchAll(/^\/\/ ((?:src|node_modules)\/\S+)$/gm)].map(([, module = '']) => module)
  const chunks = [...text.matchAll(/^(?:import|export)?[^;]*?\bfrom "(\.[^"]+)";$|^import "(\.[^"]+)";$/gm)]
  return [...own, ...chunks.flatMap(([, from, bare]) => loadedWith(path.join(path.dirname(file), from ?? bare ?? ''), seen))]
}

// A login by plain requests takes a quarter of a second: the engine's word tables alone would add a fifth of that.
test('the login loads neither the engine of pages, nor a browser, nor a parser before it needs them', () => {
  const modules = loadedWith('dist/login.js')
  expect(modules).toContain('src/login/ensureSession.ts')
  const heavy =
    /^src\/login\/(portal\/|http\/|browser\/(open|driver|firefox\/open)|capture\/(watched|devtools|bidi|browsermob\/))|^node_modules\/(ws|parse5|tough-cookie|@aws-sdk|@clack)/
  expect(modules.filter((module) => heavy.test(module))).toEqual([])
})
