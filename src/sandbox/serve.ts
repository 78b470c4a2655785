import { existsSync } from 'node:fs'
import path from 'node:path'
import { writeWhole } from '../base/files.ts'
import { type Shell, settingLines } from '../base/shellLines.ts'
import type { World } from '../base/world.ts'
import { playDemo } from './demo.ts'
import { lineOfEvent } from './events.ts'
import { homePaths, nodeCommand } from './home.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'

/** What a command gives: the world, where to print, what ends it, and where the programs lie. */
export interface SandboxContext {
  readonly world: World
  readonly stdout: { write(text: string): unknown }
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal
  /** The absolute path of `git-credential-awsfed`; `awsfed.js` lies beside it. */
  readonly helperProgram: string
}

/** `awsfed sandbox`: starts everything, tells how to use it and what it is asked, and ends with the signal. */
export async function serveSandbox(context: SandboxContext, options: SandboxOptions = {}): Promise<number> {
  const print = (line: string) => void context.stdout.write(`${line}\n`)
  const sandbox = await startSandbox({ env: context.world.env, ...options, onEvent: (event) => print(lineOfEvent(event)) })
  try {
    await sandbox.createRepository('demo')
    for (const line of greeting(context, sandbox, options)) print(line)
    await aborted(context.signal)
  } finally {
    await sandbox.stop()
  }
  print('The sandbox has ended.')
  return 0
}

/** `awsfed sandbox --demo`: a sandbox of its own for as long as the demo runs. Exit code 1 when a step failed its check. */
export async function runDemo(context: SandboxContext): Promise<number> {
  const sandbox = await startSandbox({ env: context.world.env })
  try {
    return await playDemo(context.world, {
      sandbox,
      programs: { awsfed: path.join(path.dirname(context.helperProgram), 'awsfed.js'), helper: context.helperProgram },
      out: (text) => void context.stdout.write(text),
      signal: context.signal,
    })
  } finally {
    await sandbox.stop()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** What a person needs to try it. The password is worth nothing outside of the sandbox. */
function greeting(context: SandboxContext, sandbox: Sandbox, options: SandboxOptions): string[] {
  const { world } = context
  const shell = world.platform === 'win32' ? 'powershell' : 'sh'
  const pushes = options.factor === 'push' || options.factor === 'choice'
  const awsfed = awsfedCommand(context)
  return [
    'A portal, an STS and a CodeCommit run on this machine. Nothing here reaches AWS, and nothing of yours is changed.',
    '',
    `  portal     ${sandbox.portal.url}`,
    `  user       ${sandbox.user}`,
    `  password   ${sandbox.password}`,
    `  code       ${sandbox.totp()}, and later: ${nodeCommand(homePaths(sandbox.folder).codeScript)}`,
    ...(pushes ? [`  phone      ${sandbox.portal.deviceUrl}`] : []),
    `  profiles   dev, readonly, deploy (by dev, in another account)`,
    '',
    'Point a shell at it, by one line:',
    '',
    ...shellFiles(sandbox),
    '',
    'which sets:',
    '',
    ...settingLines(shell, Object.entries(sandbox.environment)).map((line) => `    ${line}`),
    '',
    'Then there:',
    '',
    `    ${awsfed} setup git`,
    `    git clone https://git-codecommit.${sandbox.regions[0]}.amazonaws.com/v1/repos/demo`,
    `    ${awsfed} status`,
    '',
    `Ctrl-C ends it and removes ${sandbox.folder}. What it is asked:`,
    '',
  ]
}

/** Writes what points each shell at the sandbox into a file. Returns, line by line, how the shell reads it. */
function shellFiles({ folder, environment }: Sandbox): string[] {
  const shells: readonly [shell: Shell, ending: string, read: string, names: string][] = [
    ['sh', 'sh', '.', 'sh, bash, zsh'],
    ['fish', 'fish', 'source', 'fish'],
    ['powershell', 'ps1', '.', 'PowerShell'],
  ]
  return shells.map(([shell, ending, read, names]) => {
    const file = path.join(folder, `env.${ending}`)
    writeWhole(file, `${settingLines(shell, Object.entries(environment)).join('\n')}\n`)
    return `    ${`${read} '${file}'`.padEnd(60)}  # ${names}`
  })
}

/** How a shell starts this awsfed: by its name where npm has put it on the PATH, else by Node, as in a checkout. */
function awsfedCommand({ world, helperProgram }: SandboxContext): string {
  const name = world.platform === 'win32' ? 'awsfed.cmd' : 'awsfed'
  const folders = (world.env.PATH ?? world.env.Path ?? '').split(path.delimiter)
  if (folders.some((folder) => folder !== '' && existsSync(path.join(folder, name)))) return 'awsfed'
  const command = nodeCommand(path.join(path.dirname(helperProgram), 'awsfed.js'))
  // PowerShell takes what begins with a quote for a text, unless told to call it.
  return world.platform === 'win32' ? `& ${command}` : command
}
