import { Command, Option } from 'clipanion'
import type { Config } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import { forgetAllSessions, forgetSession } from '../session/cache.ts'
import { AwsfedCommand } from './command.ts'
import { portalOf } from './portalOf.ts'

export class LogoutCommand extends AwsfedCommand {
  static override paths = [['logout']]
  static override usage = Command.Usage({
    description: 'forgets sessions, and with --portal the cookies of the portal',
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
  portal = Option.Boolean('--portal', false, { description: 'also forgets the cookies of the portal' })

  override async execute(): Promise<void> {
    if (this.all && this.profileName !== undefined) {
      throw new AwsfedError('usage', '--all and --profile contradict each other', { hint: 'awsfed logout --all' })
    }
    const forgotten = this.all ? await this.forgetEverything() : await this.forgetProfile()
    if (forgotten === 0) this.print('nothing to forget: no session is kept')
  }

  private async forgetProfile(): Promise<number> {
    const { paths } = this.context.world
    const config = this.config()
    const profile = this.chosen(config, this.profileName)
    const session = forgetSession(paths, profile.name)
    if (session) this.tellSession(profile.name, profile.writeTo)
    if (!this.portal) return Number(session)
    const { forgetCookies } = await import('../login/cookies.ts')
    const portal = portalOf(config, profile).name
    const cookies = forgetCookies(paths, portal)
    if (cookies) this.tellCookies(portal)
    return Number(session) + Number(cookies)
  }

  private async forgetEverything(): Promise<number> {
    const { paths } = this.context.world
    const config = this.configIfGood()
    const sessions = forgetAllSessions(paths)
    for (const name of sessions) this.tellSession(name, config?.profiles.get(name)?.writeTo)
    if (!this.portal) return sessions.length
    const { forgetAllCookies } = await import('../login/cookies.ts')
    const portals = forgetAllCookies(paths)
    for (const name of portals) this.tellCookies(name)
    return sessions.length + portals.length
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

  private tellCookies(portal: string): void {
    this.print(`forgot the cookies of ${portal}`)
  }
}
