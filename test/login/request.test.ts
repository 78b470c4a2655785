import { expect, test } from 'vitest'
import type { Asking } from '../../src/base/asking.ts'
import { askedAt, type LoginRequest, meansOf } from '../../src/login/request.ts'
import { wayFor } from '../../src/login/ways.ts'

const request = (asking: Asking, cookiesOnly = false): LoginRequest => ({ asking, cookiesOnly, report: () => {} })

/** What a login may use, weakest first. */
const requests = [
  ['auto, cookies only', request('auto', true), true, 'headless'],
  ['never', request('never'), true, 'headless'],
  ['auto, no terminal', request('auto'), false, 'headless'],
  ['terminal, a terminal', request('terminal'), true, 'headless'],
  ['window', request('window'), false, 'window'],
] as const

test('who may use more does not take the failure of who may use less', () => {
  const means = requests.map(([, asked, terminal]) => meansOf(asked, terminal))
  expect(means).toEqual([...new Set(means)].sort((a, b) => a - b))
})

for (const [title, asked, , way] of requests) {
  test(`asking ${title} → ${way}`, () => expect(wayFor(asked).name).toBe(way))
}

test('a renewal by cookies never opens a window', () => expect(wayFor(request('window', true)).name).toBe('headless'))

test('asked for: when the caller says; else since the process began, a minute ago at most', () => {
  expect(askedAt({ ...request('auto'), asked: 1234 })).toBe(1234)
  const at = askedAt(request('auto'))
  expect(at).toBeGreaterThanOrEqual(performance.timeOrigin)
  expect(at).toBeGreaterThanOrEqual(Date.now() - 61_000)
  expect(at).toBeLessThan(Date.now())
})
