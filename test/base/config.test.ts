import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadConfig, parseConfig } from '../../src/base/config.ts'
import { AwsfedError } from '../../src/base/errors.ts'
import { temporaryFolder } from '../support/programs.ts'

const portal = '[portal.corp]\nurl = "https://adfs.example.com/adfs/ls"\n'
const dev = '[profile.dev]\nportal = "corp"\n'

function errorOf(act: () => unknown): AwsfedError {
  try {
    act()
  } catch (error) {
    if (error instanceof AwsfedError) return error
    throw error
  }
  throw new Error('no error')
}

describe('a whole configuration', () => {
  const config = parseConfig(
    `default_profile = "dev"
${portal}recipe = "adfs"
capture = "devtools"
browser = "chrome"
browser_binary = "/opt/chrome"
driver_binary = "/opt/chromedriver"
browser_args = ["--lang=de"]
username = "jane"
password_command = "pass show corp"
otp_command = "oathtool --totp -b KEY"
mfa = "totp"
proxy = "http://proxy.example.com:3128"
acs_hosts = ["signin.aws.amazon.com.mcas.ms"]
[portal.corp.browsermob]
url = "http://127.0.0.1:9900"
command = "browsermob-proxy -port 9900"
[profile.dev]
portal = "corp"
role = "arn:aws:iam::123456789012:role/path/Dev"
provider = "arn:aws:iam::123456789012:saml-provider/corp"
region = "us-east-1"
duration = "8h"
write_to = "default"
[profile.deploy]
source = "dev"
role = "arn:aws-us-gov:iam::210987654321:role/Deploy"
[account]
APKAEXAMPLE12345 = "dev"
[[route]]
match = "us-east-1/team-*"
profile = "deploy"
`,
    'config.toml',
  )
  test('says what it holds', () => {
    expect(config.warnings).toEqual([])
    expect(config.defaultProfile).toBe('dev')
    expect(config.portals.get('corp')).toMatchObject({
      passwordCommand: 'pass show corp',
      browserArgs: ['--lang=de'],
      mfa: 'totp',
    })
    expect(config.portals.get('corp')?.browsermob).toEqual({
      url: 'http://127.0.0.1:9900',
      command: 'browsermob-proxy -port 9900',
    })
    expect(config.profiles.get('dev')).toMatchObject({ duration: 28_800, writeTo: 'default', portal: 'corp', source: undefined })
    expect(config.profiles.get('deploy')).toMatchObject({ source: 'dev', portal: undefined })
    expect([...config.accounts]).toEqual([['APKAEXAMPLE12345', 'dev']])
    expect(config.routes).toEqual([{ match: 'us-east-1/team-*', profile: 'deploy' }])
  })
})

