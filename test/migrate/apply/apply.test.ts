import { spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { apply } from '../../../src/migrate/apply/apply.ts'
import { listJournals, undo } from '../../../src/migrate/apply/undo.ts'
import { guarded, https, newHome, planWith, replacing, repository, snapshot, ssh } from './tree.ts'

const root = process.getuid?.() === 0

test('the URLs of repositories move, the journal is private, and undo brings every byte back', async () => {
  const home = newHome()
  const config = path.join(repository(home, 'a'), '.git/config')
  repository(home, 'b')
  repository(home, 'c', 'https://github.com/x/y')
  writeFileSync(
    config,
    `\xef\xbb\xbf${readFileSync(config, 'utf8').replace(ssh('a'), `"${ssh('a')}" ; why`)}`.replaceAll('\n', '\r\n'),
    'latin1',
  )
  const before = snapshot(home.code)
  const plan = await guarded(home)
  expect(snapshot(home.code)).toEqual(before)
  const { changed, refused, journal } = await apply(home.world, plan)

  expect(refused).toEqual([])
  expect(changed.map(({ file, to }) => [file, to]).sort()).toEqual([
    [config, https('a')],
    [path.join(home.code, 'b/.git/config'), https('b')],
  ])
  const after = snapshot(home.code)
  expect(Object.keys(after)).toEqual(Object.keys(before))
  const wanted = Object.entries(before).map(([name, text]) => [name, text.replace(/ssh(:\/\/git-codecommit)/, 'https$1')])
  expect(after).toEqual(Object.fromEntries(wanted))
  expect(home.git('code/a', 'remote', 'get-url', 'origin').trim()).toBe(https('a'))

  expect(journal).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}$/)
  const kept = path.join(home.world.paths.state, 'migrations', journal ?? '')
  expect(statSync(kept).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(kept)) expect(statSync(path.join(kept, name)).mode & 0o777).toBe(0o600)
  expect(listJournals(home.world)).toMatchObject([{ id: journal, state: 'done', files: changed.map(({ file }) => file) }])

  expect(await undo(home.world)).toEqual({ journal, restored: changed.map(({ file }) => file), refused: [], removed: [] })
  expect(snapshot(home.code)).toEqual(before)
  expect(listJournals(home.world)).toMatchObject([{ id: journal, state: 'undone' }])
  await expect(undo(home.world)).rejects.toMatchObject({ message: 'there is no run to undo' })
  // Undone once more by its name: there is nothing left to do.
  expect(await undo(home.world, journal)).toMatchObject({ restored: [], refused: [] })
  await expect(undo(home.world, 'x')).rejects.toMatchObject({ hint: 'awsfed migrate --list shows what there is' })
})

test('a run that changes nothing leaves no journal', async () => {
  const home = newHome()
  const config = path.join(repository(home), '.git/config')
  const plan = await guarded(home)
  home.git('code/x', 'config', 'user.name', 'Jane')
  const now = snapshot(home.code)
  const { changed, refused, journal } = await apply(home.world, plan)
  expect({ changed, journal }).toEqual({ changed: [], journal: undefined })
  expect(refused).toMatchObject([{ file: config, url: ssh(), reason: 'it has changed since the scan' }])
  expect(snapshot(home.code)).toEqual(now)
  expect(existsSync(path.join(home.world.paths.state, 'migrations'))).toBe(false)
})

test('one of several files is skipped: the others are done, and undo knows which', async () => {
  const home = newHome()
  const a = path.join(repository(home, 'a'), '.git/config')
  const b = path.join(repository(home, 'b'), '.git/config')
  const plan = await guarded(home)
  writeFileSync(`${b}.lock`, '')
  const { changed, refused } = await apply(home.world, plan)
  expect(changed.map(({ file }) => file)).toEqual([a])
  expect(refused).toMatchObject([{ file: b, reason: `locked: ${b}.lock is there` }])
  expect(readFileSync(`${b}.lock`, 'utf8')).toBe('')
  home.git('code/a', 'config', 'user.name', 'Jane')
  rmSync(`${b}.lock`)
  home.git('code/b', 'config', 'user.name', 'Jane')
  expect(await undo(home.world)).toMatchObject({ restored: [a], refused: [] })
  expect(home.git('code/a', 'config', 'remote.origin.url').trim()).toBe(ssh('a'))
})

