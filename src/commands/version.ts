import { AwsfedCommand } from './command.ts'

export class VersionCommand extends AwsfedCommand {
  static override paths = [['--version'], ['-v'], ['version']]

  override async execute(): Promise<void> {
    this.print(this.cli.binaryVersion ?? '')
  }
}