describe('a wrong configuration names its key', () => {
  const cases: [name: string, text: string, message: RegExp][] = [
    ['no TOML', 'a = \n', /^c\.toml:1:\d+: /],
    ['portal without url', '[portal.corp]\n', /portal\.corp\.url is missing/],
    ['portal url is no URL', '[portal.corp]\nurl = "adfs.example.com"\n', /portal\.corp\.url is not an http/],
    ['portal url of another scheme', '[portal.corp]\nurl = "file:///etc/passwd"\n', /portal\.corp\.url is not an http/],
    ['a number for a text', '[portal.corp]\nurl = 5\n', /portal\.corp\.url must be a text/],
    ['an empty text', `${portal}username = ""\n`, /portal\.corp\.username must be a text that is not empty/],
    [
      'unknown browser',
      `${portal}browser = "lynx"\n`,
      /portal\.corp\.browser is "lynx"; it may be chrome, chromium, edge, firefox/,
    ],
    ['proxy is no URL', `${portal}proxy = "::::"\n`, /portal\.corp\.proxy is not the URL of a proxy/],
    [
      'proxy of another scheme',
      `${portal}proxy = "ftp://u:hunter2@x:1"\n`,
      /portal\.corp\.proxy is not the URL of a proxy \(http, https or socks\)$/,
    ],
    [
      'acs_hosts holds a URL',
      `${portal}acs_hosts = ["https://a.example/saml"]\n`,
      /acs_hosts "https:\/\/a\.example\/saml" is not the name/,
    ],
    ['acs_hosts holds a pattern', `${portal}acs_hosts = ["*"]\n`, /acs_hosts "\*" is not the name of a host/],
    ['acs_hosts holds an empty text', `${portal}acs_hosts = [""]\n`, /acs_hosts "" is not the name of a host/],
    ['browser_args is no list', `${portal}browser_args = "--x"\n`, /portal\.corp\.browser_args must be a list of texts/],
    ['portal is a text', 'portal = "x"\n', /portal must be a table/],
    ['portal.corp is a text', '[portal]\ncorp = "x"\n', /portal\.corp must be a table/],
    ['profile without origin', '[profile.dev]\nregion = "us-east-1"\n', /profile\.dev names neither a portal nor a source/],
    ['profile with both', `${portal}${dev}source = "dev"\n`, /profile\.dev\.source stands beside portal/],
    ['unknown portal', '[profile.dev]\nportal = "nope"\n', /profile\.dev\.portal names nope, but there is no \[portal\.nope\]/],
    [
      'unknown source',
      '[profile.a]\nsource = "b"\nrole = "arn:aws:iam::123456789012:role/R"\n',
      /profile\.a\.source names b, but there is no \[profile\.b\]/,
    ],
    ['source without role', `${portal}${dev}[profile.a]\nsource = "dev"\n`, /profile\.a\.role is missing/],
    [
      'a circle',
      '[profile.a]\nsource = "b"\nrole = "arn:aws:iam::123456789012:role/R"\n[profile.b]\nsource = "a"\nrole = "arn:aws:iam::123456789012:role/R"\n',
      /profile\.a\.source comes back to itself by a → b → a/,
    ],
    ['no role ARN', `${portal}${dev}role = "Dev"\n`, /profile\.dev\.role "Dev" is not the ARN of a role/],
    ['no provider ARN', `${portal}${dev}provider = "corp"\n`, /profile\.dev\.provider "corp" is not the ARN/],
    ['no region', `${portal}${dev}region = "Virginia"\n`, /profile\.dev\.region "Virginia" is not an AWS region/],
    ['duration too long', `${portal}${dev}duration = "13h"\n`, /profile\.dev\.duration "13h" is not a duration from 15m to 12h/],
    ['duration too short', `${portal}${dev}duration = "5m"\n`, /profile\.dev\.duration "5m"/],
    ['duration without unit', `${portal}${dev}duration = "3600"\n`, /profile\.dev\.duration "3600"/],
    ['unknown default', `default_profile = "x"\n${portal}${dev}`, /default_profile names x, but there is no \[profile\.x\]/],
    [
      'route to nowhere',
      `${portal}${dev}[[route]]\nmatch = "*"\nprofile = "x"\n`,
      /route\.profile names x, but there is no \[profile\.x\]/,
    ],
    ['route is a table', `${portal}${dev}[route]\nmatch = "*"\n`, /route must be written as \[\[route\]\]/],
    ['account to nowhere', `${portal}${dev}[account]\nAPKA = "x"\n`, /account\.APKA names x, but there is no \[profile\.x\]/],
  ]
  test.each(cases)('%s', (_name, text, message) => {
    const error = errorOf(() => parseConfig(text, 'c.toml'))
    expect(error.message).toMatch(message)
    expect(error.kind).toBe('failed')
    expect(error.hint).toBeTruthy()
  })
})

describe('what is hardly meant is warned of', () => {
  test.each([
    ['unknown key', `${portal}rolle = "x"\n`, /portal\.corp\.rolle is no setting of awsfed/],
    ['unknown key at the top', `defaultprofile = "x"\n${portal}`, /defaultprofile is no setting/],
    ['plain http', '[portal.corp]\nurl = "http://adfs.example.com/"\n', /\[portal\.corp\] url is plain http/],
  ])('%s', (_name, text, warning) => {
    expect(parseConfig(text, 'c.toml').warnings).toEqual([expect.stringMatching(warning)])
  })
})

test.each(['us-east-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1', 'ap-southeast-5', 'us-isob-east-1'])(
  'region %s',
  (region) => {
    expect(parseConfig(`${portal}${dev}region = "${region}"\n`, 'c.toml').profiles.get('dev')?.region).toBe(region)
  },
)

test('names that JavaScript knows are names like others', () => {
  const config = parseConfig(
    `${portal}[profile.constructor]\nportal = "corp"\n[profile."__proto__"]\nportal = "corp"\n`,
    'c.toml',
  )
  expect([...config.profiles.keys()].sort()).toEqual(['__proto__', 'constructor'])
})

test('a configuration that is not there names the file and what to do', () => {
  const file = path.join(temporaryFolder(), 'config.toml')
  expect(errorOf(() => loadConfig(file))).toMatchObject({
    message: expect.stringContaining(file),
    hint: expect.stringContaining('README'),
  })
  writeFileSync(file, portal + dev)
  expect(loadConfig(file).profiles.size).toBe(1)
})

test('whatever the text, the answer is a configuration or an AwsfedError', () => {
  const pieces = fc.constantFrom(
    '[portal.a]',
    '[profile.b]',
    'url',
    '=',
    '"https://x/"',
    '\n',
    'role',
    '5',
    '[[route]]',
    'portal',
    '"a"',
    '\r',
    '\u0000',
    '{',
    '}',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces).map((list) => list.join(' ')),
      ),
      (text) => {
        try {
          return parseConfig(text, 'c.toml').path === 'c.toml'
        } catch (error) {
          return error instanceof AwsfedError
        }
      },
    ),
    { numRuns: 2_000 },
  )
})
