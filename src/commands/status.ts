import { Command, Option } from 'clipanion'
import { createColors } from 'picocolors'
import type { Profile } from '../base/config.ts'
import { readSession } from '../session/cache.ts'
import { type Freshness, freshness } from '../session/freshness.ts'
import { AwsfedCommand } from './command.ts'
import { clockTime, columns, howLong } from './shown.ts'

/** What `status --json` tells of a profile; the last three where there is a session. Never keys. */
interface ProfileStatus {
  profile: string
  state: Freshness | 'none'
  arn?: string
  account?: string
  expiration?: string
}

export class StatusCommand extends AwsfedCommand {
  static override paths = [['status']]
  static override usage = Command.Usage({
    description: 'shows the profiles: who, and until when',
    details: `
      A session is \`fresh\`, \`stale\` (less than 20 minutes left: it is renewed in the background when git next uses it),
      \`lapsed\` (less than 5: the next use logs in again) or there is \`none\`. \`--json\` writes an array of
      \`{"profile","state","arn","account","expiration"}\`.
    `,
    examples: [['every profile', 'awsfed status']],
  })

  profileName = Option.String('-p,--profile', { description: 'only this profile' })
  json = Option.Boolean('--json', false, { description: 'prints JSON' })

  override async execute(): Promise<void> {
    const config = this.config()
    const profiles = this.profileName === undefined ? [...config.profiles.values()] : [this.chosen(config, this.profileName)]
    const found = profiles.map((profile) => this.statusOf(profile))
    if (this.json) return this.printJson(found)
    if (found.length === 0) return this.print(`no profile in ${config.path}`)
    this.show(found, config.defaultProfile)
  }

  private statusOf(profile: Profile): ProfileStatus {
    const { world } = this.context
    const session = readSession(world.paths, profile, world.trace)
    if (!session) return { profile: profile.name, state: 'none' }
    const { arn, account, expiration } = session
    return { profile: profile.name, state: freshness(session, world.now()), arn, account, expiration }
  }

  private show(found: readonly ProfileStatus[], defaultProfile: string | undefined): void {
    const now = this.context.world.now()
    const lines = columns(
      found.map(({ profile, state, arn = '', expiration }) => [
        profile === defaultProfile ? `${profile} (default)` : profile,
        state,
        expiration === undefined ? '' : untilWhen(expiration, now),
        arn,
      ]),
    )
    const colours = createColors(this.context.colour)
    const colourOf = { fresh: colours.green, stale: colours.yellow, lapsed: colours.red, none: colours.dim }
    lines.forEach((line, index) => void this.print(colourOf[found[index]?.state ?? 'none'](line)))
    const next = found.find(({ state }) => state === 'none' || state === 'lapsed')
    if (next) this.print(`\nlog in with: awsfed login -p ${next.profile}`)
  }
}

function untilWhen(expiration: string, now: Date): string {
  const left = Date.parse(expiration) - now.getTime()
  return left <= 0 ? `ended ${clockTime(expiration, now)}` : `until ${clockTime(expiration, now)} (${howLong(left)})`
}
