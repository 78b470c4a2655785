import { AwsfedError } from './errors.ts'
import type { Environment } from './paths.ts'

export const shells = ['bash', 'zsh', 'sh', 'fish', 'powershell', 'cmd'] as const
export type Shell = (typeof shells)[number]

interface Dialect {
  /** The line that sets a variable, for this shell and its children. */
  readonly set: (name: string, value: string) => string
  readonly unset: (name: string) => string
  /** How a person has this shell read the lines. */
  readonly use: (command: string) => string
}

const posix: Dialect = {
  set: (name, value) => `export ${name}=${posixQuoted(value)}`,
  unset: (name) => `unset ${name}`,
  use: (command) => `eval "$(${command})"`,
}

const dialects: Readonly<Record<Shell, Dialect>> = {
  bash: posix,
  zsh: posix,
  sh: posix,
  fish: {
    // fish(1): inside single quotes only \\ and \' are escapes.
    set: (name, value) => `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`,
    unset: (name) => `set -e ${name}`,
    use: (command) => `${command} | source`,
  },
  powershell: {
    // about_Quoting_Rules: a single quote is doubled; PowerShell takes the typographic ones for quotes too.
    set: (name, value) => `$env:${name} = '${value.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
    use: (command) => `${command} | Out-String | Invoke-Expression`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${cmdSafe(name, value)}"`,
    unset: (name) => `set "${name}="`,
    use: (command) => `for /f "delims=" %i in ('${command}') do @%i`,
  },
}

/** The lines that set `variables` in `shell`, each value quoted so that the shell reads it as it is. */
export function settingLines(shell: Shell, variables: readonly (readonly [string, string])[]): string[] {
  return variables.map(([name, value]) => dialects[shell].set(name, value))
}

/** The lines that take the variables `names` away in `shell`. */
export function unsettingLines(shell: Shell, names: readonly string[]): string[] {
  return names.map((name) => dialects[shell].unset(name))
}

/** How a person has `shell` read the lines that `command` prints. */
export function usageIn(shell: Shell, command: string): string {
  return dialects[shell].use(command)
}

/** The shell that SHELL names; PowerShell on Windows without it (Git Bash sets it), else bash. */
export function guessShell(env: Environment, platform: NodeJS.Platform): Shell {
  const name = (env.SHELL ?? '')
    .split(/[\\/]/)
    .at(-1)
    ?.replace(/\.exe$/i, '')
  if (name === 'pwsh') return 'powershell'
  const known = shells.find((shell) => shell === name)
  if (known) return known
  if (name === 'dash' || name === 'ksh' || name === 'ash') return 'sh'
  return platform === 'win32' && !name ? 'powershell' : 'bash'
}

/** `value` in single quotes, inside which sh takes every character as it is (POSIX 2.2.2). */
function posixQuoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}

/** `value` as a person would type it as a word of a command: in quotes only where it needs them. */
export function posixWord(value: string): string {
  return /^[\w./@:~=-]+$/.test(value) ? value : posixQuoted(value)
}

/** cmd.exe has no quoting for these characters; no AWS credential has one of them. */
function cmdSafe(name: string, value: string): string {
  if (!/["%!\r\n]/.test(value)) return value
  throw new AwsfedError('failed', `cmd.exe cannot be given the value of ${name}: it has a character that cmd.exe would expand`, {
    hint: 'use PowerShell: awsfed env --shell powershell',
  })
}
