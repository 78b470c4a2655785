import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { awsfedPaths, type Environment, fileNameOf, type Paths } from '../../src/base/paths.ts'

test.each<
  [name: string, env: Environment, platform: NodeJS.Platform, home: string, config: string, cache: string, state: string]
>([
  [
    'Linux',
    {},
    'linux',
    '/home/jane',
    '/home/jane/.config/awsfed/config.toml',
    '/home/jane/.cache/awsfed',
    '/home/jane/.local/state/awsfed',
  ],
  [
    'XDG',
    { XDG_CONFIG_HOME: '/c', XDG_CACHE_HOME: '/k', XDG_STATE_HOME: '/s' },
    'linux',
    '/h',
    '/c/awsfed/config.toml',
    '/k/awsfed',
    '/s/awsfed',
  ],
  [
    'a relative XDG folder is invalid',
    { XDG_CACHE_HOME: 'k' },
    'linux',
    '/h',
    '/h/.config/awsfed/config.toml',
    '/h/.cache/awsfed',
    '/h/.local/state/awsfed',
  ],
  [
    'macOS',
    {},
    'darwin',
    '/Users/jane',
    '/Users/jane/Library/Application Support/awsfed/config.toml',
    '/Users/jane/Library/Caches/awsfed',
    '/Users/jane/Library/Application Support/awsfed/state',
  ],
  [
    'Windows',
    { APPDATA: 'C:\\Users\\jane\\AppData\\Roaming', LOCALAPPDATA: 'C:\\Users\\jane\\AppData\\Local' },
    'win32',
    'C:\\Users\\jane',
    'C:\\Users\\jane\\AppData\\Roaming\\awsfed\\config.toml',
    'C:\\Users\\jane\\AppData\\Local\\awsfed\\cache',
    'C:\\Users\\jane\\AppData\\Local\\awsfed\\state',
  ],
  ['AWSFED_HOME', { AWSFED_HOME: '/own', XDG_CONFIG_HOME: '/c' }, 'linux', '/h', '/own/config.toml', '/own/cache', '/own/state'],
])('%s', (_name, env, platform, home, config, cache, state) => {
  expect(awsfedPaths(env, platform, home)).toMatchObject({ config, cache, state })
})

describe('the key of sealed files', () => {
  test.each<[name: string, env: Record<string, string>, platform: NodeJS.Platform, sealing: Paths['sealing']]>([
    ['in memory', { XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux', { runtime: '/run/user/1000/awsfed' }],
    [
      'with AWSFED_HOME too',
      { XDG_RUNTIME_DIR: '/run/user/1000', AWSFED_HOME: '/own' },
      'linux',
      { runtime: '/run/user/1000/awsfed' },
    ],
    ['without such a folder', {}, 'linux', { runtime: undefined }],
    ['a relative one, which is invalid', { XDG_RUNTIME_DIR: 'run' }, 'linux', { runtime: undefined }],
    ['macOS', { XDG_RUNTIME_DIR: '/run/user/1000' }, 'darwin', { runtime: undefined }],
    ['switched off', { AWSFED_KEYRING: 'Never', XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux', undefined],
  ])('%s', (_, env, platform, sealing) => {
    expect(awsfedPaths(env, platform, '/h').sealing).toEqual(sealing)
  })
})

test('two names never share a file, on file systems that fold case too', () => {
  const names = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('dev', 'Dev', 'DEV', 'd/ev', '../x', '..', 'CON', 'a.b', 'a-b', 'ä'),
  )
  fc.assert(
    fc.property(names, names, (a, b) => a === b || fileNameOf(a).toLowerCase() !== fileNameOf(b).toLowerCase()),
    { numRuns: 2_000 },
  )
  fc.assert(fc.property(names, (name) => /^[a-z0-9._-]{1,64}$/.test(fileNameOf(name)) && !fileNameOf(name).startsWith('.')))
})
