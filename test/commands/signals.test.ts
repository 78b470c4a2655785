import { EventEmitter } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { catchSignals } from '../../src/commands/signals.ts'
import { programs, run } from '../support/programs.ts'
import { newHome } from './home.ts'

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
