import { readFileSync } from 'node:fs'
import os from 'node:os'
import { describe, expect, test } from 'vitest'
import { parseAnswer, sshHosts } from '../../../src/migrate/learn/ssh.ts'
import { codeFolder } from '../repositories.ts'
import { sshWithConfig } from '../sshWithConfig.ts'

const { at, env, write } = codeFolder()
const ours = 'git-codecommit.us-east-1.amazonaws.com'

function asked(config: string, ...hosts: string[]) {
  return sshHosts(hosts, { env: { ...env, PATH: sshWithConfig(at, write, config) } })
}

describe('what ssh_config says', () => {
  test.each([
    [
      'an alias',
      `Host cc\n\tHostName ${ours}\n\tUser APKAEXAMPLE000000000\n`,
      'cc',
      { hostname: ours, user: 'APKAEXAMPLE000000000', port: 22 },
    ],
    [
      'the full host',
      'Host git-codecommit.*.amazonaws.com\n\tUser APKAEXAMPLE000000000\n',
      ours,
      { hostname: ours, user: 'APKAEXAMPLE000000000', port: 22 },
    ],
    ['a port', `Host cc\n\tHostName ${ours}\n\tPort 2222\n`, 'cc', { hostname: ours, user: undefined, port: 2222 }],
    [
      '%h',
      'Host us-east-1\n\tHostName git-codecommit.%h.amazonaws.com\n',
      'us-east-1',
      { hostname: ours, user: undefined, port: 22 },
    ],
    ['nothing', '', 'other', { hostname: 'other', user: undefined, port: 22 }],
    ['the local user', `Host *\n\tUser ${os.userInfo().username}\n`, 'other', { hostname: 'other', user: undefined, port: 22 }],
  ])('%s', async (_, config, host, expected) => {
    expect(await asked(config, host)).toEqual(new Map([[host, expected]]))
  })

  test('each host is asked for once, and only those', async () => {
    await asked(`Match exec "echo %h >> ${at('asked')}"\n\tPort 22\n`, 'one', 'two')
    expect(readFileSync(at('asked'), 'utf8')).toBe('one\ntwo\n')
  })

  test('a configuration that ssh refuses, a host that it refuses, and no ssh at all: not known', async () => {
    expect(await asked('Nonsense 1\n', 'cc')).toEqual(new Map())
    expect(await asked('', 'a b', 'cc')).toMatchObject(new Map([['cc', { hostname: 'cc' }]]))
    expect(await sshHosts(['cc'], { env: { PATH: at('nowhere') } })).toEqual(new Map())
  })
})

test.each([
  ['user CORP\\Jane\r\nhostname x\r\nport 22\r\n', { hostname: 'x', user: undefined, port: 22 }],
  ['user APKA\nhostname x\nport 22\n', { hostname: 'x', user: 'APKA', port: 22 }],
  ['hostname x\n', { hostname: 'x', user: undefined, port: 22 }],
  ['user x\n', undefined],
])('%j', (output, expected) => {
  expect(parseAnswer(output, 'jane')).toEqual(expected)
})
