import path from 'node:path'
import { AwsfedError } from '../base/errors.ts'
import type { Environment } from '../base/paths.ts'

export interface Spawning {
  readonly file: string
  readonly args: readonly string[]
  /** Windows: the arguments are one command line already. */
  readonly verbatim: boolean
}

/**
 * How Windows starts `command`: as it is when it is an .exe; through cmd.exe when PATH and PATHEXT lead to a .cmd or .bat
 * (npm's programs are those), which CreateProcess does not start and Node refuses (CVE-2024-27980).
 * @param isFile whether there is such a file
 * @throws AwsfedError `failed` for an argument that cmd.exe cannot be given
 */
export function windowsSpawning(
  command: string,
  args: readonly string[],
  env: Environment,
  isFile: (file: string) => boolean,
): Spawning {
  const file = found(command, env, isFile) ?? command
  if (!/\.(cmd|bat)$/i.test(file)) return { file, args, verbatim: false }
  const broken = args.find((arg) => /[\r\n\0]/.test(arg))
  if (broken !== undefined) {
    throw new AwsfedError('failed', `cmd.exe cannot be given an argument with a line break, and ${command} is a batch file`, {
      hint: 'name the program that the batch file starts',
    })
  }
  const line = [escaped(path.win32.normalize(file), 1), ...args.map((arg) => escaped(quoted(arg), 2))].join(' ')
  return { file: variable(env, 'COMSPEC') ?? 'cmd.exe', args: ['/d', '/s', '/c', `"${line}"`], verbatim: true }
}

/** The file that `command` stands for: itself with an extension of PATHEXT, in each folder of PATH unless it has one. */
function found(command: string, env: Environment, isFile: (file: string) => boolean): string | undefined {
  const extensions = (variable(env, 'PATHEXT') ?? '.COM;.EXE;.BAT;.CMD').split(';').filter(Boolean)
  const names = path.win32.extname(command) === '' ? extensions.map((extension) => command + extension) : [command]
  const folders = /[\\/:]/.test(command) ? [''] : (variable(env, 'PATH') ?? '').split(';').filter(Boolean)
  for (const folder of folders) {
    for (const name of names) {
      const file = folder === '' ? name : path.win32.join(folder, name)
      if (isFile(file)) return file
    }
  }
  return undefined
}

/** Windows folds the case of variables' names. */
function variable(env: Environment, name: string): string | undefined {
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1]
}

/** `arg` as the C runtime splits it: backslashes before a quote and at the end are doubled, quotes get one. */
function quoted(arg: string): string {
  return `"${arg.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`
}

/** Each character that cmd.exe gives a meaning, behind a caret; twice for a batch file, which hands `%*` on to cmd.exe again. */
function escaped(text: string, times: number): string {
  const once = text.replace(/[()\][%!^"`<>&|;, *?]/g, '^$&')
  return times > 1 ? escaped(once, times - 1) : once
}
