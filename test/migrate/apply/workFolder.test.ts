import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { inWorkFolder } from '../../../src/migrate/apply/workFolder.ts'
import { temporaryFolder } from '../../support/programs.ts'

function temporary(): string {
  const folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  return folder
}

test('the folder is private, and goes with the work, done or not', async () => {
  const tmp = temporary()
  await inWorkFolder(async (folder) => {
    expect(path.dirname(folder)).toBe(tmp)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    writeFileSync(path.join(folder, 'config'), '')
  })
  await expect(inWorkFolder(() => Promise.reject(new Error('interrupted')))).rejects.toThrow('interrupted')
  expect(readdirSync(tmp)).toEqual([])
})

test('what a killed run left is removed, and nothing of a living one or of somebody else', async () => {
  const tmp = temporary()
  const run = spawn('sleep', ['60'])
  await once(run, 'spawn')
  const left = mkdtempSync(path.join(tmp, `awsfed-migrate-${run.pid}-`))
  writeFileSync(path.join(left, 'config'), 'token')
  const others = ['awsfed-migrate-notes', 'other-1-x'].map((name) => path.join(tmp, name))
  for (const folder of others) mkdirSync(folder)
  await inWorkFolder(async () => expect(existsSync(left)).toBe(true))
  run.kill('SIGKILL')
  await once(run, 'exit')
  await inWorkFolder(async () => expect(existsSync(left)).toBe(false))
  expect(others.map((folder) => existsSync(folder))).toEqual([true, true])
})
