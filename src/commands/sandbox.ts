import { Command, Option } from 'clipanion'
import { isEnum } from 'typanion'
import { AwsfedError } from '../base/errors.ts'
import { AwsfedCommand } from './command.ts'

const factors = ['totp', 'push', 'choice', 'none'] as const

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
      ['be asked for the password, and approve on a phone', 'awsfed sandbox --interactive --factor push'],
    ],
  })

  demo = Option.Boolean('--demo', false, { description: 'plays a login, a clone, a push and a pull, and tells what happens' })

  interactive = Option.Boolean('--interactive', false, { description: 'has the login ask you, instead of answering by itself' })
  factor = Option.String('--factor', {
    description: `what the portal asks for after the password: ${factors.join(', ')}`,
    validator: isEnum(factors),
  })

  override async execute(): Promise<number> {
    if (this.demo && (this.interactive || this.factor)) {
      throw new AwsfedError('usage', '--demo takes no other option', { hint: 'awsfed sandbox --demo' })
    }
    const { serveSandbox, runDemo } = await import('../sandbox/index.ts')
    if (this.demo) return runDemo(this.context)
    return serveSandbox(this.context, { interactive: this.interactive, factor: this.factor ?? 'totp' })
  }
}
