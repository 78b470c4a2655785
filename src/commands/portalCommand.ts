import { Option } from 'clipanion'
import { type Config, type Portal, parseConfig } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import { nearestOf } from '../base/nearest.ts'
import { portalOf } from '../base/portalOf.ts'
import { AwsfedCommand } from './command.ts'

/** A command that is about one portal: of a profile, by its name, or at an address that no configuration knows. */
export abstract class PortalCommand extends AwsfedCommand {
  profileName = Option.String('-p,--profile', { description: 'the profile whose portal it is' })
  portalName = Option.String('--portal', { description: 'the portal of config.toml' })
  url = Option.String({ required: false, name: 'URL' })

  /** @throws AwsfedError `usage` for a name that is none, an address that is none, or two of the three */
  protected portal(): Portal {
    const given = [this.profileName, this.portalName, this.url].filter((each) => each !== undefined)
    if (given.length > 1) {
      throw new AwsfedError('usage', 'give one of --profile, --portal and URL', {
        hint: `awsfed ${this.path.join(' ')} --portal corp`,
      })
    }
    if (this.url !== undefined) return portalAt(this.url)
    const config = this.config()
    if (this.portalName !== undefined) return portalNamed(config, this.portalName)
    const [only, ...more] = config.portals.values()
    if (only && more.length === 0 && this.profileName === undefined) return only
    return portalOf(config, this.chosen(config, this.profileName))
  }

  /** What names `portal` on the command line. */
  protected named(portal: Portal): string {
    return this.url ?? `--portal ${portal.name}`
  }
}

function portalNamed(config: Config, name: string): Portal {
  const portal = config.portals.get(name)
  if (portal) return portal
  const names = [...config.portals.keys()]
  const near = nearestOf(name, names)
  throw new AwsfedError('usage', `there is no [portal.${name}] in ${config.path}`, {
    hint: near ? `did you mean --portal ${near}?` : `there are: ${names.join(', ') || 'none'}`,
  })
}

function portalAt(url: string): Portal {
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) {
    throw new AwsfedError('usage', `${url} is not an http(s) URL`, {
      hint: 'give the page that you open to get to the AWS console',
    })
  }
  const { host } = new URL(url)
  return portalNamed(parseConfig(`[portal.${JSON.stringify(host)}]\nurl = ${JSON.stringify(url)}\n`, 'the command line'), host)
}
