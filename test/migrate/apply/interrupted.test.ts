import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { apply } from '../../../src/migrate/apply/apply.ts'
import type { GuardedPlan } from '../../../src/migrate/apply/guard.ts'
import { undo } from '../../../src/migrate/apply/undo.ts'
import type { Transaction } from '../../../src/migrate/plan.ts'
import { bundledScript } from '../../support/bundle.ts'
import { type Outcome, run } from '../../support/programs.ts'
import { https, newHome, planWith, replacing, snapshot, ssh } from './tree.ts'

// Runs and undos that are ended, or find the disk full, at each of their system calls in turn, by strace -e inject.

const began = '2026-11-26T20:45:00Z'

const script = await bundledScript(`
import { readFileSync } from 'node:fs'
import { realWorld } from './src/base/world.ts'
import { apply } from './src/migrate/apply/apply.ts'
import { undo } from './src/migrate/apply/undo.ts'

const [what, plan] = process.argv.slice(2)
// The same names of files each time.
const world = { ...realWorld(), now: () => new Date("${began}") }
Object.defineProperty(process, 'pid', { value: 1234 })
process.hrtime.bigint = () => 1234n
let result
try {
  result = await (what === 'undo' ? undo(world) : apply(world, JSON.parse(readFileSync(plan, 'utf8'))))
} catch (error) {
  result = { error: error.name, message: error.message }
}
process.stdout.write(JSON.stringify(result))
`)

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
/** In CI every test has to run. */
const skipped = !canTrace && !process.env.CI
if (skipped) process.stderr.write('# no strace, or it may not trace here: tests of runs that are interrupted are skipped\n')

/** A system call on a file below the home: the `nth` of its name on that file. */
interface Call {
  readonly name: string
  readonly file: string
  readonly nth: number
}

const plain = { reason: '', account: undefined, remote: undefined }

/** A repository whose configuration is read-only, a manifest with its lock, and a configuration that is not there yet; with the plan. */
class Scene {
  readonly home = newHome()
  readonly world = { ...this.home.world, now: () => new Date(began) }
  readonly files = ['.git/config', 'package.json', 'package-lock.json'].map((name) => path.join(this.home.code, 'x', name))
  readonly made = path.join(this.home.code, 'gitconfig')
  readonly #plan = path.join(this.home.home, 'plan.json')
  readonly #trace = path.join(this.home.home, 'trace')

