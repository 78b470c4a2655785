import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The programs as npm installs them. */
export const programs = {
  awsfed: path.join(root, 'bin/awsfed.js'),
  helper: path.join(root, 'bin/git-credential-awsfed'),
}

export interface Outcome {
  /** The exit code, or the name of the signal that ended it. */
  code: number | NodeJS.Signals
  stdout: string
  stderr: string
}

/** A folder of this test's own, removed when it ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'awsfed-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** An environment that holds nothing of this machine but PATH; HOME and AWSFED_HOME are folders of the test. */
export function scrubbedEnvironment(home: string, more: Record<string, string | undefined> = {}): Record<string, string> {
  const env: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: home,
    AWSFED_HOME: path.join(home, 'awsfed'),
    GIT_CONFIG_NOSYSTEM: '1',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...more,
  }
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** Runs `command` to its end and returns what it printed. Never throws for an exit code. */
export function run(
  command: string,
  args: readonly string[],
  options: { env: Record<string, string>; cwd?: string; input?: string | Uint8Array; onStart?: (child: ChildProcess) => void },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: options.env, cwd: options.cwd, stdio: 'pipe' })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk) => stdout.push(chunk))
    child.stderr.on('data', (chunk) => stderr.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({ code: signal ?? code ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    )
    // A program may end without reading its input.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    options.onStart?.(child)
  })
}
