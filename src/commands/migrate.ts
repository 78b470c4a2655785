import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { Command, Option } from 'clipanion'
import { type Config, loadConfig } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import { AwsfedCommand } from './command.ts'
import type { MigrateOptions } from './migrate/options.ts'

const forms = ['https', 'ssh', 'grc'] as const

export class MigrateCommand extends AwsfedCommand {
  static override paths = [['migrate']]
  static override usage = Command.Usage({
    description: 'moves the repositories and manifests of code folders from SSH to HTTPS, and back',
    details: `
      Finds every git repository below each DIR, its submodules and worktrees, every package.json and its lockfiles, and changes
      the URLs of CodeCommit in them: those over SSH, and those of git-remote-codecommit. Shows what it would do, and asks
      before it writes; without a terminal it wants \`--yes\` or \`--dry-run\`. Only the URLs change: every other byte stays.
      A manifest moves together with its lockfile, or not at all. What is written in other files (Terraform, pip, scripts …)
      is only reported.

      HTTPS knows no SSH keys. Where several of them, or several users, sign in, say which profile of config.toml each
      stands for, by \`--account\` or by [account] in config.toml; the profile becomes the user of the URL.

      Before the first write a journal is kept, from which \`--undo\` restores every file byte for byte, also after a run that
      was killed. \`--bridge\` changes no repository: it adds insteadOf rules to git's global configuration, which also
      hold for URLs inside published commits.

      Exit code 0: all that was found has moved, or there was nothing to do; 1: something was refused, and is said. \`--json\`
      writes \`{"changed","refused","reported","keys","journal"}\`.
    `,
    examples: [
      ['what it would do', 'awsfed migrate ~/code --dry-run --diff'],
      ['do it, once each new URL has answered', 'awsfed migrate ~/code --verify'],
      ['two SSH keys, two profiles', 'awsfed migrate ~/code --account APKAEXAMPLE=dev --account APKAOTHER=prod'],
      ['everything as it was', 'awsfed migrate --undo'],
    ],
  })

  dryRun = Option.Boolean('--dry-run', false, { description: 'says what it would do, and changes nothing' })
  diff = Option.Boolean('--diff', false, { description: 'shows the changes as a unified diff' })
  yes = Option.Boolean('--yes', false, { description: 'does not ask' })
  account = Option.Array('--account', [], { description: 'the profile that a key id, user or codecommit profile stands for' })
  region = Option.String('--region', { description: 'for codecommit:// URLs that name none' })
  to = Option.String('--to', 'https', { description: 'https, ssh, or grc (git-remote-codecommit)' })
  bridge = Option.Boolean('--bridge', false, { description: "insteadOf rules in git's global configuration, instead of edits" })
  verify = Option.Boolean('--verify', false, { description: 'asks each new URL by `git ls-remote` before anything is written' })
  undo = Option.Boolean('--undo', false, { description: 'restores what the last run, or the run ID behind it, has changed' })
  list = Option.Boolean('--list', false, { description: 'lists the runs that can be undone' })
  json = Option.Boolean('--json', false, { description: 'prints JSON' })
  operands = Option.Rest({ name: 'DIR | ID' })

  override async execute(): Promise<number> {
    this.checkTogether()
    if (this.list || this.undo) {
      const { listRuns, undoRun } = await import('./migrate/runs.ts')
      if (this.list) return listRuns(this.context, this.json)
      return undoRun(this.context, { id: this.operands[0], yes: this.yes, json: this.json })
    }
    const { migrate } = await import('./migrate/run.ts')
    return migrate(this.context, this.options())
  }

  private checkTogether(): void {
    const usage = (message: string, hint: string) => new AwsfedError('usage', message, { hint })
    const example = 'awsfed migrate ~/code --dry-run'
    if (this.undo && this.list) throw usage('--undo and --list contradict each other', 'awsfed migrate --list')
    if (this.list && this.operands.length > 0) throw usage('--list takes nothing more', 'awsfed migrate --list')
    if (this.undo && this.operands.length > 1) throw usage('--undo takes one ID', 'awsfed migrate --undo ID')
    if (this.undo || this.list) {
      // A dry run that were none would be a bad surprise.
      const option = this.optionsOfARun()[0]
      const command = this.undo ? '--undo' : '--list'
      if (option !== undefined) throw usage(`${command} has nothing to do with ${option}`, `awsfed migrate ${command}`)
      return
    }
    if (this.operands.length === 0) throw usage('name the folders to migrate', example)
    if (this.dryRun && this.yes) throw usage('--dry-run and --yes contradict each other', example)
    if (this.bridge && this.to !== 'https') throw usage('--bridge leads to HTTPS only', 'awsfed migrate ~/code --bridge')
  }

  /** The options that were given, of those that only a run over folders has. */
  private optionsOfARun(): string[] {
    const given = {
      '--dry-run': this.dryRun,
      '--diff': this.diff,
      '--bridge': this.bridge,
      '--verify': this.verify,
      '--account': this.account.length > 0,
      '--region': this.region !== undefined,
      '--to': this.to !== 'https',
    }
    return Object.entries(given).flatMap(([option, is]) => (is ? [option] : []))
  }

  private options(): MigrateOptions {
    const to = forms.find((form) => form === this.to)
    if (!to) throw new AwsfedError('usage', `--to ${this.to} is none of ${forms.join(', ')}`, { hint: '--to https' })
    const config = this.configIfThere()
    return {
      folders: this.operands.map(folderOf),
      to,
      accounts: accountsOf(this.account, config),
      region: this.region,
      dryRun: this.dryRun,
      diff: this.diff,
      yes: this.yes,
      bridge: this.bridge,
      verify: this.verify,
      json: this.json,
    }
  }

  /** A code folder can be moved before there is a configuration. */
  private configIfThere(): Config | undefined {
    const { config } = this.context.world.paths
    return existsSync(config) ? loadConfig(config) : undefined
  }
}

function folderOf(given: string): string {
  const folder = path.resolve(given)
  const status = statSync(folder, { throwIfNoEntry: false })
  if (status?.isDirectory()) return folder
  throw new AwsfedError('usage', `${given} ${status ? 'is no folder' : 'does not exist'}`, { hint: 'awsfed migrate ~/code' })
}

/** `--account NAME=PROFILE` over `[account]`. @throws AwsfedError `usage` for one that is not of that form, names no profile, or contradicts another */
function accountsOf(given: readonly string[], config: Config | undefined): Map<string, string> {
  const accounts = new Map<string, string>()
  for (const one of given) {
    const at = one.lastIndexOf('=')
    const [name, profile] = [one.slice(0, at), one.slice(at + 1)]
    if (at < 1 || profile === '') {
      throw new AwsfedError('usage', `--account ${one} is not NAME=PROFILE`, { hint: '--account APKAEXAMPLE12345=dev' })
    }
    if (config && !config.profiles.has(profile)) {
      throw new AwsfedError('usage', `--account ${one}: ${config.path} has no [profile.${profile}]`, {
        hint: `add it, or name one of ${[...config.profiles.keys()].join(', ')}`,
      })
    }
    const other = accounts.get(name)
    if (other !== undefined && other !== profile) {
      throw new AwsfedError('usage', `--account has ${name} stand for ${other} and for ${profile}`, {
        hint: `--account ${name}=${profile}`,
      })
    }
    accounts.set(name, profile)
  }
  return new Map([...(config?.accounts ?? []), ...accounts])
}
