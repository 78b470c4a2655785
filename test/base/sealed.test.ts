import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { awsfedPaths, type Paths } from '../../src/base/paths.ts'
import { readSealed, writeSealed } from '../../src/base/sealed.ts'
import { bundledScript } from '../support/bundle.ts'
import { hasKeyring, runWithKeyring } from '../support/keyring.ts'
import { run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'

/** A user who is logged in, and whose key is at hand. */
function loggedIn(): { paths: Paths; file: string; keyFile: string } {
  const home = temporaryFolder()
  const runtime = path.join(home, 'run')
  const paths = awsfedPaths({ AWSFED_HOME: home, XDG_RUNTIME_DIR: runtime }, 'linux', home)
  const keyFile = path.join(runtime, 'awsfed', 'key')
  mkdirSync(path.dirname(keyFile), { recursive: true })
  writeFileSync(keyFile, randomBytes(32).toString('base64'))
  return { paths, file: path.join(home, 'a', 'jar.json'), keyFile }
}

describe('with a key at hand', () => {
  test('what is written is sealed, for its owner only, and is read again', () => {
    const { paths, file } = loggedIn()
    writeSealed(paths, file, 'the cookie é')
    const bytes = readFileSync(file)
    expect(bytes.includes('cookie')).toBe(false)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readSealed(paths, file)).toBe('the cookie é')
    writeSealed(paths, file, 'the cookie é')
    expect(readFileSync(file)).not.toEqual(bytes)
  })

  test('a plain file of before is read', () => {
    const { paths, file } = loggedIn()
    mkdirSync(path.dirname(file))
    writeFileSync(file, 'plain')
    expect(readSealed(paths, file)).toBe('plain')
  })

  test('under another name it is none: one profile cannot have the session of another', () => {
    const { paths, file } = loggedIn()
    writeSealed(paths, file, 'secret')
    const other = path.join(path.dirname(file), 'other.json')
    copyFileSync(file, other)
    expect(readSealed(paths, other)).toBeUndefined()
  })

  test.each<[what: string, damage: (text: string) => string]>([
    ['nothing but the mark', (text) => text.slice(0, 16)],
    ['cut off', (text) => text.slice(0, -8)],
    ['short', (text) => text.slice(0, 30)],
    ['one bit changed', (text) => text.replace(/(.)(...\n)$/, (_, one, rest) => `${one === 'A' ? 'B' : 'A'}${rest}`)],
    ['no base64', (text) => `${text.slice(0, 16)}***`],
  ])('a damaged file (%s) is as good as none, and the trace says so', (_, damage) => {
    const { paths, file } = loggedIn()
    writeSealed(paths, file, 'secret'.repeat(10))
    writeFileSync(file, damage(readFileSync(file, 'utf8')))
    const traced: string[] = []
    expect(readSealed(paths, file, (line) => traced.push(line))).toBeUndefined()
    expect(traced.at(-1)).toContain('is sealed')
  })

  test('with another key it is none', () => {
    const { paths, file, keyFile } = loggedIn()
    writeSealed(paths, file, 'secret')
    writeFileSync(keyFile, randomBytes(32).toString('base64'))
    expect(readSealed(paths, file)).toBeUndefined()
  })
})

test('with AWSFED_KEYRING=never what is written is plain', () => {
  const home = temporaryFolder()
  const paths = awsfedPaths({ AWSFED_HOME: home, AWSFED_KEYRING: 'never' }, process.platform, home)
  const file = path.join(home, 'file')
  writeSealed(paths, file, 'plain')
  expect(readFileSync(file, 'utf8')).toBe('plain')
})

describe.skipIf(!hasKeyring)('with a real keyring', () => {
  let script = ''
  beforeAll(async () => {
    script = await bundledScript(`
      import { awsfedPaths } from './src/base/paths.ts'
      import { prepareSealing, readSealed, writeSealed } from './src/base/sealed.ts'
      const [act, file, text] = process.argv.slice(2)
      const paths = awsfedPaths(process.env, process.platform, process.env.HOME)
      const trace = (line) => console.error(line)
      if (act === 'write') {
        await prepareSealing(paths, trace)
        writeSealed(paths, file, text, trace)
      }
      console.log(JSON.stringify(readSealed(paths, file, trace) ?? null))
    `)
  })

  const setUp = () => {
    const home = temporaryFolder()
    const runtime = path.join(home, 'run')
    mkdirSync(runtime, { mode: 0o700 })
    const file = path.join(home, 'jar.json')
    const env = scrubbedEnvironment(home, { XDG_RUNTIME_DIR: runtime })
    const act = (args: string[], more: Record<string, string> = {}) =>
      runWithKeyring(home, process.execPath, [script, ...args], { ...env, ...more })
    return { home, runtime, file, act }
  }

  test('the key is made once, kept in the keyring, and laid at hand for who is logged in', async () => {
    const { runtime, file, act } = setUp()
    expect((await act(['write', file, 'secret'])).stdout).toBe('"secret"\n')
    expect(readFileSync(file, 'utf8')).not.toContain('secret')
    const keyFile = path.join(runtime, 'awsfed', 'key')
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    const key = readFileSync(keyFile, 'utf8')
    // After a restart the folder in memory is empty; the keyring has the same key.
    writeFileSync(keyFile, '')
    expect((await act(['read', file])).stdout).toBe('"secret"\n')
    expect(readFileSync(keyFile, 'utf8')).toBe(key)
  })

  test('a key at hand that is of an earlier keyring is put right', async () => {
    const { runtime, file, act } = setUp()
    await act(['write', file, 'secret'])
    const keyFile = path.join(runtime, 'awsfed', 'key')
    const key = readFileSync(keyFile, 'utf8')
    writeFileSync(keyFile, randomBytes(32).toString('base64'))
    expect((await act(['read', file])).stdout).toBe('"secret"\n')
    expect(readFileSync(keyFile, 'utf8')).toBe(key)
  })

  test('without a folder in memory the keyring is asked each time', async () => {
    const { file, act } = setUp()
    expect((await act(['write', file, 'secret'], { XDG_RUNTIME_DIR: '' })).stdout).toBe('"secret"\n')
    expect(readFileSync(file, 'utf8')).not.toContain('secret')
    expect((await act(['read', file], { XDG_RUNTIME_DIR: '' })).stdout).toBe('"secret"\n')
  })

  test('where no keyring runs it is written plain; what is sealed there is none, and the trace says why', async () => {
    const { home, file, act } = setUp()
    await act(['write', file, 'secret'])
    const env = scrubbedEnvironment(home, { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' })
    const read = await run(process.execPath, [script, 'read', file], { env })
    expect(read.stdout).toBe('null\n')
    expect(read.stderr).toContain('no keyring can be reached')
    const written = await run(process.execPath, [script, 'write', `${file}.2`, 'plain'], { env })
    expect(written.stdout).toBe('"plain"\n')
    expect(readFileSync(`${file}.2`, 'utf8')).toBe('plain')
    expect(written.stderr).toContain('not sealed')
  })
})
