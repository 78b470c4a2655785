import { Command, type Definition, Option } from 'clipanion'
import { AwsfedError } from '../base/errors.ts'
import { AwsfedCommand } from './command.ts'
import { columns } from './shown.ts'

/** What stands for the value of an option, where clipanion writes `#0`. */
const placeholders: Readonly<Record<string, string>> = {
  '--profile': 'NAME',
  '--portal': 'NAME',
  '--recipe': 'FILE',
  '--output': 'FILE',
  '--screenshots': 'DIR',
  '--shell': 'SHELL',
  '--factor': 'FACTOR',
  '--account': 'NAME=PROFILE',
  '--region': 'REGION',
  '--to': 'FORM',
}

/** Where there are several ways to call a command. */
const ownSynopses: Readonly<Record<string, readonly string[]>> = {
  'awsfed migrate': [
    'awsfed migrate DIR … [options]',
    'awsfed migrate --undo [ID] [--yes] [--json]',
    'awsfed migrate --list [--json]',
  ],
}

export class OverviewCommand extends AwsfedCommand {
  static override paths = [Command.Default, ['--help'], ['-h']]

  override async execute(): Promise<void> {
    this.context.stdout.write(overview(this.cli.definitions(), this.cli.binaryVersion ?? ''))
  }
}

/** `awsfed help login` is `awsfed login --help`. */
export class HelpCommand extends AwsfedCommand {
  static override paths = [['help']]
  words = Option.Rest()

  override async execute(): Promise<void> {
    const definitions = this.cli.definitions()
    const { words } = this
    if (words.length === 0) return void this.context.stdout.write(overview(definitions, this.cli.binaryVersion ?? ''))
    const definition = definitionOf(definitions, words)
    if (!definition) {
      throw new AwsfedError('usage', `there is no command ${words.join(' ')}`, { hint: 'awsfed --help shows the commands' })
    }
    this.context.stdout.write(helpOf(definition))
  }
}

/** The help of awsfed: every command with what it does. */
export function overview(definitions: readonly Definition[], version: string): string {
  const rows = definitions.map(({ path, description = '' }) => [`  ${path}`, description.trim()])
  return [
    `awsfed ${version}: git push on CodeCommit, and every AWS tool, with a SAML sign-in`,
    '',
    'Usage: awsfed COMMAND [options]',
    '',
    ...columns(rows),
    '',
    '`awsfed COMMAND --help` tells more of a command.',
    '',
  ].join('\n')
}

/** The help of one command: usage, options, details, examples. */
export function helpOf(definition: Definition): string {
  const { description = '', options, details, examples } = definition
  const rows = options.map((option) => [`  ${withPlaceholder(option.definition)}`, (option.description ?? '').trim()])
  const parts = [
    [`${capitalised(description.trim())}.`],
    synopses(definition).map((line, at) => `${at === 0 ? 'Usage:' : '      '} ${line}`),
    rows.length > 0 ? ['Options:', ...columns([...rows, ['  -h, --help', 'prints this']])] : [],
    details ? [details.replace(/ +$/gm, '').trimEnd()] : [],
    examples ? ['Examples:', ...columns(examples.map(([what, line]) => [`  ${line}`, `# ${what.trim()}`]))] : [],
  ]
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`
}

/** The definition of the command that `words` name: `setup git`, and `setup` too. */
export function definitionOf(definitions: readonly Definition[], words: readonly string[]): Definition | undefined {
  const path = ['awsfed', ...words].join(' ')
  return definitions.find((each) => each.path === path) ?? definitions.find((each) => each.path.startsWith(`${path} `))
}

/** The ways to call a command: `awsfed exec [options] -- COMMAND [ARGUMENT …]` of clipanion's `awsfed exec <arg> ...`. */
export function synopses({ path, usage, options }: Pick<Definition, 'path' | 'usage' | 'options'>): readonly string[] {
  const own = ownSynopses[path]
  if (own) return own
  const [words = '', operands = ''] = usage.split(/ (?=<)/)
  const command = operands.replace('<arg> ...', '-- COMMAND [ARGUMENT …]')
  return [[words, options.length > 0 ? '[options]' : '', command].filter(Boolean).join(' ')]
}

/** `-p, --profile NAME` of clipanion's `-p,--profile #0`. */
function withPlaceholder(definition: string): string {
  const [names = '', value] = definition.split(' ')
  const long = names.split(',').at(-1) ?? names
  return value === undefined ? names.replace(',', ', ') : `${names.replace(',', ', ')} ${placeholders[long] ?? 'VALUE'}`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
