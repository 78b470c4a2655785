// `npm run bench [-- --runs N]`: what one call of the helper costs, beside bare Node and the AWS CLI.
//
// Whole processes, one of each in turn, so that a busy machine is busy for all; medians, and ratios of them within this
// run. It measures and never fails: timings of a shared machine are no test.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildHelper } from './build.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { runs: { type: 'string', default: '41' }, 'no-build': { type: 'boolean' } } })
const runs = Math.max(3, Number.parseInt(values.runs, 10) || 41)

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
 * @typedef {object} Contender
 * @property {string} title
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} [input]
 * @property {number} [every] run it only in every so-many-th round
 * @property {string} [expect] what its output must hold to count
 * @property {number[]} times in milliseconds
 */

/**
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Partial<Contender>} [more]
 * @returns {Contender}
 */
function contender(title, command, args, more = {}) {
  return { title, command, args, times: [], ...more }
}

/**
 * One whole process, from its start to its end.
 * @param {Contender} contender
 * @param {NodeJS.ProcessEnv} env
 */
function time({ command, args, input = '', expect }, env) {
  const start = process.hrtime.bigint()
  const { status, stdout, error } = spawnSync(command, args, { env, input, stdio: ['pipe', 'pipe', 'ignore'] })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (error || status !== 0 || (expect && !stdout.toString().includes(expect))) return undefined
  return milliseconds
}

/** @param {readonly number[]} numbers */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'awsfed-bench-'))
try {
  if (!values['no-build']) await buildHelper()
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
  const all = [bare, direct, get, shell, store, cli]
  // The first of each warms the disk's cache and does not count.
  const running = all.filter((one) => {
    const there = time(one, env) !== undefined
    if (!there) console.log(`${one.title}: not there or not working, left out`)
    return there
  })
  for (let round = 0; round < runs; round++) {
    for (const one of running) {
      if (round % (one.every ?? 1) !== 0) continue
      const milliseconds = time(one, env)
      if (milliseconds !== undefined) one.times.push(milliseconds)
    }
  }

  console.log(`\n${runs} rounds, Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'cpu'}\n`)
  console.log(`${'median ms'.padStart(10)}  ${'fastest'.padStart(8)}  runs`)
  for (const { title, times } of running) {
    const [middle, least] = [median(times), Math.min(...times)].map((milliseconds) => milliseconds.toFixed(1))
    console.log(`${middle?.padStart(10)}  ${least?.padStart(8)}  ${String(times.length).padStart(4)}  ${title}`)
  }

  const ratio = (/** @type {Contender} */ one, /** @type {Contender} */ other) => median(one.times) / median(other.times)
  /** @type {[string, number, string, boolean][]} */
  const goals = [
    ['get / bare node', ratio(get, bare), '≤ 1.15', ratio(get, bare) <= 1.15],
    ['get without the shell / bare node', ratio(direct, bare), '', true],
    ['aws / get', ratio(cli, get), '≥ 4', ratio(cli, get) >= 4],
    ['store / sh -c exit', ratio(store, shell), '', true],
    ['store in ms', median(store.times), '< 8', median(store.times) < 8],
  ]
  console.log()
  for (const [title, value, goal, held] of goals) {
    if (Number.isNaN(value)) continue
    console.log(
      `${value.toFixed(2).padStart(10)}  ${title}${goal && `  (goal ${goal}: ${held ? 'held' : 'missed in this run'})`}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
