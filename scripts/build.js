// Builds dist/: the hot path alone as one CommonJS file, everything else as ES modules that share chunks.
import { rename, rm } from 'node:fs/promises'
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
 * Builds the hot path: small, since V8 reads every byte of it before the first line runs.
 * @param {boolean} write whether to write it, or only to tell its inputs
 * @param {string} folder where to
 */
export function buildHelper(write = true, folder = 'dist') {
  return build({
    ...common,
    entryPoints: ['src/helper.ts'],
    outfile: `${folder}/helper.cjs`,
    format: 'cjs',
    // No newer syntax than this: a Node that is too old has to be able to read that it is.
    target: 'node16',
    minify: true,
    plugins: [loginApart],
    // Where a package that is not bundled is looked for from.
    define: { 'import.meta.url': '__filename' },
    write,
  })
}

/** @param {string} folder where to write them */
function buildPrograms(folder) {
  return build({
    ...common,
    entryPoints: { cli: 'src/cli.ts', login: 'src/login/index.ts' },
    outdir: folder,
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
  // Built aside and then put in place, so that a program that runs meanwhile finds the old files or the new ones.
  const dist = path.join(root, 'dist')
  const fresh = `${dist}.new.${process.pid}`
  const old = `${dist}.old.${process.pid}`
  try {
    await Promise.all([buildHelper(true, fresh), buildPrograms(fresh)])
    await rename(dist, old).catch((error) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(fresh, dist)
  } finally {
    await Promise.all([rm(fresh, { recursive: true, force: true }), rm(old, { recursive: true, force: true })])
  }
}
