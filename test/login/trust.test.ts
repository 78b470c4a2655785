import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { programs, run, scrubbedEnvironment } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'

vi.setConfig({ testTimeout: 60_000 })

/** `awsfed login` at a portal whose certificate is of a private CA, which Chromium is told nothing of. */
async function loginTrusting(how: (ca: string) => Record<string, string | undefined>) {
  const sandbox = await sandboxForTest()
  const file = path.join(sandbox.home, 'config.toml')
  const config = readFileSync(file, 'utf8')
  writeFileSync(file, config.replace(/^browser_args = .*\n/m, ''))
  expect(readFileSync(file, 'utf8')).not.toBe(config)
  const { AWS_CA_BUNDLE: ca = '', ...environment } = sandbox.environment
  const env = scrubbedEnvironment(sandbox.home, { ...environment, AWSFED_INTERACTIVE: 'never', AWSFED_DEBUG: '1', ...how(ca) })
  const outcome = await run(process.execPath, [programs.awsfed, 'login', '--json'], { env })
  return { ...outcome, seen: sandbox.events.filter(({ server }) => server === 'portal').map(({ what }) => what) }
}

describe('a private CA is trusted by the browser too', () => {
  test.each<[string, (ca: string) => Record<string, string>]>([
    ['AWS_CA_BUNDLE', (ca) => ({ AWS_CA_BUNDLE: ca })],
    ['NODE_EXTRA_CA_CERTS', (ca) => ({ NODE_EXTRA_CA_CERTS: ca })],
    ["SSL_CERT_FILE, as the system's", (ca) => ({ SSL_CERT_FILE: ca })],
  ])('that %s names', async (_, how) => {
    const { code, stdout, stderr, seen } = await loginTrusting(how)
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ via: 'headless' })
    expect(stderr).toContain('it is good by what awsfed trusts')
    expect(seen).toContain('password accepted')
  })
})

test('one that nothing names is not trusted: nothing is typed, and the hint says how to name it', async () => {
  const { code, stderr, seen } = await loginTrusting(() => ({ SSL_CERT_FILE: '/dev/null' }))
  expect(code).toBe(1)
  expect(stderr).toContain('awsfed does not trust it either')
  expect(stderr).toMatch(/^awsfed: the certificate of the portal localhost:\d+ is not trusted \(.*\)\n {2}hint: .*AWS_CA_BUNDLE/m)
  expect(seen).toEqual([])
})
