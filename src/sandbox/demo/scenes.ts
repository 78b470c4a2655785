import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { loadConfig } from '../../base/config.ts'
import { writeWhole } from '../../base/files.ts'
import type { Paths } from '../../base/paths.ts'
import { readSession, writeSession } from '../../session/cache.ts'
import { nameOfRole, sandboxRoles } from '../cloud.ts'
import type { Repository, Sandbox } from '../sandbox.ts'
import { Seen } from './seen.ts'
import type { Transcript } from './transcript.ts'
import { whoamiScript } from './whoami.ts'

/** What the scenes share. */
interface Stage {
  readonly transcript: Transcript
  readonly sandbox: Sandbox
  readonly paths: Paths
  readonly repository: Repository
  /** The folder in which the commands are typed. */
  readonly folder: string
  /** `bin/awsfed.js` */
  readonly awsfed: string
}

type Scene = (stage: Stage) => Promise<void>

const setUp: Scene = async ({ transcript, awsfed, folder, repository }) => {
  transcript.comment('Wire git to awsfed, for the hosts of CodeCommit only.')
  transcript.command('awsfed setup git')
  const { code } = await transcript.run(process.execPath, [awsfed, 'setup', 'git'], { cwd: folder })
  const urlmatch = ['config', '--get-urlmatch', 'credential.helper', repository.url]
  const wired = await transcript.run('git', urlmatch, { cwd: folder, quiet: true })
  transcript.check('git asks awsfed for CodeCommit', code === 0 && wired.stdout.includes('git-credential-awsfed'))
}

const clone: Scene = async ({ transcript, sandbox, folder, repository }) => {
  transcript.comment(
    'The first clone. There is no key and no session, so the helper signs in by itself: a headless browser opens the\nportal, the password and the one-time code are typed, the assertion is caught and exchanged for a session.',
  )
  const from = sandbox.events.length
  transcript.command(`git clone ${repository.url}`)
  const { code } = await transcript.run('git', ['clone', repository.url], { cwd: folder })
  const seen = new Seen(sandbox.events.slice(from))
  const [assumed] = seen.sts('AssumeRoleWithSAML')
  transcript.check('cloned, signed with what STS issued', code === 0 && isSignedWith(seen, assumed?.keyId))
  transcript.check(
    'one sign-in with password and code, one role assumed',
    seen.passwordSignIns === 1 && seen.silentSignIns === 0 && seen.sts('AssumeRoleWithSAML').length === 1,
  )
}

const push: Scene = async ({ transcript, sandbox, folder, repository }) => {
  const from = sandbox.events.length
  transcript.comment('A colleague clones too, then we commit and push. The session is there: nobody signs in.')
  transcript.command(`git clone --quiet ${repository.url} colleague`)
  await transcript.run('git', ['clone', '--quiet', repository.url, 'colleague'], { cwd: folder })
  const cwd = path.join(folder, repository.name)
  transcript.command(`cd ${repository.name}`)
  transcript.command("echo 'no keys here' >> README.md")
  appendFileSync(path.join(cwd, 'README.md'), 'no keys here\n')
  transcript.command("git commit --all --message 'Say what is not here'")
  await transcript.run('git', ['commit', '--all', '--message', 'Say what is not here'], { cwd })
  transcript.command('git push')
  const { code } = await transcript.run('git', ['push'], { cwd })
  const seen = new Seen(sandbox.events.slice(from))
  transcript.check('pushed', code === 0 && seen.git(200, 'POST git-receive-pack').length === 1)
  transcript.check('nobody signed in, STS was not asked', seen.quiet)
}

const pull: Scene = async ({ transcript, sandbox, folder }) => {
  const from = sandbox.events.length
  transcript.comment('The colleague pulls.')
  transcript.command('git -C ../colleague pull')
  const { code } = await transcript.run('git', ['pull'], { cwd: path.join(folder, 'colleague') })
  const text = readFileSync(path.join(folder, 'colleague', 'README.md'), 'utf8')
  const seen = new Seen(sandbox.events.slice(from))
  transcript.check('the commit has arrived, and nobody signed in', code === 0 && text.includes('no keys here') && seen.quiet)
}

const renew: Scene = async (stage) => {
  const { transcript, sandbox, folder } = stage
  transcript.comment(
    'Hours later. (The sandbox ends the session on its side, and puts the expiry in the cache into the past.)\nThe portal still knows the browser by its cookies: the helper renews without a password, and git goes on.',
  )
  lapse(stage)
  const from = sandbox.events.length
  transcript.command('git -C ../colleague pull')
  const { code } = await transcript.run('git', ['pull'], { cwd: path.join(folder, 'colleague') })
  const seen = new Seen(sandbox.events.slice(from))
  const [assumed] = seen.sts('AssumeRoleWithSAML')
  transcript.check('pulled with a new session', code === 0 && isSignedWith(seen, assumed?.keyId))
  transcript.check('renewed by cookie, no password was typed', seen.silentSignIns === 1 && seen.passwordSignIns === 0)
}

