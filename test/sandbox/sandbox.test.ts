import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/base/config.ts'
import { createAuthority } from '../../src/sandbox/certificates.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'
import { sandboxForTest } from '../support/sandbox.ts'

describe('what it writes', () => {
  test('a configuration that awsfed reads without a warning', async () => {
    const sandbox = await sandboxForTest()
    const config = loadConfig(path.join(sandbox.home, 'config.toml'))
    expect(config.warnings).toEqual([])
    expect([...config.profiles.keys()]).toEqual(['dev', 'readonly', 'deploy'])
    expect(config.profiles.get('deploy')).toMatchObject({ source: 'dev' })
    expect(config.portals.get('corp')).toMatchObject({ url: sandbox.portal.url, username: sandbox.user })
  })

  test('interactive: no user name and no commands', async () => {
    const sandbox = await sandboxForTest({ interactive: true })
    const portal = loadConfig(path.join(sandbox.home, 'config.toml')).portals.get('corp')
    expect(portal).toMatchObject({ username: undefined, passwordCommand: undefined, otpCommand: undefined })
  })

  test('the commands of the configuration, run by a shell → the password, the code', async () => {
    const sandbox = await sandboxForTest()
    const portal = loadConfig(path.join(sandbox.home, 'config.toml')).portals.get('corp')
    const env = scrubbedEnvironment(sandbox.folder)
    const password = await run('sh', ['-c', portal?.passwordCommand ?? 'false'], { env })
    expect(password).toEqual({ code: 0, stdout: `${sandbox.password}\n`, stderr: '' })
    const before = sandbox.totp()
    const code = await run('sh', ['-c', portal?.otpCommand ?? 'false'], { env })
    expect([before, sandbox.totp()]).toContain(code.stdout.trim())
  })

  test('secrets are their owner’s only', async () => {
    const sandbox = await sandboxForTest()
    expect(statSync(sandbox.folder).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(path.join(sandbox.folder, 'user'))) {
      expect(statSync(path.join(sandbox.folder, 'user', name)).mode & 0o777).toBe(0o600)
    }
  })

  test('GIT_SSL_CAINFO of the user → a copy of it that knows the sandbox too', async () => {
    const own = path.join(temporaryFolder(), 'own.pem')
    const { writeFileSync } = await import('node:fs')
    writeFileSync(own, 'own\n')
    const sandbox = await sandboxForTest({ env: { ...process.env, GIT_SSL_CAINFO: own } })
    const text = readFileSync(sandbox.environment.GIT_SSL_CAINFO ?? '', 'utf8')
    expect(text).toContain('own\n')
    expect(text).toContain(readFileSync(sandbox.environment.AWS_CA_BUNDLE ?? '', 'utf8'))
  })
})

describe('stop', () => {
  test('ends every server and removes the folder; twice is once', async () => {
    const sandbox = await startSandbox()
    const ports = [sandbox.portal.url, sandbox.environment.AWS_ENDPOINT_URL_STS ?? ''].map((url) => Number(new URL(url).port))
    await sandbox.stop()
    await sandbox.stop()
    expect(existsSync(sandbox.folder)).toBe(false)
    for (const port of ports) {
      const error = await new Promise((resolve) => net.connect(port, '127.0.0.1').on('error', resolve))
      expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    }
  })

  test('a folder that was given stays', async () => {
    const folder = path.join(temporaryFolder(), 'mine')
    const sandbox = await startSandbox({ folder })
    await sandbox.stop()
    expect(existsSync(path.join(folder, 'awsfed', 'config.toml'))).toBe(true)
  })

  test('a clone in flight ends with it', async () => {
    const sandbox = await sandboxForTest()
    const repository = await sandbox.createRepository('demo')
    const env = scrubbedEnvironment(sandbox.folder, { ...sandbox.environment, GIT_TERMINAL_PROMPT: '0' })
    const clone = run('git', ['clone', repository.url, 'x'], { env, cwd: sandbox.folder })
    await sandbox.waitFor(({ server }) => server === 'proxy')
    await sandbox.stop()
    expect((await clone).code).toBe(128)
  })
})

describe('waitFor', () => {
  test('nothing comes → says what it saw', async () => {
    const sandbox = await sandboxForTest()
    await expect(sandbox.waitFor(() => true, 10)).rejects.toThrow('saw no such request within 10 ms')
  })
})

describe('certificates', () => {
  test('the leaf is the authority’s, for these names only', async () => {
    const authority = await createAuthority()
    const { chain } = await authority.issue(['localhost', '127.0.0.1', 'git-codecommit.us-east-1.amazonaws.com'])
    const leaf = new X509Certificate(chain)
    const ca = new X509Certificate(authority.certificate)
    expect(leaf.checkIssued(ca)).toBe(true)
    expect(leaf.verify(ca.publicKey)).toBe(true)
    expect(ca.ca).toBe(true)
    expect(leaf.ca).toBe(false)
    expect(leaf.checkHost('localhost')).toBe('localhost')
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(leaf.checkHost('git-codecommit.us-west-2.amazonaws.com')).toBeUndefined()
    expect(chain.endsWith(authority.certificate)).toBe(true)
  })
})
