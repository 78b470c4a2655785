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
    // Each file that starts a browser or servers starts several processes: two at once is what two cores bear.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Hundreds of browsers on a machine that others use too: what fails there is tried once more, and the report says so. At a desk
    // nothing is.
    retry: process.env.CI ? 1 : 0,
  },
})
