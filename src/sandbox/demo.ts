import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { messageOf } from '../base/errors.ts'
import { awsfedPaths, type Environment } from '../base/paths.ts'
import type { World } from '../base/world.ts'
import { scenes } from './demo/scenes.ts'
import { Seen } from './demo/seen.ts'
import { Transcript } from './demo/transcript.ts'
import type { Sandbox } from './sandbox.ts'

export interface DemoParts {
  readonly sandbox: Sandbox
  /** The built programs. */
  readonly programs: { readonly awsfed: string; readonly helper: string }
  readonly out: (text: string) => void
  readonly signal?: AbortSignal
}

/**
 * Plays awsfed's main job in the sandbox: real git, a real browser, the built programs; each step is checked by what the
 * servers saw. Returns the exit code: 1 when a check failed.
 */
export async function playDemo(world: World, parts: DemoParts): Promise<number> {
  const { sandbox, signal } = parts
  const started = performance.now()
  const transcript = new Transcript(parts.out, demoEnvironment(world.env, sandbox), signal)
  const repository = await sandbox.createRepository('demo')
  const folder = path.join(sandbox.folder, 'work')
  mkdirSync(folder, { recursive: true })
  const paths = awsfedPaths({ AWSFED_HOME: sandbox.home, AWSFED_KEYRING: 'never' }, world.platform, world.home)
  const stage = { transcript, sandbox, paths, repository, folder, awsfed: parts.programs.awsfed }

  transcript.line('A portal, an STS and a CodeCommit on this machine; git, the browser and the programs are the real ones.')
  for (const scene of scenes) {
    await scene(stage).catch((error: unknown) => {
      signal?.throwIfAborted()
      transcript.check(messageOf(error), false)
    })
  }

  const seen = new Seen(sandbox.events)
  const count = (operation: string) => `${seen.sts(operation).length} ${operation}`
  const operations = ['AssumeRoleWithSAML', 'AssumeRole', 'GetCallerIdentity'].map(count).join(', ')
  transcript.comment('What the servers saw:')
  transcript.line(
    `portal      ${seen.passwordSignIns} sign-in with password and code, ${seen.silentSignIns} by cookie, ${seen.portalRefusals} refused`,
  )
  transcript.line(`STS         ${operations}, ${seen.stsRefusals.length} refused`)
  for (const { reason } of seen.stsRefusals) transcript.line(`              ${reason}`)
  transcript.line(
    `CodeCommit  ${seen.git(200).length} requests answered, ${seen.git(401).length} asked for credentials, ${seen.gitRefusals} refused`,
  )
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  transcript.line()
  transcript.line(`${transcript.passed} passed, ${transcript.failed} failed, in ${seconds} s`)
  return transcript.failed === 0 ? 0 : 1
}

/** The user's environment without what would point git, AWS or awsfed elsewhere; nobody is asked anything. */
function demoEnvironment(env: Environment, sandbox: Sandbox): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !/^(GIT_|AWS_|AWSFED_)/i.test(entry[0]),
  )
  return { ...Object.fromEntries(kept), ...sandbox.environment, AWSFED_INTERACTIVE: 'never', GIT_TERMINAL_PROMPT: '0' }
}
