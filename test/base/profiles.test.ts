import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/base/config.ts'
import { chooseProfile, matches, type ProfileHints } from '../../src/base/profiles.ts'

const base = `[portal.corp]
url = "https://adfs.example.com/"
[profile.dev]
portal = "corp"
`
const several = `${base}[profile.prod]
portal = "corp"
[profile.team]
portal = "corp"
[[route]]
match = "us-east-1/team-*"
profile = "team"
[[route]]
match = "us-*/team-x"
profile = "prod"
`
const inTeam = { region: 'us-east-1', name: 'team-x' }

describe('the profile is the one named by the strongest of', () => {
  test.each<[name: string, text: string, hints: ProfileHints, profile: string]>([
    ['the only one', base, {}, 'dev'],
    ['default_profile', `default_profile = "prod"\n${several}`, {}, 'prod'],
    ['the first matching route', `default_profile = "prod"\n${several}`, { repository: inTeam }, 'team'],
    ['AWSFED_PROFILE over a route', several, { repository: inTeam, env: 'dev' }, 'dev'],
    ['--profile over AWSFED_PROFILE', several, { env: 'dev', flag: 'prod' }, 'prod'],
    ["the URL's user over --profile", several, { urlUser: 'team', flag: 'prod' }, 'team'],
    ["a URL's user that is no profile", several, { urlUser: 'ASIAEXAMPLE', flag: 'prod' }, 'prod'],
    ["a URL's user named as JavaScript's own", several, { urlUser: 'constructor', flag: 'prod' }, 'prod'],
    ['an empty AWSFED_PROFILE says nothing', base, { env: '' }, 'dev'],
  ])('%s', (_name, text, hints, profile) => {
    expect(chooseProfile(parseConfig(text, 'c.toml'), hints).name).toBe(profile)
  })

  test.each<[name: string, text: string, hints: ProfileHints, message: RegExp]>([
    ['an empty --profile', base, { flag: '' }, /--profile is empty/],
    ['--profile nowhere', base, { flag: 'x' }, /--profile names x, but c\.toml has no \[profile\.x\]/],
    ['AWSFED_PROFILE nowhere', base, { env: 'x' }, /AWSFED_PROFILE names x/],
    ['several and no word', several, {}, /nothing says which: dev, prod, team/],
    ['no profile at all', '', {}, /c\.toml has no profile/],
  ])('else an error: %s', (_name, text, hints, message) => {
    expect(() => chooseProfile(parseConfig(text, 'c.toml'), hints)).toThrow(message)
  })
})

test.each([
  ['us-east-1/team-*', 'us-east-1/team-x', true],
  ['us-east-1/team-*', 'us-east-1/team-', true],
  ['us-east-1/team-*', 'us-east-1/a-team-x', false],
  ['*', 'us-east-1/demo', false],
  ['*/*', 'us-east-1/demo', true],
  ['*/demo', 'eu-west-1/demo', true],
  ['us-east-1/a.c', 'us-east-1/abc', false],
  ['us-east-1/(x|y)', 'us-east-1/x', false],
  ['us-east-1/a-[z]', 'us-east-1/a-[z]', true],
])('route %s, repository %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})
