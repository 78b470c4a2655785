import { Command } from 'clipanion'
import { type Config, loadConfig, type Profile } from '../base/config.ts'
import { chooseProfile } from '../base/profiles.ts'
import type { Context } from './context.ts'

/** What the commands have in common: the configuration, the profile, and how to print. */
export abstract class AwsfedCommand extends Command<Context> {
  /** What `execute` threw. Clipanion would print it to stdout; the composition root prints it to stderr. */
  failure: unknown

  override async catch(error: unknown): Promise<void> {
    this.failure = error
  }

  /** The configuration. Its warnings go to stderr, unless nothing may be printed. */
  protected config(quiet = false): Config {
    const { world } = this.context
    const config = loadConfig(world.paths.config)
    if (!quiet) for (const warning of config.warnings) world.say(`awsfed: warning: ${warning}`)
    return config
  }

  /** The profile that `flag`, AWSFED_PROFILE or the configuration names. */
  protected chosen(config: Config, flag: string | undefined): Profile {
    return chooseProfile(config, { flag, env: this.context.world.env.AWSFED_PROFILE })
  }

  protected print(line: string): void {
    this.context.stdout.write(`${line}\n`)
  }

  protected printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2))
  }
}
