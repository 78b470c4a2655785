import { expect, test } from 'vitest'
import { createRedactor, withoutPasswords } from '../../src/base/redact.ts'

const host = 'git-codecommit.us-east-1.amazonaws.com'

test.each([
  [`https://jane:hunter2@${host}/v1/repos/x`, `https://jane:[redacted]@${host}/v1/repos/x`],
  ['https://:hunter2@example.com', 'https://:[redacted]@example.com'],
  [`https://jane:hun@ter2@${host}/x`, `https://jane:[redacted]@${host}/x`],
  [`https://jane:hun'te"r2@${host}/x`, `https://jane:[redacted]@${host}/x`],
  [`ssh://jane%3Ahunter2@${host}/x`, `ssh://jane%3A[redacted]@${host}/x`],
  [`git::git+ssh://jane:hunter2@${host}:22/x`, `git::git+ssh://jane:[redacted]@${host}:22/x`],
  ['codecommit::us-east-1://prod:hunter2@x', 'codecommit::us-east-1://prod:[redacted]@x'],
  [`\turl = jane:hunter2@${host}:/v1/repos/x`, `\turl = jane:[redacted]@${host}:/v1/repos/x`],
  [
    `[url "https://j:hunter2@h/"] insteadOf = https://k:hunter3@h/`,
    `[url "https://j:[redacted]@h/"] insteadOf = https://k:[redacted]@h/`,
  ],
])('%s', (text, shown) => {
  expect(withoutPasswords(text)).toBe(shown)
  expect(createRedactor().redact(text)).not.toContain('hunter')
})

test.each([
  `ssh://APKAEXAMPLE@${host}:22/v1/repos/x`,
  `git+ssh://${host}/v1/repos/x#semver:^1`,
  `"x@git+ssh://${host}/v1/repos/x#main"`,
  '"npm:other@^1.2.3", "workspace:*"',
  'https://example.com:8443/a@b:c@d',
  `${host}:/v1/repos/x`,
])('nothing to hide: %s', (text) => {
  expect(withoutPasswords(text)).toBe(text)
})
