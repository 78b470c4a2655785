import { Command, Option } from 'clipanion'
import type { Config, Profile } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import { forgetAllSessions, forgetSession } from '../session/cache.ts'
import { AwsfedCommand } from './command.ts'
import { portalOf } from './portalOf.ts'

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
    const { paths } = this.context.world
    if (this.all && this.profileName !== undefined) {
      throw new AwsfedError('usage', '--all and --profile contradict each other', { hint: 'awsfed logout --all' })
    }
    const config = this.config()
    const profiles = this.all ? [...config.profiles.values()] : [this.chosen(config, this.profileName)]
    const sessions = this.all
      ? forgetAllSessions(paths)
      : profiles.map(({ name }) => name).filter((name) => forgetSession(paths, name))
    for (const name of sessions) this.tell(name, config.profiles.get(name)?.writeTo)
    const portals = this.portal ? await this.forgetPortals(config, profiles) : 0
    if (sessions.length + portals === 0) this.print('nothing to forget: no session is kept')
  }

  private tell(name: string, writeTo: string | undefined): void {
    this.print(`forgot the session of ${name}`)
    if (writeTo !== undefined) this.print(`  its keys stay in the AWS credentials file [${writeTo}] until they expire`)
  }

  private async forgetPortals(config: Config, profiles: readonly Profile[]): Promise<number> {
    const { world } = this.context
    const [{ forgetCookies }, { forgetRemembered }] = await Promise.all([
      import('../login/cookies.ts'),
      import('../login/remembered.ts'),
    ])
    const portals = this.all ? config.portals.values() : profiles.map((profile) => portalOf(config, profile))
    let gone = 0
    for (const portal of new Set(portals)) {
      const forgotten = [
        ...(forgetCookies(world.paths, portal.name) ? ['cookies'] : []),
        ...((await forgetRemembered(world, portal)) ? ['password'] : []),
      ]
      for (const what of forgotten) this.print(`forgot the ${what} of ${portal.name}`)
      gone += forgotten.length
    }
    return gone
  }
}
