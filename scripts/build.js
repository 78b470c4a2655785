// Builds dist/: the hot path alone as one CommonJS file, everything else as ES modules that share chunks.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  legalComments: 'linked',
  logLevel: 'warning',
  metafile: true,
}

/**
 * The helper loads the login by import() when it needs it, from the file beside it.
 * @type {import('esbuild').Plugin}
 */
const loginApart = {
  name: 'login-apart',
  setup(plugin) {
    plugin.onResolve({ filter: /\/login\/index\.ts$/ }, (args) =>
      args.kind === 'dynamic-import' ? { path: './login.js', external: true } : undefined,
    )
  },
}

/**
 * Builds the hot path.
 * @param {boolean} write whether to write it, or only to tell its inputs
 */
export function buildHelper(write = true) {
  return build({
    ...common,
    entryPoints: ['src/helper.ts'],
    outfile: 'dist/helper.cjs',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    plugins: [loginApart],
    write,
  })
}

function buildPrograms() {
  return build({
    ...common,
    entryPoints: { cli: 'src/cli.ts', login: 'src/login/index.ts' },
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: ['selenium-webdriver'],
    // CommonJS packages inside ES modules look for `require`.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
}

if (path.resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  await rm(path.join(root, 'dist'), { recursive: true, force: true })
  await Promise.all([buildHelper(), buildPrograms()])
}
