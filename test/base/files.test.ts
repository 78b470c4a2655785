import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { AwsfedError } from '../../src/base/errors.ts'
import { readIfThere, writeWhole } from '../../src/base/files.ts'
import { temporaryFolder } from '../support/programs.ts'

test('a file is written whole, 0600 in 0700 folders, over the old one', () => {
  const file = path.join(temporaryFolder(), 'a', 'b', 'session.json')
  writeWhole(file, 'old')
  chmodSync(file, 0o644)
  writeWhole(file, 'new')
  expect(readIfThere(file)).toBe('new')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700)
  expect(readdirSync(path.dirname(file))).toEqual(['session.json'])
})

test('what cannot be written is an error with a hint, and leaves neither a change nor a temporary file', () => {
  const folder = temporaryFolder()
  const file = path.join(folder, 'taken')
  mkdirSync(path.join(file, 'x'), { recursive: true })
  expect(() => writeWhole(file, 'text')).toThrow(AwsfedError)
  expect(readdirSync(folder)).toEqual(['taken'])
})

test('a full disk leaves the old file as it was', async () => {
  const folder = temporaryFolder()
  const file = path.join(folder, 'session.json')
  writeFileSync(file, 'old')
  const esbuild = await import('esbuild')
  const script = path.join(folder, 'write.mjs')
  await esbuild.build({
    stdin: {
      contents: `import { writeWhole } from './src/base/files.ts'; try { writeWhole(${JSON.stringify(file)}, 'x'.repeat(1 << 20)) } catch (error) { console.log(error.name, error.kind) }`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  })
  // A file size limit of 64 KiB stands for the full disk: the write falls short, then fails.
  const child = spawn('sh', ['-c', 'trap "" XFSZ; ulimit -f 64; exec "$0" "$1"', process.execPath, script])
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  await new Promise((resolve) => child.on('close', resolve))
  expect(stdout).toBe('AwsfedError failed\n')
  expect(readFileSync(file, 'utf8')).toBe('old')
  expect(readdirSync(folder).sort()).toEqual(['session.json', 'write.mjs'])
})
