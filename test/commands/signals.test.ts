import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { catchSignals } from '../../src/commands/signals.ts'
import { pidsOf } from '../login/browser/support.ts'
import { programs, run } from '../support/programs.ts'
import { config, newHome } from './home.ts'

describe('catchSignals', () => {
  const twin = () => Object.assign(new EventEmitter(), { exit: vi.fn() })
  for (const [name, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`${name} aborts; a second signal ends at once`, () => {
      const process = twin()
      const signals = catchSignals(process as unknown as NodeJS.Process)
      process.emit(name)
      expect(signals.signal.aborted).toBe(true)
      expect(signals.signal.reason).toMatchObject({ kind: 'cancelled' })
      expect(signals.caught()).toEqual({ name, exitCode })
      expect(process.exit).not.toHaveBeenCalled()
      process.emit('SIGINT')
      expect(process.exit).toHaveBeenCalledExactlyOnceWith(130)
    })
  }
  test('who takes them gets them, until given back', () => {
    const process = twin()
    const signals = catchSignals(process as unknown as NodeJS.Process)
    const taken: string[] = []
    const giveBack = signals.take((name) => void taken.push(name))
    process.emit('SIGINT')
    process.emit('SIGINT')
    expect(signals.signal.aborted).toBe(false)
    giveBack()
    process.emit('SIGTERM')
    expect(taken).toEqual(['SIGINT', 'SIGINT'])
    expect(signals.caught()?.name).toBe('SIGTERM')
  })
})

describe('a closed pipe is no failure', () => {
  test('awsfed --help | head -1', async () => {
    const { env } = newHome()
    const script = `"$0" "$1" --help | head -1; echo "\${PIPESTATUS[0]}"`
    const outcome = await run('bash', ['-c', script, process.execPath, programs.awsfed], { env })
    expect(outcome.stderr).toBe('')
    expect(outcome.stdout).toMatch(/^awsfed .*\n0\n$/)
  })
  test('stdout closed', async () => {
    const { env } = newHome()
    const outcome = await run('sh', ['-c', '"$0" "$1" status >&-; exit 0', process.execPath, programs.awsfed], { env })
    expect(outcome.stderr).not.toContain('bug')
  })
})

test('a driver that is a script around a program that hangs: Ctrl-C ends awsfed, and the program', async () => {
  const sleep = `sleep 86399.${process.pid}`
  const { home, env, paths } = newHome()
  const driver = path.join(home, 'driver')
  writeFileSync(driver, `#!/bin/sh\n${sleep}\nexit 1\n`)
  chmodSync(driver, 0o755)
  const names = { '/nonexistent/chromium': process.execPath, '/nonexistent/chromedriver': driver }
  writeFileSync(
    paths.config,
    Object.entries(names).reduce((text, [from, to]) => text.replace(from, to), config),
  )
  let awsfed: ChildProcess | undefined
  const outcome = run(process.execPath, [programs.awsfed, 'login'], {
    env,
    onStart: (child) => {
      awsfed = child
    },
  })
  const asleep = () => pidsOf(sleep.replace(' ', '\0'))
  await vi.waitFor(() => expect(asleep()).toHaveLength(1), 15_000)
  awsfed?.kill('SIGINT')
  expect(await outcome).toMatchObject({ code: 130, stdout: '' })
  // Killed, but nobody's child that we could wait for.
  await vi.waitFor(() => expect(asleep()).toEqual([]))
}, 30_000)
