import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { bytesOf, byteText } from '../../../src/migrate/bytes.ts'

/** `git config --file F -z --list` of a text, as [key, value] pairs; undefined where git refuses the file. */
export function gitReader(): (text: string) => [string, string | undefined][] | undefined {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'awsfed-config-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'config')
  return (text) => {
    writeFileSync(file, bytesOf(text))
    const { status, stdout } = spawnSync('git', ['config', '--file', file, '-z', '--list'], { cwd: folder })
    if (status !== 0) return undefined
    return byteText(stdout)
      .split('\0')
      .slice(0, -1)
      .map((item) => {
        const end = item.indexOf('\n')
        return end < 0 ? [item, undefined] : [item.slice(0, end), item.slice(end + 1)]
      })
  }
}
