import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { apply } from '../../../src/migrate/apply/apply.ts'
import { journalToUndo, listJournals, undo } from '../../../src/migrate/apply/undo.ts'
import { guarded, https, newHome, planWith, replacing, repository, snapshot, ssh } from './tree.ts'

describe('a git configuration that has changed since', () => {
  test('elsewhere: its URL goes back, the rest stays', async () => {
    const home = newHome()
    const config = path.join(repository(home), '.git/config')
    await apply(home.world, await guarded(home))
    home.git('code/x', 'config', 'user.name', 'Jane')
    writeFileSync(config, `# first\n${readFileSync(config, 'utf8')}`)
    const text = readFileSync(config, 'utf8')
    expect(await undo(home.world)).toMatchObject({ restored: [config], refused: [] })
    expect(readFileSync(config, 'utf8')).toBe(text.replace(https(), ssh()))
  })

  test('where it was written: refused by its name, and what else can goes back', async () => {
    const home = newHome()
    const config = path.join(repository(home), '.git/config')
    const other = path.join(repository(home, 'other'), '.git/config')
    home.git('code/x', 'remote', 'add', 'two', ssh('two'))
    const { journal } = await apply(home.world, await guarded(home))
    home.git('code/x', 'config', 'remote.origin.url', 'https://github.com/a/b')
    const { restored, refused } = await undo(home.world)
    expect([...restored].sort()).toEqual([other, config])
    expect(refused).toMatchObject([
      { file: config, url: https(), line: 7, reason: expect.stringMatching(/^it has changed since/) },
    ])
    expect(home.git('code/x', 'config', '--get-regexp', 'url').trim().split('\n')).toEqual([
      'remote.origin.url https://github.com/a/b',
      `remote.two.url ${ssh('two')}`,
    ])
    expect(listJournals(home.world)).toMatchObject([{ id: journal, state: 'undone in part' }])
    // It stays the one to undo: what stands in the way can be removed.
    home.git('code/x', 'config', 'remote.origin.url', https())
    expect(await undo(home.world)).toMatchObject({ restored: [config], refused: [] })
    expect(listJournals(home.world)).toMatchObject([{ state: 'undone' }])
  })

  test('removed, or a link to another place now', async () => {
    const home = newHome()
    const [gone, moved] = ['gone', 'moved'].map((name) => path.join(repository(home, name), '.git/config'))
    await apply(home.world, await guarded(home))
    rmSync(path.join(home.code, 'gone'), { recursive: true })
    renameSync(path.join(home.code, 'moved'), path.join(home.home, 'outside'))
    symlinkSync('../outside', path.join(home.code, 'moved'))
    const before = snapshot(home.home, ['awsfed'])
    const { restored, refused } = await undo(home.world)
    expect(restored).toEqual([])
    expect(refused.map(({ file, reason }) => [file, reason]).sort()).toEqual([
      [gone, 'it has been moved or removed since'],
      [moved, 'it has been moved or removed since'],
    ])
    expect(snapshot(home.home, ['awsfed'])).toEqual(before)
  })

  test('locked by another program', async () => {
    const home = newHome()
    const config = path.join(repository(home), '.git/config')
    await apply(home.world, await guarded(home))
    writeFileSync(`${config}.lock`, readFileSync(config))
    expect(await undo(home.world)).toMatchObject({
      restored: [],
      removed: [],
      refused: [{ reason: `locked: ${config}.lock is there` }],
    })
    expect(readFileSync(`${config}.lock`)).toEqual(readFileSync(config))
  })
})

test('a manifest and its lock go back together or not at all', async () => {
  const home = newHome()
  const files = ['package.json', 'package-lock.json'].map((name) => home.write(`code/${name}`, `{"x": "${ssh()}"}\n`))
  await apply(home.world, planWith([replacing(home.code, files, 'ssh', 'https')], [home.code]))
  home.write('code/package-lock.json', `{"x": "file:y"}\n`)
  const before = snapshot(home.code)
  const { restored, refused } = await undo(home.world)
  expect(restored).toEqual([])
  expect(refused.map(({ file }) => path.basename(file)).sort()).toEqual(['package-lock.json', 'package.json'])
  expect(snapshot(home.code)).toEqual(before)
  home.write('code/package-lock.json', `{"x": "${https()}", "y": 1}\n`)
  expect((await undo(home.world)).restored).toEqual(files)
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual([`{"x": "${ssh()}"}\n`, `{"x": "${ssh()}", "y": 1}\n`])
})

test('several runs: undone from the last one back; a journal of none that began is no run', async () => {
  const home = newHome()
  const ids: (string | undefined)[] = []
  const states = []
  for (const name of ['a', 'b', 'c']) {
    repository(home, name)
    states.push(snapshot(home.code))
    ids.push((await apply(home.world, await guarded(home))).journal)
  }
  mkdirSync(path.join(home.world.paths.state, 'migrations/20991231-235959-0000'))
  expect(listJournals(home.world).map(({ id }) => id)).toEqual([...ids].reverse())
  for (const [index, id] of [...ids.entries()].reverse()) {
    expect(journalToUndo(home.world).id).toBe(id)
    await undo(home.world)
    expect(Object.keys(states[index] ?? {}).map((name) => snapshot(home.code)[name])).toEqual(Object.values(states[index] ?? {}))
  }
  expect(() => journalToUndo(home.world)).toThrow('there is no run to undo')
  repository(home, 'd')
  await apply(home.world, await guarded(home))
  expect(existsSync(path.join(home.world.paths.state, 'migrations/20991231-235959-0000'))).toBe(false)
})

test('a journal that cannot be read is said so', async () => {
  const home = newHome()
  repository(home)
  const { journal } = await apply(home.world, await guarded(home))
  appendFileSync(path.join(home.world.paths.state, 'migrations', journal ?? '', 'journal.json'), 'x')
  await expect(undo(home.world)).rejects.toMatchObject({
    name: 'AwsfedError',
    message: expect.stringContaining('journal.json cannot be read'),
  })
})