const fetches = 10

const parallel: Scene = async (stage) => {
  const { transcript, sandbox, folder, repository } = stage
  transcript.comment(`Lapsed again, and now an editor and some terminals fetch at once: ${fetches} git, one login.`)
  lapse(stage)
  const from = sandbox.events.length
  transcript.command(`for i in $(seq ${fetches}); do git fetch & done; wait`)
  const cwd = path.join(folder, repository.name)
  const runs = Array.from({ length: fetches }, (_, index) =>
    transcript.run('git', ['fetch'], { cwd, prefix: `[${index + 1}] `.padStart(5) }),
  )
  const done = (await Promise.all(runs)).filter(({ code }) => code === 0).length
  const seen = new Seen(sandbox.events.slice(from))
  const logins = seen.silentSignIns + seen.passwordSignIns
  const calls = seen.sts('AssumeRoleWithSAML').length
  transcript.check(
    `${done} of ${fetches} fetches done, by ${logins} login and ${calls} call to STS`,
    done === fetches && logins === 1 && calls === 1,
  )
}

const credentials: Scene = async ({ transcript, sandbox, awsfed, folder }) => {
  const from = sandbox.events.length
  transcript.comment('The same session for every AWS tool: as a credential_process. (The secrets are cut here.)')
  transcript.command('awsfed credentials -p dev')
  const { code, stdout } = await transcript.run(process.execPath, [awsfed, 'credentials', '-p', 'dev'], {
    cwd: folder,
    shownStdout: withoutSecrets,
  })
  const keyId = new Seen(sandbox.events).sts('AssumeRoleWithSAML').at(-1)?.keyId
  const quiet = new Seen(sandbox.events.slice(from)).quiet
  transcript.check('the key that git signs with, from the cache', code === 0 && keyId === keyIdIn(stdout) && quiet)
}

const identity: Scene = async (stage) => {
  const { transcript, sandbox, folder, awsfed } = stage
  transcript.comment('Or in the environment of one command. STS checks the signature of the call.')
  const command = await callerIdentityCommand(stage)
  const ask = async (profile: string) => {
    transcript.command(`awsfed exec -p ${profile} -- ${command.shown}`)
    const from = sandbox.events.length
    const { code } = await transcript.run(process.execPath, [awsfed, 'exec', '-p', profile, '--', ...command.argv], {
      cwd: folder,
    })
    return { code, seen: new Seen(sandbox.events.slice(from)) }
  }
  const dev = await ask('dev')
  transcript.check('STS knows the caller', dev.code === 0 && dev.seen.sts('GetCallerIdentity').length === 1)
  transcript.comment(`The profile deploy goes on from dev's session to a role in another account (AssumeRole).`)
  const deploy = await ask('deploy')
  const [assumed] = deploy.seen.sts('AssumeRole')
  const [asked] = deploy.seen.sts('GetCallerIdentity')
  transcript.check(
    `the caller is ${nameOfRole(sandboxRoles.deploy.arn)} of the other account, and nobody signed in`,
    deploy.code === 0 &&
      assumed?.role === sandboxRoles.deploy.arn &&
      asked?.keyId === assumed.keyId &&
      deploy.seen.passwordSignIns + deploy.seen.silentSignIns === 0,
  )
}

/** The scenes in their order. */
export const scenes: readonly Scene[] = [setUp, clone, push, pull, renew, parallel, credentials, identity]

/** Whether every git request that was answered bore this key, and none was refused. */
function isSignedWith(seen: Seen, keyId: string | undefined): boolean {
  const answered = seen.git(200)
  return keyId !== undefined && answered.length > 0 && answered.every((event) => event.keyId === keyId) && seen.gitRefusals === 0
}

/** Ends every session: at the sandbox's STS and in awsfed's cache. */
function lapse({ sandbox, paths }: Stage): void {
  sandbox.expireSessions()
  for (const profile of loadConfig(paths.config).profiles.values()) {
    const session = readSession(paths, profile)
    if (session) writeSession(paths, { ...session, expiration: new Date(Date.now() - 60_000).toISOString() })
  }
}

/** The AWS CLI where there is one that runs, else a small program that signs by itself. */
async function callerIdentityCommand({ transcript, folder }: Stage): Promise<{ argv: string[]; shown: string }> {
  const argv = ['aws', 'sts', 'get-caller-identity']
  const { code } = await transcript.run('aws', ['--version'], { cwd: folder, quiet: true })
  if (code === 0) return { argv, shown: argv.join(' ') }
  const script = path.join(folder, 'whoami.mjs')
  writeWhole(script, whoamiScript)
  return { argv: [process.execPath, script], shown: 'node whoami.mjs' }
}

function withoutSecrets(json: string): string {
  return json.replace(/("(?:SecretAccessKey|SessionToken)"\s*:\s*")[^"]*"/g, '$1…"')
}

function keyIdIn(json: string): string | undefined {
  return /"AccessKeyId"\s*:\s*"([A-Z0-9]+)"/.exec(json)?.[1]
}
