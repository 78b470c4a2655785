import { Command, Option } from 'clipanion'
import { AwsfedCommand } from './command.ts'
import { currentSession } from './currentSession.ts'

export class CredentialsCommand extends AwsfedCommand {
  static override paths = [['credentials']]
  static override usage = Command.Usage({
    description: 'prints credentials for `credential_process` of ~/.aws/config',
    details: `
      Fewer than 15 minutes left: renews silently first, because the AWS SDKs refuse less; if that fails it still prints
      what is valid. Nothing valid: logs in, and asks on the terminal where there is one.
    `,
    examples: [['in ~/.aws/config', 'credential_process = awsfed credentials -p dev']],
  })

  profileName = Option.String('-p,--profile', { description: 'the profile of config.toml' })

  override async execute(): Promise<void> {
    const config = this.config()
    const session = await currentSession(this.context, config, this.chosen(config, this.profileName))
    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
    this.printJson({
      Version: 1,
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration,
      AccountId: session.account,
    })
  }
}
