import { Command, Option } from 'clipanion'
import { AwsfedCommand } from './command.ts'

export class SandboxCommand extends AwsfedCommand {
  static override paths = [['sandbox']]
  static override usage = Command.Usage({
    description: 'starts a portal, an STS and a CodeCommit on this machine, to try everything without AWS',
    details: `
      Everything listens on loopback only and ends with this command; nothing of your own configuration is touched. It
      prints how to point a shell at it. \`--demo\` plays the whole story and ends by itself.
    `,
    examples: [
      ['a clone, a push and a pull without AWS, in a minute', 'awsfed sandbox --demo'],
      ['leave it running', 'awsfed sandbox'],
    ],
  })

  demo = Option.Boolean('--demo', false, { description: 'plays a login, a clone, a push and a pull, and tells what happens' })

  override async execute(): Promise<number> {
    const { serveSandbox, runDemo } = await import('../sandbox/index.ts')
    return this.demo ? runDemo(this.context) : serveSandbox(this.context)
  }
}
