import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { firstLineOf } from '../../src/login/command.ts'
import { temporaryFolder } from '../support/programs.ts'
import { testWorld } from '../support/world.ts'

const key = 'portal.corp.password_command'

for (const [command, answer] of [
  ['echo secret', 'secret'],
  ["printf 'secret'", 'secret'],
  ["printf 'secret\\r\\nuser: jane\\r\\n'", 'secret'],
  ["printf ' with blanks \\n'", ' with blanks '],
  ["printf 'pässwörd\\n'", 'pässwörd'],
  ['echo noise >&2; echo secret', 'secret'],
  ['cat; echo stdin is empty', 'stdin is empty'],
  ['pwd', 'HOME'],
  // An agent that it leaves behind keeps its pipe open.
  ['sleep 30 & echo secret', 'secret'],
] as const) {
  test(`${command} → ${answer}`, async () => {
    const world = testWorld(temporaryFolder())
    expect(await firstLineOf(world, { key, command }, undefined)).toBe(answer === 'HOME' ? world.home : answer)
  })
}

for (const [command, message] of [
  ['echo secret; exit 3', `${key} failed (exit code 3)`],
  ['kill -9 $$', `${key} was ended by SIGKILL`],
  ['true', `${key} printed nothing`],
  ["printf '\\nsecond line'", `${key} printed nothing`],
  ['awsfed-no-such-command', `${key} failed (exit code 127)`],
] as const) {
  test(`${command} → ${message}`, async () => {
    const failure = await firstLineOf(testWorld(temporaryFolder()), { key, command }, undefined).catch((error: unknown) => error)
    expect(failure).toMatchObject({ kind: 'failed', message, hint: expect.stringContaining('AWSFED_DEBUG=1') })
    expect(JSON.stringify(failure)).not.toContain('secret')
  })
}

/** A command that leaves the ids of its shell and of its child in `file`, and then never ends. */
const endless = (file: string) => `sleep 300 & echo $$ $! > ${file}; wait`

async function pidsIn(file: string): Promise<number[]> {
  await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toMatch(/\d+ \d+\n/)
  return readFileSync(file, 'utf8').trim().split(' ').map(Number)
}

const runs = (pid: number) => existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))

test('a command that takes too long is ended with all that it started', async () => {
  const home = temporaryFolder()
  const file = path.join(home, 'pids')
  const result = firstLineOf(testWorld(home), { key, command: endless(file) }, undefined, 500)
  await expect(result).rejects.toMatchObject({ kind: 'failed', message: expect.stringContaining('did not end within') })
  const pids = await pidsIn(file)
  await expect.poll(() => pids.filter(runs)).toEqual([])
})

test('an aborted signal ends a command with all that it started', async () => {
  const home = temporaryFolder()
  const file = path.join(home, 'pids')
  const abort = new AbortController()
  const result = firstLineOf(testWorld(home), { key, command: endless(file) }, abort.signal)
  result.catch(() => {})
  const pids = await pidsIn(file)
  abort.abort()
  await expect(result).rejects.toMatchObject({ kind: 'cancelled' })
  await expect.poll(() => pids.filter(runs)).toEqual([])
  await expect(firstLineOf(testWorld(home), { key, command: 'echo late' }, abort.signal)).rejects.toMatchObject({
    kind: 'cancelled',
  })
})

test('what it writes to stderr is in the trace, without secrets, and nowhere else', async () => {
  const trace: string[] = []
  const world = testWorld(temporaryFolder(), { trace: (line) => trace.push(line) })
  const command = 'echo "Error: corp is not in the password store." >&2; exit 1'
  const failure = await firstLineOf(world, { key, command }, undefined).catch((error: unknown) => String(error))
  expect(trace).toEqual([`${key} failed (exit code 1): Error: corp is not in the password store.`])
  expect(failure).not.toContain('store')
})
