import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As esbuild does for `with { type: 'text' }`.
  plugins: [
    {
      name: 'toml-as-text',
      enforce: 'pre',
      transform: (code, id) => (id.endsWith('.toml') ? `export default ${JSON.stringify(code)}` : undefined),
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/build.ts'],
    // Half of the time the files wait, for browsers and servers that each starts: one more at once than there are cores, and not many.
    maxWorkers: Math.min(availableParallelism() + 1, 4),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Hundreds of browsers on a machine that others use too: what fails there is tried once more, and the report says so. At a desk
    // nothing is.
    retry: process.env.CI ? 1 : 0,
  },
})
