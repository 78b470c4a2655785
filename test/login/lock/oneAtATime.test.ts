import { chmodSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { AwsfedError } from '../../../src/base/errors.ts'
import { awsfedPaths } from '../../../src/base/paths.ts'
import { createRedactor } from '../../../src/base/redact.ts'
import type { World } from '../../../src/base/world.ts'
import { type Asked, oneAtATime } from '../../../src/login/lock/oneAtATime.ts'
import { makePlace, placesOf } from '../../../src/login/lock/place.ts'
import type { Status } from '../../../src/login/status.ts'
import { temporaryFolder } from '../../support/programs.ts'

function worldIn(folder: string): World {
  const paths = awsfedPaths({ AWSFED_HOME: folder }, process.platform, folder)
  const redactor = createRedactor()
  return {
    env: {},
    platform: process.platform,
    home: folder,
    paths,
    now: () => new Date(),
    redactor,
    say: () => {},
    trace: () => {},
  }
}

/** Something that is settled from outside. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

interface Caller {
  asked?: Partial<Asked>
  already?: () => string | undefined
  work: (announce: (status: Status) => void) => Promise<string>
  signal?: AbortSignal
}

/** Calls for the lock; `heard` gets every status, `waits` resolves when it waits for another. */
function call(world: World, caller: Caller) {
  const heard: Status[] = []
  const waits = deferred<void>()
  const result = oneAtATime(world, {
    lock: 'portal-corp',
    what: 'profile dev',
    asked: { subject: 'profile-dev', means: 1, at: Date.now(), ...caller.asked },
    report(status) {
      heard.push(status)
      if (status.kind === 'waiting-for-other') waits.resolve()
    },
    signal: caller.signal,
    already: caller.already ?? (() => undefined),
    work: caller.work,
  })
  // Whoever awaits it sees the error; a test that looks at others first must not die of it.
  result.catch(() => {})
  return { result, heard, waits: waits.promise }
}

const never = () => Promise.reject(new Error('this caller must not work'))

/** An owner that has begun and works until it is told to end. */
async function ownerOf(world: World, asked: Partial<Asked> = {}) {
  const begun = deferred<(status: Status) => void>()
  const end = deferred<string>()
  const { result } = call(world, {
    asked,
    work(announce) {
      begun.resolve(announce)
      return end.promise
    },
  })
  return { result, end, announce: await begun.promise }
}

test('who waits hears whom it waits for and what a person must see, and takes the result', async () => {
  const world = worldIn(temporaryFolder())
  const cache: { session?: string } = {}
  const owner = await ownerOf(world)
  const waiter = call(world, { already: () => cache.session, work: never })
  await waiter.waits
  owner.announce({ kind: 'opening', url: 'https://portal.example.com/' })
  owner.announce({ kind: 'approval', number: '42' })
  const late = call(world, { already: () => cache.session, work: never })
  await late.waits
  cache.session = 'session'
  owner.end.resolve('session')

  expect(await Promise.all([owner.result, waiter.result, late.result])).toEqual(['session', 'session', 'session'])
  const expected = [
    { kind: 'waiting-for-other', pid: process.pid, what: 'profile dev' },
    { kind: 'approval', number: '42' },
  ]
  expect(waiter.heard).toEqual(expected)
  expect(late.heard).toEqual(expected)
})

test('a result that does not serve the waiter: it works itself, after the owner', async () => {
  const world = worldIn(temporaryFolder())
  const owner = await ownerOf(world)
  const waiter = call(world, { work: async () => 'mine' })
  await waiter.waits
  owner.end.resolve('theirs')
  expect(await waiter.result).toBe('mine')
})

const refused = new AwsfedError('refused', 'the portal says: Incorrect user ID or password.', { hint: 'try another' })

for (const [title, asked, shared] of [
  ['the same subject and means', {}, true],
  ['another subject', { subject: 'profile-other' }, false],
  ['less means than the owner had', { means: 0 }, true],
  ['more means than the owner had', { means: 2 }, false],
] as const) {
  test(`a failure answers a waiter with ${title}: ${shared}`, async () => {
    const world = worldIn(temporaryFolder())
    const owner = await ownerOf(world)
    const waiter = call(world, { asked, work: async () => 'worked itself' })
    await waiter.waits
    owner.end.reject(refused)
    await expect(owner.result).rejects.toBe(refused)
    const outcome = await waiter.result.catch((error: unknown) => error)
    if (shared) expect(outcome).toMatchObject({ kind: 'refused', message: refused.message, hint: refused.hint })
    else expect(outcome).toBe('worked itself')
  })
}

test('a failure answers who had asked before it, even who comes to the lock after it; not who asks later', async () => {
  const world = worldIn(temporaryFolder())
  const before = Date.now()
  await expect(call(world, { work: () => Promise.reject(refused) }).result).rejects.toBe(refused)
  await expect(call(world, { asked: { at: before }, work: never }).result).rejects.toMatchObject({ kind: 'refused' })
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await call(world, { work: async () => 'worked' }).result).toBe('worked')
  // And what has succeeded since is no failure any more.
  expect(await call(world, { asked: { at: before }, work: async () => 'worked' }).result).toBe('worked')
})

