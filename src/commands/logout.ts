import { Command, Option } from 'clipanion'
import type { Config, Portal } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import { portalOf } from '../base/portalOf.ts'
import { forgetAllSessions, forgetSession } from '../session/cache.ts'
import { AwsfedCommand } from './command.ts'

export class LogoutCommand extends AwsfedCommand {
  static override paths = [['logout']]
  static override usage = Command.Usage({
    description: 'forgets sessions, and with --portal the cookies of the portal and its kept password',
    details: `
      AWS cannot be told to end a session: credentials that were handed out before stay good until they expire. With
      \`--portal\` the next login asks for the password again.
    `,
    examples: [
      ['the default profile', 'awsfed logout'],
      ['everything', 'awsfed logout --all --portal'],
    ],
  })

  profileName = Option.String('-p,--profile', { description: 'the profile of config.toml' })
  all = Option.Boolean('--all', false, { description: 'every profile' })
  portal = Option.Boolean('--portal', false, { description: 'also forgets the cookies of the portal and its kept password' })

  override async execute(): Promise<void> {
    if (this.all && this.profileName !== undefined) {
      throw new AwsfedError('usage', '--all and --profile contradict each other', { hint: 'awsfed logout --all' })
    }
    const forgotten = this.all ? await this.forgetEverything() : await this.forgetProfile()
    if (forgotten === 0) this.print('nothing to forget: no session is kept')
  }

  /** @returns how much there was to forget, as the next one */
  private async forgetProfile(): Promise<number> {
    const { paths } = this.context.world
    const config = this.config()
    const profile = this.chosen(config, this.profileName)
    const session = forgetSession(paths, profile.name)
    if (session) this.tellSession(profile.name, profile.writeTo)
    if (!this.portal) return Number(session)
    const { forgetCookies } = await import('../login/cookies.ts')
    const portal = portalOf(config, profile)
    const cookies = forgetCookies(paths, portal.name)
    if (cookies) this.tell('cookies', portal.name)
    return Number(session) + Number(cookies) + (await this.forgetPasswords([portal]))
  }

  private async forgetEverything(): Promise<number> {
    const { paths } = this.context.world
    const config = this.configIfGood()
    const sessions = forgetAllSessions(paths)
    for (const name of sessions) this.tellSession(name, config?.profiles.get(name)?.writeTo)
    if (!this.portal) return sessions.length
    const { forgetAllCookies } = await import('../login/cookies.ts')
    const cookies = forgetAllCookies(paths)
    for (const name of cookies) this.tell('cookies', name)
    // A keyring does not tell what it holds: passwords are known by the portals of the configuration.
    const passwords = await this.forgetPasswords([...(config?.portals.values() ?? [])])
    return sessions.length + cookies.length + passwords
  }

  private async forgetPasswords(portals: readonly Portal[]): Promise<number> {
    const { forgetRemembered } = await import('../login/remembered.ts')
    let gone = 0
    for (const portal of portals) {
      if (!(await forgetRemembered(this.context.world, portal))) continue
      this.tell('password', portal.name)
      gone += 1
    }
    return gone
  }

  /** Whoever wants to be rid of everything may have removed the configuration already, or broken it. */
  private configIfGood(): Config | undefined {
    try {
      return this.config()
    } catch (error) {
      if (!(error instanceof AwsfedError)) throw error
      this.context.world.trace(error.message)
      return undefined
    }
  }

  private tellSession(name: string, writeTo: string | undefined): void {
    this.print(`forgot the session of ${name}`)
    if (writeTo !== undefined) this.print(`  its keys stay in the AWS credentials file [${writeTo}] until they expire`)
  }

  private tell(what: 'cookies' | 'password', portal: string): void {
    this.print(`forgot the ${what} of ${portal}`)
  }
}
