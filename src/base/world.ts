import { awsfedPaths, type Environment, type Paths } from './paths.ts'
import { createRedactor, type Redactor } from './redact.ts'
import { printable } from './text.ts'

/** The one door to the world: everything that a room below needs of it is passed in, so that tests can bring a twin. */
export interface World {
  readonly env: Environment
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly paths: Paths
  readonly now: () => Date
  readonly redactor: Redactor
  /** Writes one line for a person to stderr: secrets redacted, control characters replaced. */
  readonly say: (line: string) => void
  /** Writes one line of the trace to stderr under AWSFED_DEBUG=1; else costs nothing. */
  readonly trace: (line: string) => void
}

/**
 * The user's home, as os.homedir() tells it; `/` for a user who has none, as containers have it that run under a bare user id.
 * node:os is loaded only where it is needed: that takes a fiftieth of the time that Node takes to start.
 */
function homeFolder(env: Environment, platform: NodeJS.Platform): string {
  if (platform !== 'win32' && env.HOME) return env.HOME
  try {
    return (process.getBuiltinModule('node:os') as { homedir(): string }).homedir()
  } catch {
    return '/'
  }
}

/** The world as this process has it. `write` is where lines for a person go, stderr by default. */
export function realWorld(write: (text: string) => void = (text) => process.stderr.write(text)): World {
  const env = process.env
  const home = homeFolder(env, process.platform)
  const redactor = createRedactor()
  const line = (text: string) => write(`${printable(redactor.redact(text))}\n`)
  const debug = env.AWSFED_DEBUG === '1'
  // Not performance.now(), whose module would be loaded for it.
  const started = Date.now()
  return {
    env,
    platform: process.platform,
    home,
    paths: awsfedPaths(env, process.platform, home),
    now: () => new Date(),
    redactor,
    say: line,
    trace: debug ? (text) => line(`trace ${String(Date.now() - started).padStart(5)} ms  ${text}`) : () => {},
  }
}
