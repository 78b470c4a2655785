import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { awsfedPaths } from '../../src/base/paths.ts'
import { type Session, writeSession } from '../../src/session/cache.ts'
import { programs, run, scrubbedEnvironment, temporaryFolder } from '../support/programs.ts'

export const minute = 60_000

/** A portal that nobody listens on: what needs a login fails, and never reaches anybody. */
export const config = `default_profile = "dev"

[portal.corp]
url = "https://127.0.0.1:9/sign-in"
browser_binary = "/nonexistent/chromium"
driver_binary = "/nonexistent/chromedriver"

[profile.dev]
portal = "corp"
role = "arn:aws:iam::123456789012:role/Dev"
region = "us-east-1"

[profile.prod]
source = "dev"
role = "arn:aws:iam::210987654321:role/Deploy"
`

/** A session of `profile` that ends in `left` milliseconds. */
export function sessionOf(profile: 'dev' | 'prod', left: number, more: Partial<Session> = {}): Session {
  const [account, role, origin] = profile === 'dev' ? ['123456789012', 'Dev', 'corp'] : ['210987654321', 'Deploy', 'dev']
  return {
    profile,
    accessKeyId: 'ASIAEXAMPLEKEY012345',
    secretAccessKey: 'secret/key+of=the-test',
    sessionToken: 'token+of/the=test'.repeat(20),
    issued: new Date(Date.now() - 60 * minute).toISOString(),
    expiration: new Date(Date.now() + left).toISOString(),
    arn: `arn:aws:sts::${account}:assumed-role/${role}/jane`,
    account,
    role: `arn:aws:iam::${account}:role/${role}`,
    origin,
    via: profile === 'dev' ? 'headless' : 'source',
    ...more,
  }
}

/** A home with this configuration and these sessions, and `awsfed` in it. */
export function newHome(options: { config?: string; sessions?: readonly Session[] } = {}) {
  const home = temporaryFolder()
  const env = scrubbedEnvironment(home, { AWSFED_INTERACTIVE: 'never' })
  const paths = awsfedPaths(env, process.platform, home)
  mkdirSync(path.dirname(paths.config), { recursive: true })
  writeFileSync(paths.config, options.config ?? config)
  for (const session of options.sessions ?? []) writeSession(paths, session)
  return {
    home,
    env,
    paths,
    /** `awsfed ARGS`, with no terminal, and nobody to be asked unless `more` says so. */
    awsfed: (args: readonly string[], more: Record<string, string> = {}) =>
      run(process.execPath, [programs.awsfed, ...args], { env: { ...env, ...more }, cwd: home }),
    read: (...names: string[]) => readFileSync(path.join(home, ...names), 'utf8'),
  }
}
