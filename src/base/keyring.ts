import { AwsfedError, messageOf } from './errors.ts'

/**
 * The keyring of the user's desktop: Keychain on macOS, Credential Manager on Windows, the Secret Service elsewhere
 * (gnome-keyring, KWallet, KeePassXC). Each secret has a name; all of them are listed under `awsfed` there.
 */
const service = 'awsfed'

type Native = typeof import('@napi-rs/keyring')

/**
 * The package's code is a library of 3 MB for each platform: it costs some 10 ms, so it is loaded only when a secret is wanted,
 * and no bundler sees it. It is an optional dependency: there may be none for this platform.
 */
function native(): Native {
  const { createRequire } = process.getBuiltinModule('node:module') as typeof import('node:module')
  return createRequire(import.meta.url)('@napi-rs/keyring')
}

/** Of the stores on Linux only the one that outlives a restart: the kernel's would lose a password without a word. */
const options = { linux: { store: 'secret-service' } } as const

/**
 * The secret called `name`; undefined where there is none. Waits for the keyring, which may ask a person to unlock it.
 * @throws AwsfedError `failed` where there is no keyring, or it does not open
 */
export function secretNow(name: string): string | undefined {
  return opened(() => new (native().Entry)(service, name, options).getPassword() ?? undefined)
}

/**
 * As `secretNow`, without holding up the process. Abort `signal` to wait no longer.
 * @throws AwsfedError `failed` where there is no keyring, or it does not open
 */
export async function secretOf(name: string, signal?: AbortSignal): Promise<string | undefined> {
  return openedLater(async () => (await new (native().AsyncEntry)(service, name, options).getPassword(signal)) ?? undefined)
}

/**
 * Keeps `secret` under `name`, in the place of an earlier one.
 * @throws AwsfedError `failed` where there is no keyring, or it does not open
 */
export async function keepSecret(name: string, secret: string, signal?: AbortSignal): Promise<void> {
  await openedLater(() => new (native().AsyncEntry)(service, name, options).setPassword(secret, signal))
}

/**
 * Forgets the secret called `name`. Returns whether there was one.
 * @throws AwsfedError `failed` where there is no keyring, or it does not open
 */
export async function forgetSecret(name: string): Promise<boolean> {
  return openedLater(() => new (native().AsyncEntry)(service, name, options).deleteCredential())
}

function opened<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw closed(error)
  }
}

async function openedLater<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw closed(error)
  }
}

function closed(error: unknown): AwsfedError {
  return new AwsfedError('failed', `no keyring can be reached here: ${messageOf(error).split('\n')[0]}`, {
    hint:
      process.platform === 'linux'
        ? 'start one that speaks the Secret Service (gnome-keyring, KWallet, KeePassXC) in this login session, or use password_command'
        : 'unlock the keyring of your login session, or use password_command',
    cause: error,
  })
}