test('two runs at once: each URL moves once, and neither run fails', async () => {
  const home = newHome()
  for (let index = 0; index < 5; index += 1) repository(home, `r${index}`)
  const before = snapshot(home.code)
  const [one, two] = await Promise.all([guarded(home), guarded(home)])
  const waited: unknown[] = []
  const outcomes = await Promise.all([
    apply(home.world, one),
    apply(home.world, two, { progress: (progress) => progress.kind === 'waiting' && waited.push(progress) }),
  ])
  expect(outcomes.map(({ changed, refused }) => [changed.length, refused.length])).toEqual([
    [5, 0],
    [0, 0],
  ])
  expect(waited).toEqual([{ kind: 'waiting', pid: process.pid }])
  await undo(home.world)
  expect(snapshot(home.code)).toEqual(before)
})

test('a signal ends a run between two files; what was done can be undone', async () => {
  const home = newHome()
  for (const name of ['a', 'b', 'c']) repository(home, name)
  const before = snapshot(home.code)
  const plan = await guarded(home)
  const abort = new AbortController()
  const run = apply(home.world, plan, {
    signal: abort.signal,
    progress: (at) => at.kind === 'done' && at.done === 1 && abort.abort(),
  })
  await expect(run).rejects.toMatchObject({ kind: 'cancelled', hint: expect.stringContaining('awsfed migrate --undo 2') })
  const moved = ['a', 'b', 'c'].filter((name) => home.git(`code/${name}`, 'config', 'remote.origin.url').trim() === https(name))
  expect(moved).toHaveLength(1)
  expect(listJournals(home.world)).toMatchObject([{ state: 'done', files: { length: 1 } }])
  await undo(home.world)
  expect(snapshot(home.code)).toEqual(before)
})

describe('what stays', () => {
  test('mode, also of a file that is read-only; owner', async () => {
    const home = newHome()
    const config = path.join(repository(home), '.git/config')
    const manifest = home.write('code/x/package.json', `{"a":"${ssh()}"}`)
    chmodSync(config, 0o444)
    chmodSync(manifest, 0o751)
    if (root) chownSync(config, 1234, 1235)
    const before = snapshot(home.code)
    const plan = await guarded(home)
    const both = { ...plan, transactions: [...plan.transactions, replacing(home.code, [manifest], 'ssh', 'https')] }
    expect((await apply(home.world, both)).refused).toEqual([])
    expect(statSync(config)).toMatchObject({ mode: 0o100444, ...(root && { uid: 1234, gid: 1235 }) })
    expect(statSync(manifest).mode & 0o777).toBe(0o751)
    await undo(home.world)
    expect(snapshot(home.code)).toEqual(before)
  })

  test('a symbolic link within the folder stays one', async () => {
    const home = newHome()
    const config = path.join(repository(home), '.git/config')
    const shared = path.join(home.code, 'shared.config')
    renameSync(config, shared)
    symlinkSync('../../shared.config', config)
    const before = snapshot(home.code)
    expect(await apply(home.world, await guarded(home))).toMatchObject({ refused: [], changed: [{ to: https() }] })
    expect(lstatSync(config).isSymbolicLink()).toBe(true)
    expect(readFileSync(shared, 'utf8')).toContain(https())
    await undo(home.world)
    expect(snapshot(home.code)).toEqual(before)
  })

  test('another name of the same file, outside of the folder', async () => {
    const home = newHome()
    const config = path.join(repository(home), '.git/config')
    const outside = path.join(home.home, 'hard-link')
    linkSync(config, outside)
    const text = readFileSync(outside, 'utf8')
    expect(await apply(home.world, await guarded(home))).toMatchObject({ refused: [], changed: [{ to: https() }] })
    expect(readFileSync(outside, 'utf8')).toBe(text)
  })

  test('what lies outside: a link, a .git file, a common directory', async () => {
    const home = newHome()
    const outer = { ...home, code: path.join(home.home, 'outside') }
    mkdirSync(outer.code)
    home.git('outside', 'init', '--quiet', 'x')
    home.git('outside/x', 'remote', 'add', 'origin', ssh())
    home.git('outside/x', '-c', 'user.name=J', '-c', 'user.email=j@x', 'commit', '--quiet', '--allow-empty', '-m', 'x')
    home.git('outside/x', 'worktree', 'add', '--quiet', path.join(home.code, 'worktree'))
    home.write('code/pointer/.git', `gitdir: ${path.join(outer.code, 'x/.git')}\n`)
    mkdirSync(path.join(home.code, 'link'))
    symlinkSync(path.join(outer.code, 'x/.git'), path.join(home.code, 'link/.git'))
    const before = snapshot(home.home, ['awsfed'])
    const plan = await guarded(home)
    expect(plan.transactions.flatMap(({ edits }) => edits)).toEqual([])
    expect(plan.transactions.flatMap(({ refused }) => refused)).toMatchObject([
      { url: ssh(), hint: `give that folder too: ${path.join(outer.code, 'x')}` },
    ])
    // Also a plan that says otherwise is not followed out of the folder.
    const all = planWith((await guarded(home, [home.code, outer.code])).transactions, [home.code])
    expect(all.transactions.flatMap(({ edits }) => edits)).toHaveLength(1)
    expect(await apply(home.world, all)).toMatchObject({ changed: [], refused: [{ url: ssh() }], journal: undefined })
    expect(snapshot(home.home, ['awsfed'])).toEqual(before)
  })
})

