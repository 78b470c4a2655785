import { Command, Option } from 'clipanion'
import { askingOf } from '../base/asking.ts'
import { portalOf } from '../base/portalOf.ts'
import { lineOf } from '../login/status.ts'
import { AwsfedCommand } from './command.ts'
import { columns } from './shown.ts'

export class RolesCommand extends AwsfedCommand {
  static override paths = [['roles']]
  static override usage = Command.Usage({
    description: 'shows the roles that the portal offers',
    details: `
      Logs in at the portal of the profile, as \`awsfed login\` does, and reads the roles from its answer; no session is
      made. \`--json\` writes an array of \`{"role","provider","account","name"}\`.
    `,
    examples: [['to write `role` into config.toml', 'awsfed roles']],
  })

  profileName = Option.String('-p,--profile', { description: 'the profile whose portal is asked' })
  json = Option.Boolean('--json', false, { description: 'prints JSON' })

  override async execute(): Promise<void> {
    const { world, signal } = this.context
    const config = this.config()
    const [only, ...more] = config.portals.values()
    // Whoever looks for a role to write into the configuration may have no profile yet.
    const portal =
      only && more.length === 0 && this.profileName === undefined ? only : portalOf(config, this.chosen(config, this.profileName))
    const { rolesOffered } = await import('../login/index.ts')
    const roles = await rolesOffered(world, config, portal, {
      asking: askingOf(world.env),
      report: (status) => world.say(lineOf(status)),
      signal,
    })
    if (this.json) {
      return this.printJson(roles.map(({ role, provider, account, name }) => ({ role, provider, account, name })))
    }
    if (roles.length === 0) return this.print(`${portal.name} offers no role to this user`)
    for (const line of columns(roles.map(({ account, name, role }) => [account, name, role]))) this.print(line)
  }
}
