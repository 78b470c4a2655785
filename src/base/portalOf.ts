import type { Config, Portal, Profile } from './config.ts'
import { AwsfedError } from './errors.ts'

/** The portal of `profile`: its own, or that of the profile which its chain of sources begins with. */
export function portalOf(config: Config, profile: Profile): Portal {
  const source = profile.source === undefined ? undefined : config.profiles.get(profile.source)
  if (source) return portalOf(config, source)
  const portal = profile.portal === undefined ? undefined : config.portals.get(profile.portal)
  if (portal) return portal
  throw new AwsfedError('failed', `${config.path}: profile.${profile.name} leads to no portal`, {
    hint: `give [profile.${profile.name}] a portal`,
  })
}
