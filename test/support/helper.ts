import type { ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { buildHelper } from '../../scripts/build.js'
import { awsfedPaths, type Paths } from '../../src/base/paths.ts'
import { type Session, writeSession } from '../../src/session/cache.ts'
import { type Outcome, run, scrubbedEnvironment, temporaryFolder } from './programs.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The helper alone, built and laid out as it is published, in a folder with blanks in its name. */
export interface HelperProgram {
  readonly file: string
  readonly folder: string
  /** Puts `text` in the place of dist/FILE: the login or the command line, which are other rooms' to test. */
  readonly standIn: (file: 'login.js' | 'cli.js', text: string) => void
}

/** To be called at the top of a test file or in its `beforeAll`; removed when the file's tests have ended. */
export async function builtHelper(): Promise<HelperProgram> {
  const folder = path.join(realpathSync(mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-'))), "it's a folder")
  afterAll(() => rmSync(path.dirname(folder), { recursive: true, force: true }))
  const file = path.join(folder, 'bin', 'git-credential-awsfed')
  mkdirSync(path.dirname(file), { recursive: true })
  copyFileSync(path.join(root, 'bin', 'git-credential-awsfed'), file)
  copyFileSync(path.join(root, 'package.json'), path.join(folder, 'package.json'))
  await buildHelper(true, path.join(folder, 'dist'))
  return { file, folder, standIn: (name, text) => writeFileSync(path.join(folder, 'dist', name), text) }
}

export const configuration = `default_profile = "dev"

[portal.corp]
url = "https://portal.example.com/"

[profile.dev]
portal = "corp"
role = "arn:aws:iam::123456789012:role/Dev"

[profile.prod]
portal = "corp"
role = "arn:aws:iam::123456789012:role/Prod"

[profile.Team.EU]
portal = "corp"

[[route]]
match = "eu-central-1/team-*"
profile = "Team.EU"
`.replace('[profile.Team.EU]', '[profile."Team.EU"]')

/** A home with the configuration above and no session. */
export interface HelperHome {
  readonly folder: string
  readonly paths: Paths
  readonly env: Record<string, string>
  readonly writeConfiguration: (text: string) => void
  /** Writes a session of `profile` that was issued an hour ago and has `minutes` left. */
  readonly writeSession: (profile: string, minutes: number, more?: Partial<Session>) => Session
  readonly run: (args: readonly string[], input?: string | Uint8Array, options?: RunOptions) => Promise<Outcome>
}

interface RunOptions {
  env?: Record<string, string | undefined>
  onStart?: (child: ChildProcess) => void
}

export function helperHome(program: HelperProgram): HelperHome {
  const folder = temporaryFolder()
  const env = scrubbedEnvironment(folder)
  const paths = awsfedPaths(env, process.platform, folder)
  const writeConfiguration = (text: string) => {
    mkdirSync(path.dirname(paths.config), { recursive: true, mode: 0o700 })
    writeFileSync(paths.config, text, { mode: 0o600 })
  }
  writeConfiguration(configuration)
  return {
    folder,
    paths,
    env,
    writeConfiguration,
    writeSession(profile, minutes, more = {}) {
      const role = `${profile[0]?.toUpperCase()}${profile.slice(1)}`
      const session: Session = {
        profile,
        accessKeyId: `ASIA${profile.toUpperCase().replace(/[^A-Z]/g, '')}EXAMPLE12`,
        secretAccessKey: `secret of ${profile}`,
        sessionToken: `token+of/${profile}==`,
        issued: new Date(Date.now() - 3_600_000).toISOString(),
        expiration: new Date(Date.now() + minutes * 60_000).toISOString(),
        arn: `arn:aws:sts::123456789012:assumed-role/${role}/jane`,
        account: '123456789012',
        role: `arn:aws:iam::123456789012:role/${role}`,
        origin: 'corp',
        via: 'headless',
        ...more,
      }
      writeSession(paths, session)
      return session
    },
    run: (args, input = '', options = {}) =>
      run(program.file, args, {
        env: scrubbedEnvironment(folder, options.env),
        input,
        ...(options.onStart && { onStart: options.onStart }),
      }),
  }
}

export const request = 'protocol=https\nhost=git-codecommit.us-east-1.amazonaws.com\npath=v1/repos/demo\n'

/** The attributes of an answer, in their order. */
export function attributesOf(answer: string): [string, string][] {
  return answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
}