describe('manifests: all or none', () => {
  test('a folder on the way that has become a link out, and a target that cannot be replaced', async () => {
    const home = newHome()
    const files = ['a', 'b', 'c'].map((name) => home.write(`code/${name}/package.json`, `{"x": "${ssh()}"}\n`))
    const plan = planWith([replacing(home.code, files, 'ssh', 'https')], [home.code])
    const outside = path.join(home.home, 'outside')
    renameSync(path.join(home.code, 'b'), outside)
    symlinkSync(outside, path.join(home.code, 'b'))
    const before = snapshot(home.home, ['awsfed'])
    const { changed, refused } = await apply(home.world, plan)
    expect(changed).toEqual([])
    expect(refused.map(({ reason }) => reason)).toEqual([
      expect.stringContaining(`${files[1]}: it lies outside the given folders`),
      expect.stringMatching(/^it lies outside/),
      expect.stringContaining(files[1] ?? ''),
    ])
    expect(snapshot(home.home, ['awsfed'])).toEqual(before)
  })

  test('one that has changed', async () => {
    const home = newHome()
    const files = ['a', 'b', 'c'].map((name) => home.write(`code/${name}/package.json`, `{"x": "${ssh()}"}\n`))
    const plan = planWith([replacing(home.code, files, 'ssh', 'https')], [home.code])
    home.write('code/c/package.json', '{}')
    const before = snapshot(home.code)
    const { changed, refused, journal } = await apply(home.world, plan)
    expect([changed, journal]).toEqual([[], undefined])
    expect(refused.map(({ reason }) => reason)).toContain('it has changed since the scan')
    expect(snapshot(home.code)).toEqual(before)
  })
})

test('300 writers beside a run: git loses nothing, and the run gets its turn', async () => {
  const home = newHome()
  const config = path.join(repository(home), '.git/config')
  const env = { PATH: process.env.PATH, HOME: home.home }
  const writer = `i=$1; while [ $i -lt $2 ]; do git config --file "$3" w.n$i $i 2>/dev/null && i=$((i+1)); done`
  const writers = Array.from({ length: 6 }, (_, index) => {
    const child = spawn('sh', ['-c', writer, 'sh', String(index * 50), String(index * 50 + 50), config], { env })
    return new Promise((resolve) => child.once('close', resolve))
  })
  let working = true
  const ended = Promise.all(writers).finally(() => {
    working = false
  })
  let moves = 0
  const reasons = new Set<string>()
  while (working) {
    const { changed, refused } = await apply(home.world, await guarded(home))
    moves += changed.length
    for (const { reason } of refused) reasons.add(reason.replaceAll(config, 'F'))
    if (changed.length > 0) await undo(home.world)
  }
  await ended
  moves += (await apply(home.world, await guarded(home))).changed.length
  const listed = home.git('code/x', 'config', '--get-regexp', '^w\\.n')
  expect(listed.trim().split('\n')).toHaveLength(300)
  expect(moves).toBeGreaterThan(0)
  expect(home.git('code/x', 'config', 'remote.origin.url').trim()).toBe(https())
  expect(
    [...reasons].filter((reason) => reason !== 'it has changed since the scan' && reason !== 'locked: F.lock is there'),
  ).toEqual([])
  expect(readdirSync(path.dirname(config)).filter((name) => /awsfed|lock/.test(name))).toEqual([])
})
