import { fileURLToPath } from 'node:url'
import { Cli } from 'clipanion'
import manifest from '../package.json' with { type: 'json' }
import { AwsfedError, codeOf, messageOf } from './base/errors.ts'
import { withoutPasswords } from './base/redact.ts'
import { realWorld, type World } from './base/world.ts'
import { commands } from './commands/all.ts'
import { AwsfedCommand } from './commands/command.ts'
import type { Context } from './commands/context.ts'
import { definitionOf, helpOf, overview } from './commands/help.ts'
import { catchSignals, type Signals } from './commands/signals.ts'
import { usageError } from './commands/usageError.ts'

const world = realWorld()
const signals = catchSignals(process)
quietAboutClosedPipes()
process.once('uncaughtException', (error) => {
  process.exit(report(world, signals, error))
})
process.exitCode = await main(process.argv.slice(2))
// Nothing that is still open, such as a pipe to a program that does not end, may keep this process; but process.exit at once
// would cut off what a pipe has not taken yet.
await Promise.all([process.stdout, process.stderr].map(taken))
process.exit()

/** Runs the command that `argv` names; its exit code. Errors are told on stderr: clipanion would write them to stdout. */
async function main(argv: string[]): Promise<number> {
  const { stdout, stderr } = process
  const colour = stdout.isTTY === true && !world.env.NO_COLOR && world.env.TERM !== 'dumb'
  const cli = new Cli<Context>({
    binaryLabel: 'awsfed',
    binaryName: 'awsfed',
    binaryVersion: manifest.version,
    enableColors: false,
  })
  for (const command of commands) cli.register(command)
  const context: Context = {
    ...Cli.defaultContext,
    world,
    stdout,
    stderr,
    colour,
    signal: signals.signal,
    helperProgram: fileURLToPath(new URL('../bin/git-credential-awsfed', import.meta.url)),
    takeSignals: signals.take,
  }
  try {
    const command = commandOf(cli, argv, context)
    if (!(command instanceof AwsfedCommand)) {
      // Clipanion's own command for `COMMAND --help`.
      const definition = definitionOf(cli.definitions(), command.path)
      stdout.write(definition ? helpOf(definition) : overview(cli.definitions(), manifest.version))
      return 0
    }
    const code = await cli.run(command, context)
    return command.failure === undefined ? code : report(world, signals, command.failure)
  } catch (error) {
    return report(world, signals, error)
  }
}

/** Resolves when the other end of `stream` has taken all that was written to it, or has gone. */
function taken(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}

/** The command that `argv` names. @throws AwsfedError `usage` */
function commandOf(cli: Cli<Context>, argv: string[], context: Context) {
  try {
    return cli.process(argv, context)
  } catch (error) {
    throw usageError(argv, error, cli.definitions())
  }
}

/** Tells `error` on stderr; the exit code for it. */
function report({ env, ...world }: World, { caught }: Signals, error: unknown): number {
  // Programs that awsfed runs name URLs as they were given.
  const say = (line: string) => world.say(withoutPasswords(line))
  const signal = caught()
  if (signal) {
    say(`awsfed: cancelled by ${signal.name}`)
    return signal.exitCode
  }
  if (error instanceof AwsfedError) {
    for (const line of `awsfed: ${error.message}`.split('\n')) say(line)
    if (error.hint) say(`  hint: ${error.hint}`)
  } else {
    say(`awsfed: unexpected: ${messageOf(error).split('\n')[0]} (this is a bug; AWSFED_DEBUG=1 shows where)`)
  }
  if (env.AWSFED_DEBUG === '1') for (const line of stackOf(error)) say(line)
  return error instanceof AwsfedError ? error.exitCode : 1
}

/** The stack of `error` and of what caused it. */
function stackOf(error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const lines = (error.stack ?? '').split('\n')
  return error.cause === undefined ? lines : [...lines, 'caused by:', ...stackOf(error.cause)]
}

/**
 * A reader that has seen enough (`awsfed status | head -1`) or a terminal that is gone is no failure, nor is a stderr that
 * takes nothing; a stdout that does not is (a full disk).
 */
function quietAboutClosedPipes(): void {
  process.stderr.on('error', () => {})
  process.stdout.on('error', (error) => {
    if (codeOf(error) === 'EPIPE' || codeOf(error) === 'EIO') return
    throw new AwsfedError('failed', `the output cannot be written: ${messageOf(error)}`, {
      hint: 'check what stdout is, and that the disk is not full',
      cause: error,
    })
  })
}
