import { describe, expect, test } from 'vitest'
import {
  listProcesses,
  processesMarked,
  processesOfPs,
  processesOfWindows,
  sameStart,
  startOfSelf,
} from '../../../src/login/browser/processes.ts'

test('this process is in the list, with its start', async () => {
  const own = (await listProcesses(process.platform)).find(({ pid }) => pid === process.pid)
  expect(own).toMatchObject({ user: process.getuid?.(), started: startOfSelf(process.platform) })
})

test.skipIf(process.platform !== 'linux')('ps tells what /proc tells', async () => {
  const [proc, ps] = await Promise.all([listProcesses('linux'), listProcesses('darwin')])
  const own = (list: typeof ps) => list.find(({ pid }) => pid === process.ppid)
  expect(own(ps)).toMatchObject({ pid: own(proc)?.pid, user: own(proc)?.user, command: own(proc)?.command })
  expect(ps.find(({ pid }) => pid === process.pid)?.started).toBe(startOfSelf('darwin'))
})

test('the output of ps is read, zombies left out', () => {
  const text = [
    '    1     0 Ss   Mon Nov 23 22:19:18 2026 /sbin/launchd',
    ' 4242   501 S    Tue Dec  1 09:05:00 2026 /Applications/Google Chrome.app/Contents/MacOS/Google Chrome --user-data-dir=/Users/jane/a b/c',
    ' 4243   501 Z    Tue Dec  1 09:05:00 2026 (Google Chrome)',
    '',
  ].join('\n')
  expect(processesOfPs(text)).toEqual([
    { pid: 1, user: 0, started: 'Mon Nov 23 22:19:18 2026', command: '/sbin/launchd' },
    {
      pid: 4242,
      user: 501,
      started: 'Tue Dec  1 09:05:00 2026',
      command: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome --user-data-dir=/Users/jane/a b/c',
    },
  ])
})

describe('the output of PowerShell is read:', () => {
  const row = { pid: 7, command: '"C:\\x y\\chrome.exe" "--user-data-dir=C:\\a b"', started: '2026-11-23T22:19:18.1234567Z' }
  const info = { ...row, user: undefined }
  test.each([
    ['several', JSON.stringify([row, { ...row, pid: 8 }]), [info, { ...info, pid: 8 }]],
    ['one', JSON.stringify(row), [info]],
    ['none', '', []],
  ])('%s', (_, json, expected) => expect(processesOfWindows(json)).toEqual(expected))
})

test.each([
  ['linux', '100', '100', true],
  ['linux', '100', '101', false],
  ['win32', '2026-11-23T22:19:18.123Z', '2026-11-23T22:19:18.4567890Z', true],
  ['win32', '2026-11-23T22:19:18.123Z', '2026-11-23T22:20:18.123Z', false],
] as const)('on %s %s and %s are one start: %s', (platform, a, b, expected) => expect(sameStart(a, b, platform)).toBe(expected))

test('only processes of this user are marked, and never this one', () => {
  const user = process.getuid?.()
  const info = (pid: number, command: string, of = user) => ({ pid, user: of, started: '', command })
  const marked = info(2, 'chromium --user-data-dir=/x/run --type=gpu')
  const processes = [
    info(process.pid, 'node =/x/run'),
    marked,
    info(3, 'vi /x/run'),
    info(4, 'chromium --user-data-dir=/x/run', -1),
  ]
  expect(processesMarked(processes, '=/x/run')).toEqual([marked])
})
