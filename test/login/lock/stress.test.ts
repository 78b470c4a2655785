import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bundledScript } from '../../support/bundle.ts'
import { scrubbedEnvironment, temporaryFolder } from '../../support/programs.ts'

/** Works under the lock for some rounds. `marker` is made exclusively: where another's stands, there are two owners, or that one was killed. */
const contender = `
import { appendFileSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { realWorld } from './src/base/world.ts'
import { oneAtATime } from './src/login/lock/oneAtATime.ts'

const [log, marker, rounds] = process.argv.slice(2)
const world = realWorld()

for (let round = 0; round < Number(rounds); round++) {
  await oneAtATime(world, {
    lock: 'portal-corp', what: 'round ' + round,
    asked: { subject: 'profile-dev', means: 1, at: Date.now() },
    report: () => {}, signal: undefined,
    already: () => undefined,
    async work() {
      // Written aside: one that is killed in the midst of writing must not leave a marker without its number.
      const own = marker + '.' + process.pid
      writeFileSync(own, String(process.pid))
      try {
        linkSync(own, marker)
        rmSync(own)
      } catch (error) {
        appendFileSync(log, 'met ' + readFileSync(marker, 'utf8') + '\\n')
        renameSync(own, marker)
      }
      await delay(Math.random() * 3)
      if (readFileSync(marker, 'utf8') !== String(process.pid)) appendFileSync(log, 'lost ' + process.pid + '\\n')
      rmSync(marker)
      return true
    },
  })
}
appendFileSync(log, 'finished ' + process.pid + '\\n')
`

const script = await bundledScript(contender)

test('32 processes, some of them suspended or killed at any moment: never two owners, and all the others finish', async () => {
  const home = temporaryFolder()
  const log = path.join(home, 'log')
  const marker = path.join(home, 'marker')
  writeFileSync(log, '')
  const running = new Set<ChildProcess>()
  onTestFinished(() => {
    for (const child of running) child.kill('SIGKILL')
  })
  let errors = ''
  const start = () => {
    const child = spawn(process.execPath, [script, log, marker, '12'], {
      env: scrubbedEnvironment(home),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    running.add(child)
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    return new Promise<NodeJS.Signals | number | null>((resolve) =>
      child.once('close', (code, signal) => {
        running.delete(child)
        resolve(signal ?? code)
      }),
    )
  }

  const ends = Array.from({ length: 32 }, start)
  const killed = new Set<number>()
  while (killed.size < 16 && running.size > 0) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60))
    // A process that is suspended wherever it stands, and comes back when the lock has gone on.
    const slow = [...running][Math.floor(Math.random() * running.size)]
    if (slow?.kill('SIGSTOP')) setTimeout(() => slow.kill('SIGCONT'), Math.random() * 200)
    // Half of the time the one that owns the lock, else any.
    const owner = Number(readMarker(marker))
    const all = [...running]
    const victim = all.find((child) => child.pid === owner && killed.size % 2 === 0) ?? all[killed.size % all.length]
    if (victim?.pid !== undefined && victim.kill('SIGKILL')) killed.add(victim.pid)
    if (ends.length < 40) ends.push(start())
  }
  const outcomes = await Promise.all(ends)

  expect(errors).toBe('')
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  const dead = [...killed].map((pid) => `met ${pid}`)
  expect(lines.filter((line) => !line.startsWith('finished') && !dead.includes(line))).toEqual([])
  expect(outcomes.filter((outcome) => outcome !== 0 && outcome !== 'SIGKILL')).toEqual([])
  expect(lines.filter((line) => line.startsWith('finished'))).toHaveLength(outcomes.filter((outcome) => outcome === 0).length)
  expect(killed.size).toBe(16)
  // Nothing is left but the last claim: a folder that grows with each killed process would grow for ever.
  expect(readdirSync(folderOf(home)).length).toBeLessThan(8)
}, 120_000)

function folderOf(home: string): string {
  const locks = path.join(home, 'awsfed/state/locks')
  return path.join(locks, readdirSync(locks)[0] ?? '')
}

function readMarker(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined // nobody works just now
  }
}
