import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AwsfedError } from '../../src/base/errors.ts'
import { askedBy } from '../../src/codecommit/asked.ts'
import { answer } from '../../src/codecommit/credential.ts'
import { requestedRepository } from '../../src/codecommit/repository.ts'
import { passwordFor, usernameFor } from '../../src/codecommit/signature.ts'

const ours = 'git-codecommit.us-east-1.amazonaws.com'
const keys = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' }

test.each([
  ['ours over https', `protocol=https\nhost=${ours}\n`, 'ours'],
  ['ours over http', `protocol=http\nhost=${ours}\n`, 'refused'],
  ['ours over HTTPS, which git does not send', `protocol=HTTPS\nhost=${ours}\n`, 'refused'],
  ['ours without a protocol', `host=${ours}\n`, 'refused'],
  ['another host', 'protocol=https\nhost=github.com\n', 'silent'],
  ['another host over http', 'protocol=http\nhost=github.com\n', 'silent'],
  ['a url, which git does not send to helpers', `url=https://${ours}/v1/repos/x\n`, 'refused'],
  ['a url beside another host', `protocol=https\nhost=evil.com\nurl=https://${ours}/v1/repos/x\n`, 'silent'],
  ['a certificate', 'protocol=cert\nhost=\npath=/etc/key.pem\n', 'silent'],
  ['nothing', '', 'refused'],
])('%s: %s', (_title, input, kind) => {
  expect(askedBy(Buffer.from(input)).kind).toBe(kind)
})

// Requests that are nearly right, so that the search gets past the first checks.
const pieces = fc.constantFrom(
  ...[
    'protocol=',
    'https',
    'http',
    'host=',
    'path=',
    'username=',
    'capability[]=',
    'authtype',
    '\n',
    '\r\n',
    '\r',
    '\0',
    '=',
    ':443',
    '@',
  ],
  ...[
    ours,
    'evil.com',
    '.amazonaws.com',
    '.cn',
    'vpce-1.',
    'v1/repos/',
    'demo',
    '../',
    '.git',
    '%2f',
    '\x1b[2J',
    '\u202e',
    ' ',
    '/',
  ],
)
const wellFormed = fc
  .record({
    protocol: fc.constantFrom('https', 'https', 'https', 'http', ''),
    host: fc.oneof(
      fc.constant(ours),
      fc.tuple(fc.constant(ours), fc.string({ unit: 'binary', maxLength: 3 })).map((parts) => parts.join('')),
    ),
    path: fc.oneof(
      fc.constant('v1/repos/demo'),
      fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `v1/repos/${text}`),
    ),
    username: fc.string({ unit: 'binary', maxLength: 5 }),
  })
  .map((parts) =>
    Object.entries(parts)
      .map((pair) => pair.join('='))
      .join('\n'),
  )
const anything = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.array(pieces, { maxLength: 25 }).map((list) => Buffer.from(list.join(''))),
  wellFormed.map((text) => Buffer.from(text)),
)

test('no input whatever makes it answer for a host that is not ours, fail unexpectedly, or print a control character', async () => {
  let answered = 0
  await fc.assert(
    fc.asyncProperty(anything, async (input) => {
      const asked = askedBy(input)
      const said: string[] = []
      if (asked.kind === 'refused') said.push(asked.why)
      if (asked.kind === 'ours') {
        // What git will send the answer to, by the bytes of its own request.
        const hosts = Buffer.from(input)
          .toString('latin1')
          .split(/\r?\n/)
          .filter((line) => line.startsWith('host='))
        expect(hosts).toHaveLength(1)
        expect(hosts[0]).toMatch(
          /^host=(vpce-[a-z0-9-]+\.)?git-codecommit(-fips)?\.[a-z0-9-]+(\.vpce)?\.amazonaws\.com(\.cn)?(:443)?$/i,
        )
        try {
          const repository = requestedRepository(asked.host, asked.request.path)
          const password = passwordFor(asked.host, repository, keys, new Date(0))
          said.push(
            ...answer({ username: usernameFor(keys), password, expiry: new Date(0) }, asked.request.capabilities).split('\n'),
          )
          answered++
        } catch (error) {
          if (!(error instanceof AwsfedError)) throw error
          said.push(error.message, error.hint ?? '')
        }
      }
      for (const text of said) expect(text).not.toMatch(/[\p{Cc}\u202e]/u)
    }),
    { numRuns: 5000 },
  )
  // Else it has shown nothing.
  expect(answered).toBeGreaterThan(100)
})
