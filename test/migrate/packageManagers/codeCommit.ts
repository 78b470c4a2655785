import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { awsfedPaths } from '../../../src/base/paths.ts'
import { sandboxRoles } from '../../../src/sandbox/cloud.ts'
import { startSandbox } from '../../../src/sandbox/sandbox.ts'
import { writeSession } from '../../../src/session/cache.ts'
import { keysOf } from '../../sandbox/visitor.ts'
import { programs, run, scrubbedEnvironment } from '../../support/programs.ts'

export const host = 'git-codecommit.us-east-1.amazonaws.com'
export const [one, two] = ['APKAEXAMPLE000000000', 'APKASECOND0000000000']
export const ssh = (account: string, name: string) => `git+ssh://${account}@${host}/v1/repos/${name}`

const packages = {
  leaf: { name: 'leaf', version: '1.2.0' },
  extra: { name: '@corp/extra', version: '2.0.0' },
  middle: { name: 'middle', version: '1.2.0', dependencies: { leaf: `${ssh(two, 'leaf')}#main` } },
  range: { name: 'range', version: '1.2.0', dependencies: { leaf: `${ssh(two, 'leaf')}#semver:^1.0.0` } },
}

/**
 * A CodeCommit with some packages, each of two commits of which the first is v1.2.0: by HTTPS, with a session that lasts
 * and git set up for it, and by SSH.
 */
export async function codeCommit() {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-')))
  const sandbox = await startSandbox()
  afterAll(async () => {
    await sandbox.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  const repositories: Record<string, string> = {}
  const env = scrubbedEnvironment(folder, sandbox.environment)
  for (const [name, manifest] of Object.entries(packages)) {
    const files = { 'package.json': JSON.stringify(manifest), 'index.js': 'module.exports = 1\n' }
    repositories[name] = (await sandbox.createRepository(name, 'us-east-1', { files })).folder
    await secondCommit(repositories[name], path.join(folder, 'work'), env)
  }
  await signedIn()
  const setUp = await run(process.execPath, [programs.awsfed, 'setup', 'git'], { env })
  if (setUp.code !== 0) throw new Error(setUp.stderr)
  const log = path.join(folder, 'ssh.log')

  async function signedIn(): Promise<void> {
    const hour = 3_600_000
    writeSession(awsfedPaths(env, process.platform, folder), {
      profile: 'dev',
      ...(await keysOf(sandbox)),
      issued: new Date().toISOString(),
      expiration: new Date(Date.now() + hour).toISOString(),
      arn: 'arn:aws:sts::123456789012:assumed-role/Dev/jane',
      account: '123456789012',
      role: sandboxRoles.dev.arn,
      origin: 'corp',
      via: 'http',
    })
  }

  /** An `ssh` that notes what it is asked for, and does `otherwise`. */
  function sshThat(name: string, otherwise: string): string {
    const program = path.join(folder, name, 'ssh')
    mkdirSync(path.dirname(program))
    writeFileSync(program, `#!/bin/sh\nfor last; do :; done\necho "$*" >> '${log}'\n${otherwise}`)
    chmodSync(program, 0o755)
    return path.dirname(program)
  }
  const places = Object.entries(repositories).map(
    ([name, place]) => `*/v1/repos/${name}\\'|*/v1/repos/${name}) exec git upload-pack '${place}' ;;`,
  )
  const serving = sshThat('serving', `case "$last" in\n${places.join('\n')}\nesac\nexit 1\n`)
  const failing = sshThat('failing', 'echo "no key signs in any more" >&2\nexit 255\n')

  return {
    sandbox,
    folder,
    env,
    /** An environment with a home of its own, so that nothing is cached, in which SSH works or does not. */
    environment: (home: string, works: boolean) => {
      mkdirSync(home, { recursive: true })
      const PATH = `${works ? serving : failing}${path.delimiter}${process.env.PATH}`
      // yarn 1 has a cache of its own when root runs it.
      const yarn = { YARN_CACHE_FOLDER: path.join(home, 'yarn'), YARN_ENABLE_TELEMETRY: '0' }
      return { ...env, ...yarn, HOME: home, PATH, npm_config_update_notifier: 'false' }
    },
    /** What ssh has been asked for since this was asked last. */
    sshAsked(): string {
      const asked = existsSync(log) ? readFileSync(log, 'utf8') : ''
      rmSync(log, { force: true })
      return asked
    },
    /**
     * From now on git has rules by which a URL with `.git` behind it leads to the repository too: CodeCommit knows none.
     * Returns what takes them away again.
     */
    serveDotGit() {
      const file = env.GIT_CONFIG_GLOBAL ?? ''
      const before = readFileSync(file)
      const rules = Object.keys(packages).map((name) => {
        const url = `https://dev@${host}/v1/repos/${name}`
        return `[url "${url}"]\n\tinsteadOf = ${url}.git\n`
      })
      writeFileSync(file, `${before}${rules.join('')}`)
      return () => writeFileSync(file, before)
    },
    /** How often CodeCommit has answered. */
    answers: () => sandbox.events.filter(({ server, status }) => server === 'codecommit' && status === 200).length,
  }
}

async function secondCommit(repository: string, work: string, env: Record<string, string>): Promise<void> {
  const git = async (...args: string[]) => {
    const { code, stderr } = await run('git', ['-C', work, ...args], { env })
    if (code !== 0) throw new Error(stderr)
  }
  mkdirSync(work)
  await git('clone', '--quiet', repository, '.')
  await git('tag', 'v1.2.0')
  writeFileSync(path.join(work, 'README.md'), 'The second commit.\n')
  await git('add', '.')
  await git('commit', '--quiet', '--message=Second commit')
  await git('push', '--quiet', 'origin', 'main', 'v1.2.0')
  rmSync(work, { recursive: true })
}