test('the secrets of a failure stay with its owner', async () => {
  const world = worldIn(temporaryFolder())
  world.redactor.conceal('hunter2')
  const owner = await ownerOf(world)
  const waiter = call(world, { work: never })
  await waiter.waits
  owner.end.reject(new AwsfedError('refused', 'wrong: hunter2', { hint: 'not hunter2' }))
  await expect(waiter.result).rejects.toMatchObject({ message: 'wrong: [redacted]', hint: 'not [redacted]' })
})

test('a waiter that is cancelled leaves at once; the owner and the other waiter go on', async () => {
  const world = worldIn(temporaryFolder())
  const cache: { session?: string } = {}
  const owner = await ownerOf(world)
  const abort = new AbortController()
  const leaver = call(world, { work: never, signal: abort.signal })
  const stayer = call(world, { already: () => cache.session, work: never })
  await Promise.all([leaver.waits, stayer.waits])
  abort.abort()
  await expect(leaver.result).rejects.toMatchObject({ kind: 'cancelled' })
  cache.session = 'session'
  owner.end.resolve('session')
  expect(await stayer.result).toBe('session')
})

test('an owner that is cancelled by its signal is no failure of those who wait', async () => {
  const world = worldIn(temporaryFolder())
  const abort = new AbortController()
  const begun = deferred<void>()
  const owner = call(world, {
    signal: abort.signal,
    async work() {
      begun.resolve()
      await new Promise((resolve) => abort.signal.addEventListener('abort', resolve))
      throw new AwsfedError('cancelled', 'cancelled')
    },
  })
  await begun.promise
  const waiter = call(world, { work: async () => 'worked itself' })
  await waiter.waits
  abort.abort()
  await expect(owner.result).rejects.toMatchObject({ kind: 'cancelled' })
  expect(await waiter.result).toBe('worked itself')
})

test('a path that is too long for a socket: a folder in /tmp, this user’s alone', async () => {
  const world = worldIn(path.join(temporaryFolder(), 'x'.repeat(120)))
  const [place, ...others] = placesOf(world, 'portal-corp')
  if (!place) throw new Error('no place')
  expect(others).toEqual([])
  expect(place.folder).toMatch(/^\/tmp\/awsfed-\d+-[0-9a-f]{8}\/portal-corp-[0-9a-f]{8}$/)
  onTestFinished(() => rmSync(path.dirname(place.folder), { recursive: true, force: true }))
  expect(await call(world, { work: async () => 'worked' }).result).toBe('worked')
  expect(lstatSync(path.dirname(place.folder)).mode & 0o777).toBe(0o700)

  chmodSync(path.dirname(place.folder), 0o777)
  await expect(call(world, { work: never }).result).rejects.toMatchObject({
    kind: 'failed',
    hint: expect.stringContaining('remove'),
  })
})

test('Windows: one named pipe for the user and the lock', () => {
  const world: World = { ...worldIn('C:\\Users\\jane'), platform: 'win32', env: { USERNAME: 'jane' } }
  const names = ['portal-corp', 'portal-other'].map((name) => placesOf(world, name)[0]?.pipe)
  expect(names[0]).toMatch(/^\\\\\.\\pipe\\awsfed-[0-9a-f]{8}$/)
  expect(names[0]).not.toBe(names[1])
})

test('a folder that cannot be made is a failure with a hint', async () => {
  const folder = temporaryFolder()
  mkdirSync(path.join(folder, 'state'), { recursive: true })
  const world = worldIn(path.join(folder, 'state/file'))
  writeFileSync(path.join(folder, 'state/file'), '')
  expect(() => makePlace({ folder: path.join(world.paths.state, 'locks'), pipe: undefined })).toThrow(/cannot make the folder/)
  await expect(call(world, { work: never }).result).rejects.toMatchObject({ kind: 'failed', hint: expect.any(String) })
})
