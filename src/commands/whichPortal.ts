import { type Config, type Portal, parseConfig } from '../base/config.ts'
import { AwsfedError } from '../base/errors.ts'
import { nearestOf } from '../base/nearest.ts'

/** The portal that is called `name` in the configuration. @throws AwsfedError `usage` */
export function portalNamed(config: Config, name: string): Portal {
  const portal = config.portals.get(name)
  if (portal) return portal
  const names = [...config.portals.keys()]
  const near = nearestOf(name, names)
  throw new AwsfedError('usage', `there is no [portal.${name}] in ${config.path}`, {
    hint: near ? `did you mean --portal ${near}?` : `there are: ${names.join(', ') || 'none'}`,
  })
}

/** The portal at `url`, of which no configuration tells anything. @throws AwsfedError `usage` */
export function portalAt(url: string): Portal {
  if (!/^https?:\/\/[^/]/i.test(url) || !URL.canParse(url)) {
    throw new AwsfedError('usage', `${url} is not an http(s) URL`, {
      hint: 'give the page that you open to get to the AWS console',
    })
  }
  const { host } = new URL(url)
  const config = parseConfig(`[portal.${JSON.stringify(host)}]\nurl = ${JSON.stringify(url)}\n`, 'the command line')
  return portalNamed(config, host)
}
