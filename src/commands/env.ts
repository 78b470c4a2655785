import { Command, Option } from 'clipanion'
import { isEnum } from 'typanion'
import { guessShell, settingLines, shells, unsettingLines, usageIn } from '../base/shellLines.ts'
import { awsVariables, ourVariables } from './awsVariables.ts'
import { AwsfedCommand } from './command.ts'
import { currentSession } from './currentSession.ts'

export class EnvCommand extends AwsfedCommand {
  static override paths = [['env']]
  static override usage = Command.Usage({
    description: 'prints the lines that give one shell the credentials',
    details: `
      Sets AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CREDENTIAL_EXPIRATION, and AWS_REGION and
      AWS_DEFAULT_REGION where the profile has a region. The shell is taken from SHELL; without it from the platform.
    `,
    examples: [
      ['bash, zsh, sh', usageIn('bash', 'awsfed env -p dev')],
      ['fish', usageIn('fish', 'awsfed env -p dev --shell fish')],
      ['PowerShell', usageIn('powershell', 'awsfed env -p dev --shell powershell')],
      ['cmd.exe', usageIn('cmd', 'awsfed env -p dev --shell cmd')],
      ['and away again', usageIn('bash', 'awsfed env --unset')],
    ],
  })

  profileName = Option.String('-p,--profile', { description: 'the profile of config.toml' })
  shell = Option.String('--shell', { description: shells.join(', '), validator: isEnum(shells) })
  unset = Option.Boolean('--unset', false, { description: 'prints the lines that take the credentials away again' })

  override async execute(): Promise<void> {
    const { world } = this.context
    const shell = this.shell ?? guessShell(world.env, world.platform)
    if (this.unset) return this.print(unsettingLines(shell, ourVariables).join('\n'))
    const config = this.config()
    const profile = this.chosen(config, this.profileName)
    const session = await currentSession(this.context, config, profile)
    const lines = settingLines(shell, awsVariables(session, profile.region))
    this.print(lines.join('\n'))
    const { AWS_PROFILE: other } = world.env
    if (other) world.say(`awsfed: warning: AWS_PROFILE is set to ${other}, which some AWS SDKs heed before these: unset it`)
  }
}
