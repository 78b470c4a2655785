import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { apply } from '../../../src/migrate/apply/apply.ts'
import { undo } from '../../../src/migrate/apply/undo.ts'
import { bundledScript } from '../../support/bundle.ts'
import { guarded, https, newHome, planOf, planWith, replacing, repository, snapshot, ssh } from './tree.ts'

// What depends on who the user is, and on how much room he has. Both take root to set up.

const root = process.getuid?.() === 0
const nobody = 65_534

const script = await bundledScript(`
import { readFileSync } from 'node:fs'
import { realWorld } from './src/base/world.ts'
import { apply } from './src/migrate/apply/apply.ts'
import { guard } from './src/migrate/apply/guard.ts'

const { plan, folders } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const guarded = await guard(realWorld(), plan, folders)
// What the guard refuses is tried all the same.
const tried = await apply(realWorld(), { ...plan, folders })
process.stdout.write(JSON.stringify({ refused: guarded.transactions.flatMap(({ refused }) => refused), tried }))
`)

test.skipIf(!root)("a folder that is read-only, and another user's repository, whose files are read-only", async () => {
  const home = newHome()
  const closed = repository(home, 'closed')
  const foreign = repository(home, 'foreign')
  const sticky = repository(home, 'sticky')
  chmodSync(path.join(closed, '.git'), 0o555)
  chmodSync(path.join(sticky, '.git'), 0o1777)
  chmodSync(path.join(foreign, '.git'), 0o777)
  chmodSync(path.join(foreign, '.git/config'), 0o444)
  writeFileSync(
    path.join(home.home, 'plan.json'),
    JSON.stringify({ plan: await planOf(home, [home.code]), folders: [home.code] }),
  )
  copyFileSync(script, path.join(home.home, 'script.mjs'))
  chownSync(home.home, nobody, nobody)
  chmodSync(home.home, 0o755)
  const before = snapshot(home.code)
  const done = spawnSync(process.execPath, [path.join(home.home, 'script.mjs'), path.join(home.home, 'plan.json')], {
    uid: nobody,
    gid: nobody,
    env: { PATH: process.env.PATH, HOME: home.home, AWSFED_HOME: path.join(home.home, 'awsfed') },
    encoding: 'utf8',
  })
  expect(done.stderr).toBe('')
  const refused = [closed, sticky].map((folder) => ({
    file: path.join(folder, '.git/config'),
    reason: `its folder cannot be written: ${path.join(folder, '.git')}`,
  }))
  const { tried, ...outcome } = JSON.parse(done.stdout)
  const byFile = (list: { file: string }[]) => list.sort((a, b) => (a.file < b.file ? -1 : 1))
  expect(byFile(outcome.refused)).toMatchObject(refused)
  byFile(tried.refused)
  expect(tried).toMatchObject({ changed: [{ file: path.join(foreign, '.git/config'), to: https('foreign') }], refused })
  const changed = Object.entries(snapshot(home.code)).filter(([name, text]) => before[name] !== text)
  expect(changed.map(([name]) => name)).toEqual(['foreign/.git/config'])
  expect(statSync(path.join(foreign, '.git/config')).mode & 0o777).toBe(0o444)
})

const immutable = root && spawnSync('chattr', ['-V']).error === undefined

test.skipIf(!immutable)('a file that is immutable is refused beforehand, and by an undo', async ({ skip }) => {
  const home = newHome()
  const config = path.join(repository(home), '.git/config')
  await apply(home.world, await guarded(home))
  if (spawnSync('chattr', ['+i', config]).status !== 0) skip()
  try {
    expect((await undo(home.world)).refused).toMatchObject([{ file: config, reason: 'it is immutable' }])
    spawnSync('chattr', ['-i', config])
    await undo(home.world)
    spawnSync('chattr', ['+i', config])
    const { transactions } = await guarded(home)
    expect(transactions.flatMap(({ refused }) => refused)).toMatchObject([
      { file: config, reason: 'it is immutable', hint: expect.stringContaining(`chattr -i ${config}`) },
    ])
  } finally {
    spawnSync('chattr', ['-i', config])
  }
})

const canMount =
  root && process.platform === 'linux' && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

test.skipIf(!canMount)('a disk with next to no room: nothing is cut off, and all is well when there is room again', async () => {
  const home = newHome()
  expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'none', home.code]).status).toBe(0)
  try {
    const text = `{"x": "${ssh()}", "y": "${'z'.repeat(20_000)}"}\n`
    const files = ['package.json', 'package-lock.json'].map((name) => home.write(`code/${name}`, text))
    const config = home.write('code/x/.git/config', `[remote "o"]\n\turl = ${ssh()}\n# ${'z'.repeat(20_000)}\n`)
    const folder = path.join(home.code, 'x')
    const git = { ...replacing(folder, [config], 'ssh', 'https'), unit: 'each' as const, gitDir: path.dirname(config) }
    const plan = planWith([replacing(home.code, files, 'ssh', 'https'), git], [home.code])
    // Room for a part of one file.
    spawnSync('sh', ['-c', 'dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null; truncate -s -12k "$1/filler"', 'sh', home.code])
    const before = snapshot(home.code)
    const { changed, refused, journal } = await apply(home.world, plan)
    expect([changed, journal]).toEqual([[], undefined])
    expect(refused.map(({ reason }) => /there is no room left on the disk$/.test(reason))).toEqual([true, true, true])
    expect(snapshot(home.code)).toEqual(before)

    // Room for one of the pair: none of it is changed, and the other transaction is.
    spawnSync('truncate', ['-s', '-16k', path.join(home.code, 'filler')])
    const some = await apply(home.world, plan)
    expect(some.changed.map(({ file }) => file)).toEqual([config])
    expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual([text, text])

    // And none at all for the way back, which needs some.
    spawnSync('sh', ['-c', 'dd if=/dev/zero of="$1/filler2" bs=4k 2>/dev/null', 'sh', home.code])
    const full = snapshot(home.code)
    expect(await undo(home.world)).toMatchObject({ restored: [], refused: [{ file: config }] })
    expect(snapshot(home.code)).toEqual(full)
    spawnSync('rm', [path.join(home.code, 'filler'), path.join(home.code, 'filler2')])
    expect(await undo(home.world)).toMatchObject({ restored: [config], refused: [] })
    expect(readFileSync(config, 'utf8')).toContain(ssh())
  } finally {
    spawnSync('umount', [home.code])
  }
})

test('a state folder without room: nothing begins', async () => {
  const home = newHome()
  repository(home)
  const plan = await guarded(home)
  const before = snapshot(home.code)
  const world = { ...home.world, paths: { ...home.world.paths, state: '/dev/full/state' } }
  await expect(apply(world, plan)).rejects.toMatchObject({ name: 'AwsfedError', kind: 'failed' })
  expect(snapshot(home.code)).toEqual(before)
})
