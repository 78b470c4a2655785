import { Command, Option } from 'clipanion'
import { askingOf } from '../base/asking.ts'
import { AwsfedError } from '../base/errors.ts'
import { lineOf, type Status } from '../login/status.ts'
import { readSession, type Session } from '../session/cache.ts'
import { freshness, timeLeft } from '../session/freshness.ts'
import { AwsfedCommand } from './command.ts'
import { clockTime, howLong } from './shown.ts'

/** Milliseconds that a session must have left for a login to leave it alone. */
const fresh = 20 * 60_000

export class LoginCommand extends AwsfedCommand {
  static override paths = [['login']]
  static override usage = Command.Usage({
    description: 'logs in by the portal, and keeps the session',
    details: `
      Tries the silent ways first: plain requests with the portal's cookies, then a headless browser, with what the
      configuration answers (\`username\`, \`password_command\`, \`otp_command\`). What is still missing is asked on the terminal.
      What only a person in a browser can do opens a window, where there is a display; \`--window\` opens it at once. While the
      session has more than 20 minutes left nothing is done.

      \`--remember\` asks for the password, and keeps it in the system's keyring once it has proven right: later logins take
      it from there, unless the configuration has a \`password_command\`. A kept password that the portal refuses is forgotten,
      and so it is by \`awsfed logout --portal\`.

      How far it is goes to stderr. \`--json\` writes \`{"profile","arn","account","expiration","via"}\` to stdout, never keys;
      \`via\` is the way that did it: \`http\`, \`headless\`, \`terminal\`, \`window\`, or \`source\`.
    `,
    examples: [
      ['the default profile', 'awsfed login'],
      ['the password is asked for once, and then no more', 'awsfed login --remember'],
      ['another profile, in a window of the browser', 'awsfed login -p prod --window'],
    ],
  })

  profileName = Option.String('-p,--profile', { description: 'the profile of config.toml' })
  force = Option.Boolean('--force', false, { description: 'logs in even if the session is still fresh' })
  window = Option.Boolean('--window', false, { description: 'signs in in a window of the browser, at once' })
  remember = Option.Boolean('--remember', false, { description: 'asks for the password, and keeps it in the keyring' })
  json = Option.Boolean('--json', false, { description: 'prints the session as JSON, without its keys' })
  // For the helper, which renews a stale session in a process of its own: cookies only, asks and prints nothing.
  background = Option.Boolean('--background', false, { hidden: true })

  override async execute(): Promise<number> {
    if (this.background) return this.renewQuietly()
    const { world, signal } = this.context
    const config = this.config()
    const profile = this.chosen(config, this.profileName)
    if (this.remember && this.window) {
      throw new AwsfedError(
        'usage',
        '--remember and --window contradict each other: what is typed in a window awsfed does not see',
        {
          hint: 'awsfed login --remember',
        },
      )
    }
    const force = this.force || this.window || this.remember
    const cached = readSession(world.paths, profile, world.trace)
    if (cached && !force && freshness(cached, world.now()) === 'fresh') {
      return this.tell(cached, 'still logged in')
    }
    const { ensureSession } = await import('../login/index.ts')
    const session = await ensureSession(world, config, profile, {
      asking: this.window ? 'window' : askingOf(world.env),
      windowAtOnce: this.window,
      force,
      remember: this.remember,
      atLeast: fresh,
      report: (status) => world.say(lineOf(status)),
      signal,
    })
    return this.tell(session, 'logged in')
  }

  /** Nobody reads what it would say: the exit code tells. */
  private async renewQuietly(): Promise<number> {
    const { world, signal } = this.context
    try {
      const config = this.config(true)
      const profile = this.chosen(config, this.profileName)
      const { ensureSession } = await import('../login/index.ts')
      const report = (status: Status) => world.trace(lineOf(status))
      await ensureSession(world, config, profile, { asking: 'never', cookiesOnly: true, atLeast: fresh, report, signal })
      return 0
    } catch (error) {
      if (!(error instanceof AwsfedError)) throw error
      world.trace(error.message)
      return error.exitCode
    }
  }

  private tell(session: Session, what: string): number {
    if (this.json) {
      const { profile, arn, account, expiration, via } = session
      this.printJson({ profile, arn, account, expiration, via })
      return 0
    }
    const now = this.context.world.now()
    const until = `until ${clockTime(session.expiration, now)} (${howLong(timeLeft(session, now))})`
    this.print(`${what}: ${session.profile} is ${session.arn} ${until}`)
    return 0
  }
}
