import { expect, test } from 'vitest'
import type { Asking } from '../../src/base/asking.ts'
import { askedAt, type LoginRequest, meansOf } from '../../src/login/request.ts'
import { waysFor } from '../../src/login/ways.ts'

const request = (asking: Asking, more: Partial<LoginRequest> = {}): LoginRequest => ({ asking, report: () => {}, ...more })

/** What a login may use, weakest first, and the ways that it then tries. */
const requests = [
  ['auto, cookies only', request('auto', { cookiesOnly: true }), { terminal: true, display: true }, 'http, headless by cookies'],
  ['never', request('never'), { terminal: true, display: true }, 'http, headless by answers'],
  [
    'auto, neither terminal nor display',
    request('auto'),
    { terminal: false, display: false },
    'http, headless by answers, window',
  ],
  ['terminal', request('terminal'), { terminal: true, display: true }, 'http, headless by answers'],
  ['window', request('window'), { terminal: true, display: true }, 'http, headless by cookies, window'],
  ['auto, terminal and display', request('auto'), { terminal: true, display: true }, 'http, headless by answers, window'],
] as const

test('who may use more does not take the failure of who may use less', () => {
  const means = requests.map(([, asked, there]) => meansOf(asked, there))
  expect(means).toEqual([...new Set(means)].sort((a, b) => a - b))
})

const named = (asked: LoginRequest) =>
  waysFor(asked)
    .map(({ name, means }) => (name === 'headless' ? `${name} by ${means}` : name))
    .join(', ')

for (const [title, asked, , ways] of requests) {
  test(`asking ${title} → ${ways}`, () => expect(named(asked)).toBe(ways))
}

test('a window at once: nothing before it', () => {
  expect(named(request('window', { windowAtOnce: true }))).toBe('window')
})

test('a renewal by cookies never opens a window', () => {
  expect(named(request('window', { windowAtOnce: true, cookiesOnly: true }))).toBe('http, headless by cookies')
})

test('asked for: when the caller says; else since the process began, a minute ago at most', () => {
  expect(askedAt({ ...request('auto'), asked: 1234 })).toBe(1234)
  const at = askedAt(request('auto'))
  expect(at).toBeGreaterThanOrEqual(performance.timeOrigin)
  expect(at).toBeGreaterThanOrEqual(Date.now() - 61_000)
  expect(at).toBeLessThan(Date.now())
})