  /** Makes it anew. */
  reset(): GuardedPlan {
    for (const folder of ['code', 'awsfed']) rmSync(path.join(this.home.home, folder), { recursive: true, force: true })
    for (const [index, file] of this.files.entries()) {
      this.home.write(file, index === 0 ? `[remote "origin"]\n\turl = ${ssh()} ; why\n` : `{"x": "git+${ssh()}#main"}\n`)
    }
    const [config = '', ...manifests] = this.files
    chmodSync(config, 0o444)
    const folder = path.join(this.home.code, 'x')
    const git = { ...replacing(folder, [config], 'ssh', 'https'), unit: 'each' as const, gitDir: path.dirname(config) }
    const plan = planWith([git, replacing(folder, manifests, 'ssh', 'https'), this.#making()], [this.home.code])
    writeFileSync(this.#plan, JSON.stringify(plan))
    return plan
  }

  #making(): Transaction {
    const file = this.made
    const [from, to] = [ssh(''), https('')]
    const fresh = `[url "${to}"]\n\tinsteadOf = ${from}\n`
    const edit = { file, start: 0, end: 0, line: 1, from, to, old: '', new: fresh, kind: 'url.insteadOf' as const, ...plain }
    return { root: file, gitDir: undefined, unit: 'each', refused: [], sources: [{ file, text: '' }], edits: [edit] }
  }

  /** Runs the script by strace with `options`. */
  run(what: 'apply' | 'undo', options: readonly string[]): Promise<Outcome> {
    const env = { PATH: process.env.PATH ?? '', HOME: this.home.home, AWSFED_HOME: path.join(this.home.home, 'awsfed') }
    const command = [process.execPath, script, what, this.#plan]
    return run('strace', ['-o', this.#trace, ...options, ...command], { env: { ...env, UV_THREADPOOL_SIZE: '1' } })
  }

  /** Runs the script with `what` done to `call`. */
  async interrupted(command: 'apply' | 'undo', { name, file, nth }: Call, what: string): Promise<Outcome> {
    const outcome = await this.run(command, ['-P', file, '-e', `inject=${name}:${what}:when=${nth}`])
    const trace = readFileSync(this.#trace, 'utf8')
    if (!/INJECTED|killed by SIGKILL/.test(trace)) throw new Error(`${name} ${file} ${nth} was not called: ${trace}`)
    return outcome
  }

  /** What the script calls on files below the home. */
  async calls(what: 'apply' | 'undo', names: readonly string[]): Promise<Call[]> {
    await this.run(what, ['-y', '-s', '0', '-e', `trace=${names}`])
    const counts = new Map<string, number>()
    const found = readFileSync(this.#trace, 'utf8').matchAll(/^(\w+)\((?:\d+<([^>]*)>|"([^"]*)")/gm)
    return [...found].flatMap(([, name = '', opened, named]) => {
      const file = opened ?? named ?? ''
      if (!file.startsWith(this.home.code) && !file.includes('/migrations')) return []
      const nth = (counts.get(`${name} ${file}`) ?? 0) + 1
      counts.set(`${name} ${file}`, nth)
      return [{ name, file, nth }]
    })
  }
}

const wording = ({ name, file, nth }: Call) => `${name} ${path.basename(file)} ${nth}`

/** Two scenes at once, each with every other of `calls`. */
async function inLanes(
  prepare: (scene: Scene) => Promise<Call[]>,
  work: (scene: Scene, call: Call, index: number) => Promise<void>,
) {
  const seen = await Promise.all(
    [0, 1].map(async (lane) => {
      const scene = new Scene()
      const calls = await prepare(scene)
      for (const [index, call] of calls.entries()) if (index % 2 === lane) await work(scene, call, index)
      return calls.length
    }),
  )
  return seen[0] ?? 0
}

const writing = ['write', 'pwrite64', 'fsync', 'rename', 'link', 'unlink', 'mkdir', 'fchmod', 'fchown']

describe.skipIf(skipped)('interrupted', () => {
  test('a run that is killed at any call: each file is old or new, the pair agrees or undo brings it back', {
    timeout: 240_000,
  }, async () => {
    const count = await inLanes(
      async (scene) => {
        scene.reset()
        return scene.calls('apply', writing)
      },
      async (scene, call, index) => {
        scene.reset()
        const before = snapshot(scene.home.code)
        const { code } = await scene.interrupted('apply', call, 'signal=SIGKILL')
        expect(code, wording(call)).toBe('SIGKILL')
        for (const file of scene.files) {
          expect(readFileSync(file, 'utf8').replace('https:', 'ssh:'), wording(call)).toBe(
            String(before[path.relative(scene.home.code, file)]).replace(/^\S+ \S+ /, ''),
          )
        }
        // Another program takes the lock where the run had none: it stays, and so does what it protects.
        const [config = ''] = scene.files
        const foreign = index % 3 === 0 && !existsSync(`${config}.lock`)
        if (foreign) writeFileSync(`${config}.lock`, readFileSync(config))
        const first = await undo(scene.world).catch(nothingBegan)
        if (foreign) {
          expect(existsSync(`${config}.lock`), wording(call)).toBe(true)
          rmSync(`${config}.lock`)
          if (first.refused.length > 0) await undo(scene.world)
        }
        expect(snapshot(scene.home.code), wording(call)).toEqual(before)
      },
    )
    expect(count).toBeGreaterThan(35)
  })

  test('a run that finds the disk full at any call does what it says, and undo brings it back', {
    timeout: 240_000,
  }, async () => {
    const count = await inLanes(
      async (scene) => {
        scene.reset()
        return scene.calls('apply', ['write', 'pwrite64', 'fsync', 'rename', 'link', 'mkdir'])
      },
      async (scene, call) => {
        scene.reset()
        const before = snapshot(scene.home.code)
        const { code, stdout, stderr } = await scene.interrupted('apply', call, 'error=ENOSPC')
        expect([code, stderr], wording(call)).toEqual([0, ''])
        const { error, changed = [], refused = [] } = JSON.parse(stdout)
        const written = new Set(changed.map(({ file }: { file: string }) => file))
        if (error) expect(error, wording(call)).toBe('AwsfedError')
        else expect(written.size + refused.length, wording(call)).toBe(scene.files.length + 1)
        const [, manifest, lock] = scene.files
        expect(written.has(manifest), wording(call)).toBe(written.has(lock))
        for (const { reason } of refused) expect(reason).toMatch(/there is no room left on the disk$/)
        const now = snapshot(scene.home.code)
        const made = written.has(scene.made) ? ['gitconfig'] : []
        expect(Object.keys(now).sort(), wording(call)).toEqual([...Object.keys(before), ...made].sort())
        for (const file of scene.files) {
          expect(readFileSync(file, 'utf8').includes('https:'), `${wording(call)}: ${file}`).toBe(written.has(file))
        }
        await undo(scene.world).catch(nothingBegan)
        expect(snapshot(scene.home.code), wording(call)).toEqual(before)
      },
    )
    expect(count).toBeGreaterThan(25)
  })

  for (const [title, what] of [
    ['killed', 'signal=SIGKILL'],
    ['left without room on the disk', 'error=ENOSPC'],
  ] as const) {
    test(`an undo that is ${title} at any call can be run again`, { timeout: 240_000 }, async () => {
      const applied = async (scene: Scene) => {
        const plan = scene.reset()
        const before = snapshot(scene.home.code)
        expect((await apply(scene.world, plan)).refused).toEqual([])
        return before
      }
      const names = what === 'error=ENOSPC' ? ['write', 'pwrite64', 'fsync', 'rename', 'link'] : writing
      const count = await inLanes(
        async (scene) => {
          await applied(scene)
          return scene.calls('undo', names)
        },
        async (scene, call) => {
          const before = await applied(scene)
          const { code } = await scene.interrupted('undo', call, what)
          expect(code, wording(call)).toBe(what === 'error=ENOSPC' ? 0 : 'SIGKILL')
          // Where only the last note of it was missing, everything is back already.
          await undo(scene.world).catch(nothingBegan)
          expect(snapshot(scene.home.code), wording(call)).toEqual(before)
        },
      )
      expect(count).toBeGreaterThan(15)
    })
  }

  test('a file system without hard links', async () => {
    const scene = new Scene()
    scene.reset()
    const before = snapshot(scene.home.code)
    const none = ['-e', 'trace=link,linkat', '-e', 'inject=link,linkat:error=EPERM']
    expect(JSON.parse((await scene.run('apply', none)).stdout)).toMatchObject({ changed: { length: 4 }, refused: [] })
    expect(Object.keys(snapshot(scene.home.code)).sort()).toEqual([...Object.keys(before), 'gitconfig'].sort())
    expect(JSON.parse((await scene.run('undo', none)).stdout)).toMatchObject({
      restored: [...scene.files, scene.made],
      refused: [],
    })
    expect(snapshot(scene.home.code)).toEqual(before)

    scene.reset()
    const [config = ''] = scene.files
    writeFileSync(`${config}.lock`, readFileSync(config))
    expect(JSON.parse((await scene.run('apply', none)).stdout)).toMatchObject({
      changed: { length: 3 },
      refused: [{ file: config, reason: `locked: ${config}.lock is there` }],
    })
    expect(existsSync(`${config}.lock`)).toBe(true)
  })
})

/** A run that was killed before its journal was whole has changed nothing. */
function nothingBegan(error: Error): { refused: readonly unknown[] } {
  expect(error.message).toBe('there is no run to undo')
  return { refused: [] }
}
