import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHost } from '../../../src/codecommit/host.ts'
import { repositoryOfPath } from '../../../src/codecommit/repository.ts'
import { translator } from '../../../src/migrate/url/translate.ts'
import { codeFolder } from '../repositories.ts'
import { knowledge } from './knowledge.ts'

const { at, env, root } = codeFolder()
const ours = 'git-codecommit.us-east-1.amazonaws.com'
const said = at('said')
const program = at('ssh.sh')
writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$@" > '${said}'\nexit 1\n`)
chmodSync(program, 0o755)

/** Where git goes with `url`: the user, host, port and path that it gives to ssh; undefined when it runs no ssh. */
function gits(url: string) {
  writeFileSync(said, '')
  const options = {
    cwd: root,
    env: { ...env, GIT_SSH: program, GIT_SSH_VARIANT: 'ssh', GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'ssh' },
  }
  spawnSync('git', ['ls-remote', '--', url], options)
  const words = readFileSync(said, 'utf8').split('\0').slice(0, -1)
  if (words.length === 0) return undefined
  const port = words.includes('-p') ? words[words.indexOf('-p') + 1] : undefined
  const [destination = '', command = ''] = words.slice(-2)
  const cut = destination.lastIndexOf('@')
  return {
    user: destination.slice(0, Math.max(cut, 0)),
    host: destination.slice(cut + 1),
    port: port === undefined ? 22 : Number(port),
    path: /^git-upload-pack '(.*)'$/s.exec(command)?.[1] ?? '',
  }
}

const piece = fc.constantFrom(
  ...[
    'ssh://',
    'git+ssh://',
    'ssh+git://',
    'SSH://',
    'ssh:',
    '',
    'APKAEXAMPLE000000000@',
    'a%40b@',
    '@',
    '[',
    ']',
    ':',
    ':22',
    ':2222',
    ':/',
  ],
  ...[
    ours,
    ours.toUpperCase(),
    `${ours}.`,
    'git%2Dcodecommit.us-east-1.amazonaws.com',
    'cc',
    '/v1/repos/',
    'v1/repos/',
    '/v1%2Frepos/',
  ],
  ...['x', 'X.y_z-1', 'x%2Dy', 'x.git', '/', '//', '%', '%0a', '?a', '#b', '~', "'", ' ', '\\'],
)
const likely = fc
  .tuple(
    fc.constantFrom('ssh://', 'git+ssh://', '', 'ssh+git://'),
    fc.constantFrom('', 'APKAEXAMPLE000000000@', 'a%40b@', '@'),
    fc.constantFrom(ours, `[${ours}]`, `[${ours}:22]`, 'cc', ours.toUpperCase(), `[APKAEXAMPLE000000000@${ours}:22]`),
    fc.constantFrom('', ':', ':22', ':022', ':2222', ':v'),
    fc.constantFrom('/v1/repos/', 'v1/repos/', '//v1/repos/', '/v1%2frepos/', '/v2/repos/'),
    fc.constantFrom('x', 'x/', 'X.y', 'x%2Dy', 'x.git', 'x//', 'x#y', ''),
  )
  .map((parts) => parts.join(''))
const urls = fc.oneof(
  likely,
  fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
)

test('whatever the URL: what moves goes where git goes, and what git finds in CodeCommit is not passed over', {
  timeout: 120_000,
}, () => {
  const translate = translator(knowledge())
  fc.assert(
    fc.property(urls, (url) => {
      const verdict = translate(url, 'git')
      const real = gits(url)
      const host = real && (real.host === 'cc' ? ours : parseHost(real.host)?.name)
      const name = real && !real.path.startsWith('//') ? repositoryOfPath(real.path) : undefined
      const reached =
        host !== undefined && real?.port === 22 && name !== undefined ? `https://${host}/v1/repos/${name}` : undefined
      if (verdict.verdict === 'move') expect(verdict.to).toBe(reached)
      else
        expect({ verdict: verdict.verdict, passedOver: verdict.verdict === 'none' && reached !== undefined }).toMatchObject({
          passedOver: false,
        })
    }),
    { numRuns: 2500 },
  )
})
