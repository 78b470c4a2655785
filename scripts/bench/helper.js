// What one call of the helper costs, beside bare Node and the AWS CLI.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { compete, contender, judge, median } from '../lib/contest.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

const configuration = `default_profile = "dev"

[portal.corp]
url = "https://adfs.example.com/adfs/ls/idpinitiatedsignon.aspx?loginToRp=urn:amazon:webservices"
username = "jane"

[profile.dev]
portal = "corp"
role = "arn:aws:iam::123456789012:role/Dev"
region = "us-east-1"

[profile.deploy]
source = "dev"
role = "arn:aws:iam::210987654321:role/Deploy"

[[route]]
match = "us-east-1/team-*"
profile = "deploy"
`

/** @param {Date} now */
function sessionAt(now) {
  return {
    profile: 'dev',
    accessKeyId: 'ASIAEXAMPLEEXAMPLE12',
    secretAccessKey: 'example'.repeat(6),
    sessionToken: 'example+token/'.repeat(60),
    issued: now.toISOString(),
    expiration: new Date(now.getTime() + 8 * 3_600_000).toISOString(),
    arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane',
    account: '123456789012',
    role: 'arn:aws:iam::123456789012:role/Dev',
    origin: 'corp',
    via: 'headless',
  }
}

/**
 * @param {string} folder a temporary one, for its files
 * @param {number} rounds
 */
export function benchHelper(folder, rounds) {
  // The helper finds its session where it always does; built by hand here, since this script is no part of the program.
  const home = path.join(folder, 'awsfed')
  const sessions = path.join(home, 'cache', 'sessions')
  mkdirSync(sessions, { recursive: true, mode: 0o700 })
  writeFileSync(path.join(home, 'config.toml'), configuration, { mode: 0o600 })
  writeFileSync(path.join(sessions, 'dev.json'), JSON.stringify(sessionAt(new Date())), { mode: 0o600 })
  const empty = path.join(folder, 'empty.cjs')
  writeFileSync(empty, '')

  const request = 'protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/demo\n'
  const answered = `${request}username=ASIAEXAMPLEEXAMPLE12%${'example+token/'.repeat(60)}\npassword=${'0'.repeat(81)}\n`
  const program = path.join(root, 'bin', 'git-credential-awsfed')
  const node = process.execPath
  const bare = contender('node, an empty file', node, [empty])
  const direct = contender('get, node dist/helper.cjs', node, [path.join(root, 'dist', 'helper.cjs'), 'get'], {
    input: request,
    expect: 'password=',
  })
  const get = contender('get, git-credential-awsfed', program, ['get'], { input: request, expect: 'password=' })
  const shell = contender('sh -c exit', 'sh', ['-c', 'exit'])
  const store = contender('store, git-credential-awsfed', program, ['store'], { input: answered })
  const cli = contender('get, aws codecommit credential-helper', 'aws', ['codecommit', 'credential-helper', 'get'], {
    input: request,
    expect: 'password=',
    every: 5,
  })

  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AWSFED_HOME: home,
    AWSFED_NODE: node,
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE12',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_SESSION_TOKEN: 'example',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  compete([bare, direct, get, shell, store, cli], rounds, env)

  const ratio = (/** @type {typeof get} */ one, /** @type {typeof get} */ other) => median(one.times) / median(other.times)
  judge([
    ['get / bare node', ratio(get, bare), '≤ 1.15', ratio(get, bare) <= 1.15],
    ['get without the shell / bare node', ratio(direct, bare)],
    ['aws / get', ratio(cli, get), '≥ 4', ratio(cli, get) >= 4],
    ['store / sh -c exit', ratio(store, shell)],
    ['store in ms', median(store.times), '< 8', median(store.times) < 8],
  ])
}
