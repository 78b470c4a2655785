import { Command, Option } from 'clipanion'
import { environmentWith } from './awsVariables.ts'
import { runToItsEnd } from './childProcess.ts'
import { AwsfedCommand } from './command.ts'
import { currentSession } from './currentSession.ts'

export class ExecCommand extends AwsfedCommand {
  static override paths = [['exec']]
  static override usage = Command.Usage({
    description: 'runs one command with the credentials',
    details: `
      The command has the credentials in its environment, and nothing there that names others (AWS_PROFILE and the like).
      Its exit code is awsfed's; signals are handed on to it.
    `,
    examples: [
      ['who am I', 'awsfed exec -p dev -- aws sts get-caller-identity'],
      ['push with this profile', 'awsfed exec -p prod -- git push'],
    ],
  })

  profileName = Option.String('-p,--profile', { description: 'the profile of config.toml' })
  command = Option.Proxy({ required: 1 })

  override async execute(): Promise<number> {
    const config = this.config()
    const profile = this.chosen(config, this.profileName)
    const session = await currentSession(this.context, config, profile)
    const [command = '', ...args] = this.command
    return runToItsEnd(this.context, command, args, environmentWith(this.context.world.env, session, profile.region))
  }
}
