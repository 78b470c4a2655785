import { existsSync } from 'node:fs'
import path from 'node:path'
import { Command, Option } from 'clipanion'
import { AwsfedError } from '../base/errors.ts'
import { writeWhole } from '../base/files.ts'
import { lineOf } from '../login/status.ts'
import { PortalCommand } from './portalCommand.ts'

export class PortalRecordCommand extends PortalCommand {
  static override paths = [['portal', 'record']]
  static override usage = Command.Usage({
    description: 'writes a recipe from a sign-in that it watches',
    details: `
      Opens a window of the browser in which you sign in from the beginning, and watches which fields you fill in and what
      you press, in frames and popups too: never what you type. When the portal has let you in, the assertion is stopped,
      and the recipe that does the same is written: to stdout, or with \`-o\` to a file.

      Each step is told on stderr as it is recorded. Nothing is written when you close the window before, or press Ctrl-C.
    `,
    examples: [
      ['a portal of the configuration', 'awsfed portal record --portal corp -o corp.toml'],
      ['a portal that is not configured', 'awsfed portal record https://sso.example.com/aws'],
      ['does it work without you?', 'awsfed portal check --portal corp --recipe corp.toml'],
    ],
  })

  output = Option.String('-o,--output', { description: 'the file to write' })
  force = Option.Boolean('--force', false, { description: 'overwrites the file' })

  override async execute(): Promise<void> {
    const { world, signal } = this.context
    const portal = this.portal()
    const file = this.output === undefined ? undefined : path.resolve(this.output)
    // Before a person has done all the work.
    if (file !== undefined && !this.force && existsSync(file)) {
      throw new AwsfedError('failed', `${file} is there already`, { hint: 'name another file with -o, or give --force' })
    }
    const { recordPortal } = await import('../login/recordPortal.ts')
    const request = {
      asking: 'window',
      report: (status: Parameters<typeof lineOf>[0]) => world.say(lineOf(status)),
      signal,
    } as const
    const recipe = await recordPortal(world, portal, request)
    if (file === undefined) {
      this.context.stdout.write(recipe)
      return
    }
    writeWhole(file, recipe, 0o644)
    world.say(`written to ${file}`)
    world.say(`try it without you: awsfed portal check ${this.named(portal)} --recipe ${this.output}`)
  }
}
