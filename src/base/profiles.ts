import type { Config, Profile } from './config.ts'
import { AwsfedError } from './errors.ts'

/** What names a profile, strongest first. */
export interface ProfileHints {
  /** The user of `https://USER@git-codecommit…`; ignored when it names no profile. */
  urlUser?: string | undefined
  /** `--profile` */
  flag?: string | undefined
  /** `AWSFED_PROFILE` */
  env?: string | undefined
  /** The repository that git asks for. */
  repository?: { region: string; name: string } | undefined
}

/**
 * The profile to use: the URL's user if it names one, `--profile`, `AWSFED_PROFILE`, the first matching route,
 * `default_profile`, the only profile.
 * @throws AwsfedError `usage` when a profile is named that is not there, or when none is named and there are several.
 */
export function chooseProfile(config: Config, hints: ProfileHints): Profile {
  const byUser = hints.urlUser === undefined ? undefined : config.profiles.get(hints.urlUser)
  if (byUser) return byUser
  // Of a variable that a script has not set: going on would act as another profile than the one that was meant.
  if (hints.flag === '') throw unknown(config, '--profile is empty')
  for (const [name, origin] of [
    [hints.flag, '--profile'],
    [hints.env, 'AWSFED_PROFILE'],
  ] as const) {
    if (!name) continue
    const profile = config.profiles.get(name)
    if (!profile) throw unknown(config, `${origin} names ${name}, but ${config.path} has no [profile.${name}]`)
    return profile
  }
  const { repository } = hints
  const route =
    repository && config.routes.find((candidate) => matches(candidate.match, `${repository.region}/${repository.name}`))
  const name =
    route?.profile ?? config.defaultProfile ?? (config.profiles.size === 1 ? [...config.profiles.keys()][0] : undefined)
  const profile = name === undefined ? undefined : config.profiles.get(name)
  if (profile) return profile
  if (config.profiles.size === 0) {
    throw new AwsfedError('failed', `${config.path} has no profile`, { hint: 'add a [profile.NAME] with its portal and role' })
  }
  throw unknown(config, `several profiles, and nothing says which: ${[...config.profiles.keys()].join(', ')}`)
}

function unknown(config: Config, message: string): AwsfedError {
  const names = [...config.profiles.keys()]
  return new AwsfedError('usage', message, {
    hint:
      names.length > 0
        ? `name one of them: --profile ${names[0]}, AWSFED_PROFILE, or default_profile in ${config.path}`
        : undefined,
  })
}

/** Whether `text` matches `pattern`, in which `*` stands for any characters but `/`. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('[^/]*')
  return new RegExp(`^${source}$`).test(text)
}
