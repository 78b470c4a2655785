import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { removeLeftovers } from '../../../../src/login/capture/browsermob/leftovers.ts'
import { markOf, sweep } from '../../../../src/login/capture/browsermob/sweep.ts'
import { temporaryFolder } from '../../../support/programs.ts'
import { testWorld } from '../../browser/support.ts'
import { startDaemon } from './daemon.ts'
import { browsermobProgram, canRunBrowsermob } from './release.ts'

const id = '00112233445566ff'

describe.skipIf(!canRunBrowsermob)('what is swept', { timeout: 60_000 }, () => {
  let daemon: Awaited<ReturnType<typeof startDaemon>>
  beforeAll(async () => {
    browsermobProgram()
    daemon = await startDaemon('')
  }, 300_000)
  afterAll(() => daemon?.stop())

  test('is a proxy with this login’s mark; another program’s at a port of the record is let alone', async () => {
    const { rest, url } = daemon
    const [ours, theirs, unmarked] = [await rest.newProxy({}), await rest.newProxy({}), await rest.newProxy({})]
    await rest.answerItself(ours, markOf(id), 'GET')
    await rest.answerItself(theirs, markOf('ffffffffffffffff'), 'GET')
    const belongings = { url, id, proxies: [ours, theirs, unmarked, 1], daemon: undefined }
    await sweep(belongings, process.platform)
    expect(await rest.ports()).toEqual([theirs, unmarked])
    await sweep(belongings, process.platform)
    expect(await rest.ports()).toEqual([theirs, unmarked])
  })

  test('is nothing for a file that is no record, nor for one of a login that lives', async () => {
    const world = testWorld(temporaryFolder())
    const folder = path.join(world.paths.state, 'browsermob')
    const port = await daemon.rest.newProxy({})
    await daemon.rest.answerItself(port, markOf(id), 'GET')
    const belongings = { url: daemon.url, id, proxies: [port], daemon: undefined }
    const dead = { pid: 2 ** 22 + 1, started: '1', machine: 'another', recorded: 0, belongings }
    mkdirSync(folder, { recursive: true })
    const files: Record<string, unknown> = {
      'elsewhere.json': dead,
      'half.json': '{',
      'list.json': [],
      'nothing.json': null,
      'odd.json': { ...dead, belongings: { ...belongings, proxies: ['../8081'] } },
      'other.json': { ...dead, belongings: { ...belongings, id: '../..' } },
    }
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
    }
    await removeLeftovers(world)
    expect(readdirSync(folder)).toEqual(Object.keys(files))
    expect(await daemon.rest.ports()).toContain(port)
  })
})
