import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import os from 'node:os'
import { AwsfedError, codeOf, messageOf } from '../base/errors.ts'
import type { Context } from './context.ts'
import { type Spawning, windowsSpawning } from './windowsCommand.ts'

/**
 * Runs `command` on this process's own terminal or pipes until it ends, and hands the signals of this process on to it.
 * @returns its exit code; 128 + N when signal N ended it, as shells have it
 * @throws AwsfedError `failed` when it cannot be started
 */
export function runToItsEnd(
  context: Pick<Context, 'world' | 'takeSignals'>,
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const { platform } = context.world
  const spawning: Spawning =
    platform === 'win32' ? windowsSpawning(command, args, env, isFile) : { file: command, args, verbatim: false }
  return new Promise((resolve, reject) => {
    const child = spawn(spawning.file, spawning.args, { env, stdio: 'inherit', windowsVerbatimArguments: spawning.verbatim })
    const giveBack = context.takeSignals((name) => {
      // Ctrl-C on a terminal reaches the whole foreground group, and on Windows the whole console: the child has it already.
      const alreadyThere = name === 'SIGINT' && (platform === 'win32' || process.stdin.isTTY)
      if (!alreadyThere) child.kill(name)
    })
    child.once('error', (error) => {
      giveBack()
      reject(notStarted(command, error))
    })
    child.once('exit', (code, signal) => {
      giveBack()
      resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]))
    })
  })
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false
}

function notStarted(command: string, error: unknown): AwsfedError {
  const what = codeOf(error) === 'ENOENT' ? 'there is no such program on the PATH' : messageOf(error)
  return new AwsfedError('failed', `cannot run ${command}: ${what}`, {
    hint: 'write the command after --, as in: awsfed exec -p NAME -- aws s3 ls',
    cause: error,
  })
}
