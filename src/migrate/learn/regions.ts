import path from 'node:path'
import { readIfThere } from '../../base/files.ts'
import type { World } from '../../base/world.ts'
import { readSection } from '../../session/iniSection.ts'
import type { Knowledge } from '../url/translate.ts'

/**
 * The region for `codecommit://[PROFILE@]NAME`: that of the AWS CLI's profile (its configuration, then its credentials
 * file), then AWS_REGION, AWS_DEFAULT_REGION and `flag`. Files are read when first asked for.
 */
export function regionsOf({ env, home }: Pick<World, 'env' | 'home'>, flag: string | undefined): Knowledge['regionOf'] {
  const fileOf = (variable: string, name: string) => {
    const own = env[variable]
    if (!own) return path.join(home, '.aws', name)
    return /^~[/\\]/.test(own) ? path.join(home, own.slice(2)) : path.resolve(own)
  }
  let texts: { config: string; credentials: string } | undefined
  return (profile) => {
    texts ??= {
      config: readIfThere(fileOf('AWS_CONFIG_FILE', 'config')) ?? '',
      credentials: readIfThere(fileOf('AWS_SHARED_CREDENTIALS_FILE', 'credentials')) ?? '',
    }
    const name = profile ?? (env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || 'default')
    const own =
      regionIn(texts.config, `profile ${name}`) ??
      (name === 'default' ? regionIn(texts.config, name) : undefined) ??
      regionIn(texts.credentials, name)
    return own ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || flag)
  }
}

function regionIn(text: string, section: string): string | undefined {
  return readSection(text, section).settings.get('region') || undefined
}
