import { existsSync } from 'node:fs'
import { Command, Option } from 'clipanion'
import { AwsfedCommand } from './command.ts'

export class SetupGitCommand extends AwsfedCommand {
  static override paths = [['setup', 'git'], ['setup']]
  static override usage = Command.Usage({
    description: 'has git ask awsfed for CodeCommit, and nobody else',
    details: `
      Writes into git's global configuration, for every form of CodeCommit's hosts: an empty \`helper\` that resets the
      list, awsfed's helper, and \`useHttpPath\`. Pins the Node that it runs under, so that editors without Node in their
      PATH work too. Can be run again; \`--undo\` removes exactly what was added.

      Where config.toml has profiles, a file of awsfed's own is included besides: it lets a profile be the user of a URL
      (\`https://PROFILE@git-codecommit…\`). Run this again when profiles have come or gone.
    `,
    examples: [
      ['what it would do', 'awsfed setup git --dry-run'],
      ['do it', 'awsfed setup git'],
    ],
  })

  dryRun = Option.Boolean('--dry-run', false, { description: 'says what it would do, and changes nothing' })
  undo = Option.Boolean('--undo', false, { description: 'removes what it added' })

  override async execute(): Promise<void> {
    const { world, helperProgram } = this.context
    const { setupGit, undoGit } = await import('../setup/git.ts')
    const helper = { node: process.execPath, program: helperProgram }
    const options = { dryRun: this.dryRun, helper, profiles: this.profiles() }
    const outcome = this.undo ? await undoGit(world, options) : await setupGit(world, options)
    for (const line of outcome.lines) this.print(line)
    for (const warning of outcome.warnings) world.say(`awsfed: warning: ${warning}`)
  }

  /** Git can be set up before there is a configuration, and is taken down without one. */
  private profiles(): string[] {
    if (this.undo || !existsSync(this.context.world.paths.config)) return []
    return [...this.config().profiles.keys()]
  }
}
