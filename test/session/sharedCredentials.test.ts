import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AwsfedError } from '../../src/base/errors.ts'
import type { Session } from '../../src/session/cache.ts'
import { readSection, withSettings } from '../../src/session/iniSection.ts'
import { writeSharedCredentials } from '../../src/session/sharedCredentials.ts'
import { bundledScript } from '../support/bundle.ts'
import { run, scrubbedEnvironment } from '../support/programs.ts'
import { testWorld } from './support.ts'

const settings = new Map([
  ['aws_access_key_id', 'ASIANEW'],
  ['aws_secret_access_key', 'new'],
  ['aws_session_token', 'token'],
])
const fresh = 'aws_access_key_id = ASIANEW\naws_secret_access_key = new\naws_session_token = token\n'

describe('withSettings', () => {
  test.each<[what: string, before: string, after: string]>([
    ['an empty file', '', `[default]\n${fresh}`],
    ['a file without the section', '[other]\na = 1\n', `[other]\na = 1\n\n[default]\n${fresh}`],
    ['a file without its last line end', '[other]\na = 1', `[other]\na = 1\n\n[default]\n${fresh}`],
    ['a file that ends with a blank line', '[other]\na = 1\n\n', `[other]\na = 1\n\n[default]\n${fresh}`],
    ['a header without line end', '[default]', `[default]\n${fresh}`],
    ['an empty section before another', '[default]\n\n[b]\n', `[default]\n${fresh}\n[b]\n`],
    [
      'keys in another order, spelling and spacing',
      '[default]\nAWS_SESSION_TOKEN=old\nregion=eu-west-1\naws_secret_access_key :old\naws_access_key_id=ASIAOLD\n# end\n',
      '[default]\naws_session_token = token\nregion=eu-west-1\naws_secret_access_key = new\naws_access_key_id = ASIANEW\n# end\n',
    ],
    [
      'keys that are missing go behind those that are there',
      '[default]\naws_access_key_id = ASIAOLD\nregion = x\n\n[b]\n',
      `[default]\n${fresh}region = x\n\n[b]\n`,
    ],
    [
      'CRLF',
      '[default]\r\naws_access_key_id = ASIAOLD\r\n\r\n[b]\r\nx = 1\r\n',
      `[default]\r\n${fresh.replaceAll('\n', '\r\n')}\r\n[b]\r\nx = 1\r\n`,
    ],
    [
      'comments, also those that name the keys',
      '; [default]\n[default] ; mine\n# aws_session_token = x\naws_session_token = old\n',
      '; [default]\n[default] ; mine\n# aws_session_token = x\naws_session_token = token\naws_access_key_id = ASIANEW\naws_secret_access_key = new\n',
    ],
    [
      'indented keys, and the nested settings of another one',
      '[default]\n  aws_session_token = old\n  s3 =\n    aws_session_token = nested\n',
      '[default]\n  aws_session_token = token\n  aws_access_key_id = ASIANEW\n  aws_secret_access_key = new\n  s3 =\n    aws_session_token = nested\n',
    ],
    [
      'an indented header behind an empty section',
      '[default]\n  [b]\nx = 1\n',
      `[default]\n${fresh.replace(/^(?=.)/gm, '  ')}  [b]\nx = 1\n`,
    ],
    [
      'a value of several lines, a comment within, and a key that stands twice',
      '[default]\naws_session_token = old\n  more\n# c\n  and more\naws_session_token = older\nx = 1\n  2\n',
      '[default]\naws_session_token = token\n# c\naws_session_token = token\naws_access_key_id = ASIANEW\naws_secret_access_key = new\nx = 1\n  2\n',
    ],
    [
      'sections whose names only resemble it',
      '[Default]\na=1\n[default ]\nb=1\n[profile default]\nc=1\n',
      `[Default]\na=1\n[default ]\nb=1\n[profile default]\nc=1\n\n[default]\n${fresh}`,
    ],
  ])('%s', (_, before, after) => {
    expect(withSettings(before, 'default', settings)).toBe(after)
    expect(withSettings(after, 'default', settings)).toBe(after)
  })

  const name = fc.stringMatching(/^[a-z][a-z0-9 ._-]{0,8}[a-z0-9]$/)
  const end = fc.constantFrom('\n', '\r\n')
  const line = fc.oneof(
    fc.constantFrom(
      'aws_access_key_id = ASIAOLD',
      'aws_secret_access_key=x',
      'aws_session_token = y',
      '',
      '# c',
      ' ; d',
      '\tmore',
    ),
    fc.stringMatching(/^[\x20-\x7e\x80-\xff]{0,20}$/).filter((text) => !text.trim().startsWith('[')),
  )
  const section = fc.record({
    name,
    lines: fc.array(
      fc.tuple(line, end).map((both) => both.join('')),
      { maxLength: 6 },
    ),
    end,
  })
  const textOf = (some: readonly { name: string; lines: string[]; end: string }[]) =>
    some.map((one) => `[${one.name}]${one.end}${one.lines.join('')}`)

  test('other sections and everything before the first keep every byte, and the keys are read back', () => {
    fc.assert(
      fc.property(
        fc.array(
          line.map((text) => `${text}\n`),
          { maxLength: 3 },
        ),
        fc.uniqueArray(section, { selector: (one) => one.name, maxLength: 6 }),
        fc.nat(),
        name,
        (preamble, sections, which, other) => {
          const own = sections[which % (sections.length + 1)]?.name ?? other
          const before = preamble.join('') + textOf(sections).join('')
          const after = withSettings(before, own, settings)
          const index = sections.findIndex((one) => one.name === own)
          const head = preamble.join('') + textOf(index < 0 ? sections : sections.slice(0, index)).join('')
          const tail = index < 0 ? '' : textOf(sections.slice(index + 1)).join('')
          expect(after.startsWith(head)).toBe(true)
          expect(after.endsWith(tail)).toBe(true)
          const read = readSection(after, own)
          expect(read.count).toBe(1)
          for (const [key, value] of settings) expect(read.settings.get(key)).toBe(value)
          expect(withSettings(after, own, settings)).toBe(after)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

const session: Session = {
  profile: 'dev',
  accessKeyId: 'ASIAEXAMPLE123456789',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  issued: '2026-03-02T09:00:00.000Z',
  expiration: '2026-03-02T10:00:00.000Z',
  arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane',
  account: '123456789012',
  role: 'arn:aws:iam::123456789012:role/Dev',
  origin: 'corp',
  via: 'headless',
}

describe('writeSharedCredentials', () => {
  test('makes folder and file for their owner only, and leaves nothing else', async () => {
    const world = testWorld()
    await writeSharedCredentials(world, session, 'work')
    const folder = path.join(world.home, '.aws')
    expect(readdirSync(folder)).toEqual(['credentials'])
    expect([statSync(folder).mode & 0o777, statSync(path.join(folder, 'credentials')).mode & 0o777]).toEqual([0o700, 0o600])
  })

  test.each<[what: string, target: string | undefined]>([
    ['a link to a file', '[other]\na = 1\n'],
    ['a link to nothing yet', undefined],
  ])('%s stays a link', async (_, text) => {
    const world = testWorld()
    const target = path.join(world.home, 'dotfiles', 'aws-credentials')
    mkdirSync(path.dirname(target))
    mkdirSync(path.join(world.home, '.aws'))
    if (text !== undefined) writeFileSync(target, text, { mode: 0o644 })
    const link = path.join(world.home, '.aws', 'credentials')
    symlinkSync('../dotfiles/aws-credentials', link)
    await writeSharedCredentials(world, session, 'default')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(target, 'utf8')).toContain('[default]\naws_access_key_id = ASIAEXAMPLE123456789\n')
    expect(readFileSync(target, 'utf8').startsWith(text ?? '')).toBe(true)
    expect(statSync(target).mode & 0o777).toBe(0o600)
  })

  test('AWS_SHARED_CREDENTIALS_FILE', async () => {
    const world = testWorld({ AWS_SHARED_CREDENTIALS_FILE: '~/elsewhere/creds' })
    await writeSharedCredentials(world, session, 'default')
    expect(readFileSync(path.join(world.home, 'elsewhere/creds'), 'utf8')).toContain('[default]')
  })

  test('bytes that are no UTF-8, a byte order mark, and a name beyond ASCII', async () => {
    const world = testWorld({ AWS_SHARED_CREDENTIALS_FILE: '~/creds' })
    const file = path.join(world.home, 'creds')
    const before = Buffer.concat([Buffer.from('\ufeff[ärger]\naws_access_key_id = ASIAOLD\n# '), Buffer.from([0xff, 0xfe, 0x0a])])
    writeFileSync(file, before)
    await writeSharedCredentials(world, session, 'ärger')
    const keys = 'aws_access_key_id = ASIAEXAMPLE123456789\naws_secret_access_key = secret\naws_session_token = token\n'
    expect(readFileSync(file)).toEqual(Buffer.concat([Buffer.from(`\ufeff[ärger]\n${keys}# `), Buffer.from([0xff, 0xfe, 0x0a])]))
  })

  test("the token's old name is kept up to date where it stands", async () => {
    const world = testWorld({ AWS_SHARED_CREDENTIALS_FILE: '~/creds' })
    const file = path.join(world.home, 'creds')
    writeFileSync(file, '[default]\naws_access_key_id = ASIAOLD\naws_security_token = stale\n')
    await writeSharedCredentials(world, session, 'default')
    expect(readFileSync(file, 'utf8')).toContain('aws_security_token = token\n')
  })

  test.each<[section: string, refused: boolean]>([
    ['aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n', true],
    ['aws_access_key_id = AKIAEXAMPLE\naws_session_token = t\n', true],
    ['aws_access_key_id = minio\naws_secret_access_key = x\n', true],
    ['aws_access_key_id = minio\naws_session_token = t\n', false],
    ['aws_access_key_id = ASIAEXAMPLE\n', false],
    ['aws_access_key_id =\n', false],
    ['region = eu-west-1\n', false],
  ])('%j refused: %s', async (section, refused) => {
    const world = testWorld({ AWS_SHARED_CREDENTIALS_FILE: '~/creds' })
    const file = path.join(world.home, 'creds')
    writeFileSync(file, `[default]\n${section}`)
    const error: unknown = await writeSharedCredentials(world, session, 'default').catch((reason) => reason)
    if (refused) {
      expect(error).toMatchObject({ kind: 'failed', message: expect.stringContaining('holds long-lived keys') })
      expect(readFileSync(file, 'utf8')).toBe(`[default]\n${section}`)
    } else expect(error).toBeUndefined()
  })

  test.each(['', ' default', 'a]b', '[x', 'a\nb'])('%j is no name of a profile', async (name) => {
    const error: unknown = await writeSharedCredentials(testWorld(), session, name).catch((reason) => reason)
    expect(error).toBeInstanceOf(AwsfedError)
  })

  test('a section that is there twice is left alone', async () => {
    const world = testWorld({ AWS_SHARED_CREDENTIALS_FILE: '~/creds' })
    writeFileSync(path.join(world.home, 'creds'), '[default]\n[b]\n[default]\n')
    await expect(writeSharedCredentials(world, session, 'default')).rejects.toThrow(/has \[default\] 2 times/)
  })

  test('a link that comes back to itself', async () => {
    const world = testWorld({ AWS_SHARED_CREDENTIALS_FILE: '~/creds' })
    symlinkSync('creds', path.join(world.home, 'creds'))
    await expect(writeSharedCredentials(world, session, 'default')).rejects.toThrow(/comes back to itself/)
  })

  test('a lock that a killed process left is taken over', async () => {
    const world = testWorld({ AWS_SHARED_CREDENTIALS_FILE: '~/creds' })
    const lock = path.join(world.home, 'creds.awsfed-lock')
    writeFileSync(lock, '')
    const before = new Date(Date.now() - 60_000)
    utimesSync(lock, before, before)
    await writeSharedCredentials(world, session, 'default')
    expect(readdirSync(world.home)).toEqual(['creds'])
  })

  test('12 processes write 12 sections at once, and none is lost', async () => {
    const { home } = testWorld()
    const script = await bundledScript(`
      import { realWorld } from './src/base/world.ts'
      import { writeSharedCredentials } from './src/session/sharedCredentials.ts'
      await new Promise((resolve) => process.stdin.once('end', resolve).resume())
      for (let round = 0; round < 5; round++) {
        await writeSharedCredentials(realWorld(), { ...${JSON.stringify(session)}, sessionToken: 'round-' + round }, process.argv[2])
      }
    `)
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`)
    const outcomes = await Promise.all(
      names.map((name) => run(process.execPath, [script, name], { env: scrubbedEnvironment(home) })),
    )
    expect(outcomes.map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(names.map(() => '0 '))
    const text = readFileSync(path.join(home, '.aws', 'credentials'), 'utf8')
    for (const name of names) expect(readSection(text, name).settings.get('aws_session_token')).toBe('round-4')
    expect(readdirSync(path.join(home, '.aws'))).toEqual(['credentials'])
  })
})
