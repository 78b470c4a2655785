import type { Portal } from '../base/config.ts'
import { AwsfedError, messageOf } from '../base/errors.ts'
import { forgetSecret, keepSecret, secretOf } from '../base/keyring.ts'
import type { World } from '../base/world.ts'

/** What a person signs in with. */
export interface Credentials {
  readonly username: string | undefined
  readonly password: string
}

/** With the portal's host in it: a configuration that names another site from one day to the next does not get the password. */
function nameOf(portal: Portal): string {
  return `password for ${portal.name} at ${new URL(portal.url).host}`
}

function usable(world: World): boolean {
  return world.paths.sealing !== undefined
}

/** What the keyring has for `portal`; undefined where it has nothing, or where there is no keyring, which the trace tells. */
export async function rememberedFor(world: World, portal: Portal, signal?: AbortSignal): Promise<Credentials | undefined> {
  if (!usable(world)) return undefined
  try {
    const kept = credentialsOf(await secretOf(nameOf(portal), signal))
    if (kept) world.redactor.conceal(kept.password)
    return kept
  } catch (error) {
    world.trace(`no password from the keyring: ${messageOf(error)}`)
    return undefined
  }
}

/**
 * Whether a password can be kept for `portal`: to be asked before a person types one.
 * @throws AwsfedError `failed` where there is no keyring; `usage` where the configuration says that there is no need of it
 */
export async function checkRemembering(world: World, portal: Portal, signal?: AbortSignal): Promise<void> {
  if (portal.passwordCommand !== undefined) {
    throw new AwsfedError('usage', `[portal.${portal.name}] has a password_command, which is asked before the keyring`, {
      hint: 'leave --remember away, or remove password_command',
    })
  }
  if (!usable(world)) {
    throw new AwsfedError('usage', 'AWSFED_KEYRING=never forbids what --remember asks for', { hint: 'unset AWSFED_KEYRING' })
  }
  await secretOf(nameOf(portal), signal)
}

/** Keeps `credentials`, which have proven right, for the next login at `portal`. @throws AwsfedError `failed` by the keyring */
export async function remember(world: World, portal: Portal, credentials: Credentials): Promise<void> {
  await keepSecret(nameOf(portal), JSON.stringify(credentials))
  world.trace(`the password for ${portal.name} is kept in the keyring`)
}

/** Forgets what is kept for `portal`. Returns whether there was anything; false where there is no keyring. */
export async function forgetRemembered(world: World, portal: Portal): Promise<boolean> {
  if (!usable(world)) return false
  try {
    return await forgetSecret(nameOf(portal))
  } catch (error) {
    world.trace(`no password is forgotten: ${messageOf(error)}`)
    return false
  }
}

/**
 * What to fail with in the place of `error`, if that refuses a password of the keyring: the password is forgotten, since each
 * further try, of every `git fetch`, might lock the account.
 */
export async function refusalOfKept(
  world: World,
  portal: Portal,
  answers: { readonly keptPasswordLast: boolean },
  error: unknown,
): Promise<AwsfedError | undefined> {
  if (!(error instanceof AwsfedError) || error.kind !== 'refused' || !answers.keptPasswordLast) return undefined
  await forgetRemembered(world, portal)
  return new AwsfedError('refused', `${error.message}; the password that was kept in the keyring is forgotten`, {
    hint: 'run `awsfed login --remember` to type and keep the new one',
    cause: error,
  })
}

function credentialsOf(text: string | undefined): Credentials | undefined {
  if (text === undefined) return undefined
  try {
    const { username, password } = JSON.parse(text) as Partial<Record<string, unknown>>
    if (typeof password !== 'string' || password === '') return undefined
    return { username: typeof username === 'string' ? username : undefined, password }
  } catch {
    return undefined // not ours: the next --remember writes it anew
  }
}
