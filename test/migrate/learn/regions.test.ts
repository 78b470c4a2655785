import path from 'node:path'
import { expect, test } from 'vitest'
import { regionsOf } from '../../../src/migrate/learn/regions.ts'
import { codeFolder } from '../repositories.ts'

const { home, at, write } = codeFolder()
write(
  path.join(home, '.aws', 'config'),
  '[default]\nregion = eu-west-1\n[profile prod]\nregion=us-east-1\n[profile none]\noutput = json\n[prod2]\nregion = x\n',
)
write(path.join(home, '.aws', 'credentials'), '[kept]\nregion = ap-south-1\n[prod]\nregion = eu-north-1\n')
write(at('other'), '[profile prod]\nregion = sa-east-1\n')

test.each<[string | undefined, Record<string, string>, string | undefined, string | undefined]>([
  ['prod', {}, 'ca-central-1', 'us-east-1'],
  [undefined, {}, 'ca-central-1', 'eu-west-1'],
  ['kept', {}, undefined, 'ap-south-1'],
  ['prod2', {}, undefined, undefined],
  ['none', {}, 'ca-central-1', 'ca-central-1'],
  ['none', { AWS_REGION: 'eu-west-3' }, 'ca-central-1', 'eu-west-3'],
  ['none', { AWS_DEFAULT_REGION: 'eu-west-3', AWS_REGION: '' }, 'ca-central-1', 'eu-west-3'],
  ['prod', { AWS_REGION: 'eu-west-3' }, undefined, 'us-east-1'],
  [undefined, { AWS_PROFILE: 'prod' }, undefined, 'us-east-1'],
  ['prod', { AWS_CONFIG_FILE: '~/../other' }, undefined, 'sa-east-1'],
  ['none', {}, undefined, undefined],
])('the profile %s with %j and --region %s: %s', (profile, env, flag, expected) => {
  expect(regionsOf({ env, home }, flag)(profile)).toBe(expected)
})

test('without any file', () => {
  expect(regionsOf({ env: {}, home: at('nowhere') }, 'us-east-1')(undefined)).toBe('us-east-1')
})
